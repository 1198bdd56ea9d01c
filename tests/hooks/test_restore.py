"""What an agent is proven to have changed is put back, and what is there by then is kept."""

import os
import shutil
from pathlib import Path

import pytest

from tests.hooks.program import baton
from tests.hooks.work import CONTRACT, Work, project


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A project in which backend-developer has started."""
    work = project(tmp_path)
    (work.root / "docs" / "run.sh").write_bytes(b"#!/bin/sh\r\n\0")
    (work.root / "docs" / "run.sh").chmod(0o755)
    (work.root / "docs" / "link").symlink_to("guide.md")
    work.start()
    return work


def kept(work: Work) -> list[bytes]:
    """What lies aside, the oldest first."""
    folder = work.root / ".baton" / "kept"
    return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]


def test_a_file_comes_back_and_what_was_there_is_kept(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    work.spill()
    work.stop()
    work.write(CONTRACT, "by now\n")
    assert work.restore(CONTRACT) == 0
    assert (work.root / CONTRACT).read_text() == "as it was\n"
    assert kept(work) == [b"by now\n"]
    said = capsys.readouterr().out
    assert said.startswith(f"{CONTRACT} is as it was. What was there is in ")
    assert Path(said.split(" is in ")[1].rstrip(".\n")).is_dir()
    [event] = work.events("restored")
    assert event["place"] == CONTRACT


def test_bytes_and_the_bit_come_back(work: Work) -> None:
    work.spill("docs/run.sh", None)
    work.write("docs/run.sh")
    work.stop()
    work.restore("docs/run.sh")
    path = work.root / "docs" / "run.sh"
    assert path.read_bytes() == b"#!/bin/sh\r\n\0"
    assert os.access(path, os.X_OK)
    assert work.stop() == ("", "")


def test_a_link_comes_back(work: Work) -> None:
    work.spill("docs/link", None)
    work.write("docs/link")
    work.stop()
    work.restore("docs/link")
    assert (work.root / "docs" / "link").readlink() == Path("guide.md")
    assert (work.root / "docs" / "guide.md").read_text() == "as it was\n"


def test_what_was_not_there_goes(work: Work) -> None:
    work.spill("docs/new/deep")
    work.stop()
    work.restore("docs/new/deep")
    assert not (work.root / "docs" / "new" / "deep").exists()
    assert kept(work) == [b"changed\n"]


def test_what_went_comes_back_with_its_folder(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    work.used(f"python3 x.py {CONTRACT}")
    shutil.rmtree(work.root / "docs")
    work.stop()
    work.restore(CONTRACT)
    assert [*(work.root / "docs").iterdir()] == [work.root / CONTRACT]
    assert kept(work) == []
    assert capsys.readouterr().out == f"{CONTRACT} is as it was.\n"


@pytest.mark.parametrize("way", ["a file", "a link", "a folder"])
def test_what_is_in_the_way_is_kept(work: Work, tmp_path: Path, way: str) -> None:
    work.used(f"python3 x.py {CONTRACT}")
    shutil.rmtree(work.root / "docs")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "openapi.yaml").write_text("elsewhere\n")
    if way == "a file":
        work.write("docs", "in the way\n")
    elif way == "a link":
        (work.root / "docs").symlink_to(elsewhere)
    else:
        work.write(f"{CONTRACT}/x", "in the way\n")
    work.stop()
    work.restore(CONTRACT)
    assert (work.root / CONTRACT).read_text() == "as it was\n"
    assert (elsewhere / "openapi.yaml").read_text() == "elsewhere\n"
    assert [*(work.root / ".baton" / "kept").glob("*/*")]


def test_the_last_change_counts(work: Work) -> None:
    work.spill()
    for _ in range(3):
        work.stop()
    work.write(CONTRACT, "its owner's\n")
    work.start(number="a2")
    work.used(f"python3 x.py {CONTRACT}", number="a2")
    work.write(CONTRACT, "again\n")
    work.stop(number="a2")
    work.restore(CONTRACT)
    assert (work.root / CONTRACT).read_text() == "its owner's\n"


def test_it_may_be_put_back_twice(work: Work) -> None:
    for text in ("one\n", "two\n"):
        work.spill(text=text)
        assert work.stop()[0]
        work.restore(CONTRACT)
    assert kept(work) == [b"one\n", b"two\n"]
    assert work.stop() == ("", "")


def test_writing_again_after_it_was_put_back_is_seen(work: Work) -> None:
    work.spill()
    work.stop()
    work.restore(CONTRACT)
    work.spill()
    assert CONTRACT in work.stop()[0]


def test_a_persons_change_after_it_was_put_back_is_nobodys_fault(work: Work) -> None:
    work.spill()
    work.stop()
    work.restore(CONTRACT)
    work.write(CONTRACT, "a person's\n")
    assert work.stop()[0] == ""
    assert (work.root / CONTRACT).read_text() == "a person's\n"


@pytest.mark.parametrize("place", ["docs/guide.md", "README.md", "../x", "docs", ""])
def test_what_the_audit_never_named_is_left(work: Work, place: str) -> None:
    work.spill()
    work.write("README.md", "a person's\n")
    work.stop()
    with pytest.raises(LookupError, match="saw no agent change"):
        work.restore(CONTRACT, place)
    assert (work.root / CONTRACT).read_text() == "changed\n", "a refusal comes before a write"
    code, out, err = baton(work.root, "restore", place)
    assert (code, out) == (1, "")
    assert "so it stays as it is" in err


def test_what_nothing_has_any_more_stays(work: Work) -> None:
    work.spill()
    work.stop()
    shutil.rmtree(work.root / ".baton" / "audit.git" / "objects")
    (work.root / ".baton" / "audit.git" / "objects").mkdir()
    with pytest.raises(OSError, match="git cat-file"):
        work.restore(CONTRACT)
    assert (work.root / CONTRACT).read_text() == "changed\n"


def test_a_path_may_be_written_in_full(work: Work) -> None:
    work.spill()
    work.stop()
    assert work.restore(str(work.root / CONTRACT)) == 0
    assert (work.root / CONTRACT).read_text() == "as it was\n"
