"""What a changed answer changes in a person's own paths: said, and brought in when asked for."""

import errno
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

import backend
import command
import report
import update
from tests.update.history import commit, edit, git
from tests.update.small import DELETED, DROPPED, GUIDE, PAGE, STREAM
from tests.update.state import State, state

pytestmark = pytest.mark.usefixtures("small_source")
Captured = pytest.CaptureFixture[str]
V1, V2 = "v1.0.0", "v2.0.0"


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fresh, tmp_path / "project")


@pytest.fixture
def streams(root: Path) -> Path:
    """A project made without the stream, in which it was switched on since."""
    answered(root, "sse=true")
    return root


def answered(root: Path, *answers: str) -> None:
    """Other answers, and the stream deleted, committed."""
    assert command.main([str(root), V1, "--answers", *answers]) == 0
    git(root, "rm", "-q", "--ignore-unmatch", STREAM)
    commit(root, " ".join(answers))


def missing(root: Path, capsys: Captured, *words: str, version: str = V1) -> str:
    """What is said of what is missing."""
    capsys.readouterr()
    assert command.main([str(root), version, "--add-missing", *words]) == 0
    return capsys.readouterr().out


def whole(root: Path) -> tuple[State, str, list[Path]]:
    """All that could be written."""
    return state(root), git(root, "count-objects"), sorted(root.glob(".baton/add-missing*"))


def test_a_preview_writes_nothing(streams: Path, capsys: Captured) -> None:
    before = whole(streams)
    said = missing(streams, capsys, "--preview")
    assert f"missing: {STREAM}\n" in said
    assert "+Streams: True\n" in said
    assert whole(streams) == before


def test_every_answer_that_was_changed_counts(streams: Path, capsys: Captured) -> None:
    answered(streams, "agents_off=[tester]")
    assert missing(streams, capsys).startswith(f"added: {STREAM}\n")
    assert (streams / STREAM).read_text() == "# A stream.\n"


def test_an_answer_that_was_changed_there_and_back_counts(root: Path, capsys: Captured) -> None:
    answered(root, "sse=true")
    missing(root, capsys)
    commit(root, "The stream")
    answered(root, "sse=false")
    answered(root, "sse=true")
    said = missing(root, capsys, "--preview")
    assert f"missing: {STREAM}, which you had deleted once\n" in said


def test_what_a_version_changed_is_no_matter_of_an_answer(root: Path, capsys: Captured) -> None:
    """Both sides are of one version, the new one."""
    assert command.main([str(root), V2, "--answers", "sse=true"]) == 0
    said = capsys.readouterr().out
    assert f"  missing: {STREAM}\n  differs: {GUIDE}\n" in said
    commit(root, "Version 2, which streams")
    later = missing(root, capsys, version=V2)
    assert f"added: {STREAM}\n" in later
    for path in (DELETED, DROPPED):
        assert path not in said + later


def test_a_part_of_the_history_is_not_enough(
    streams: Path, tmp_path: Path, capsys: Captured
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", streams.as_uri(), "shallow")
    assert command.main([str(tmp_path / "shallow"), V1, "--add-missing"]) == 1
    assert "git fetch --unshallow" in capsys.readouterr().err


def test_a_patch_of_a_folder_in_a_larger_repository(
    streams: Path, tmp_path: Path, capsys: Captured
) -> None:
    """It fits there, byte for byte, and where a person worked on the same lines it is merged."""
    want = (streams / GUIDE).read_bytes().replace(b"False", b"True")
    top = tmp_path / "all of it"
    git(tmp_path, "init", "--quiet", str(top))
    place = shutil.copytree(streams, top / "the ö", ignore=shutil.ignore_patterns(".git"))
    now = (place / ".copier-answers.yml").read_text("utf-8")
    edit(place / ".copier-answers.yml", "sse: true", "sse: false")
    commit(top, "Many things")
    (place / ".copier-answers.yml").write_text(now, "utf-8")
    commit(top, "Streams")
    said = missing(place, capsys)
    assert f"+++ b/the ö/{GUIDE}" in said
    git(place, "apply", "--3way", backend.PATCH)
    assert (place / GUIDE).read_bytes() == want

    git(top, "reset", "--quiet", "--hard")
    edit(place / GUIDE, "Streams: False", "Ours.")
    commit(top, "A person's change")
    with pytest.raises(subprocess.CalledProcessError):
        git(place, "apply", "--3way", backend.PATCH)
    text = (place / GUIDE).read_text("utf-8")
    assert text.startswith("<<<<<<< ours\nOurs.\n")
    assert text.endswith("Does it stream? True")


def test_what_fails_on_the_way_is_taken_back(
    streams: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    before, replace = whole(streams)[0], Path.replace

    def until_full(path: Path, to: Path) -> Path:
        if to.name == "stream.py":
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(path, to)

    monkeypatch.setattr(Path, "replace", until_full)
    assert command.main([str(streams), V1, "--add-missing"]) == 1
    assert "Nothing was written: [Errno 28] No space left" in capsys.readouterr().err
    assert whole(streams)[::2] == (before, [])


def gone(rows: Iterable[str]) -> None:
    """Somebody who reads one line, as `head -1` does."""
    next(iter(list(rows)), None)
    raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_once_it_is_written_nobody_is_told_otherwise(
    streams: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(report, "tell", gone)
    assert command.main([str(streams), V1, "--add-missing"]) == 2
    assert (streams / STREAM).exists()
    assert "Broken pipe. All of it is written all the same" in capsys.readouterr().err


def test_once_an_update_is_whole_nobody_is_told_otherwise(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def ending(_: object) -> Iterable[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "ending", ending)
    assert command.main([str(root), V2]) == 2
    assert "Run all tests" in (root / PAGE).read_text("utf-8")
    assert "Stopped. All of it is written all the same" in capsys.readouterr().err
    before = state(root)

    commit(root, "Version 2")
    monkeypatch.setattr(update, "tell", gone)
    before = state(root)
    assert command.main([str(root), V2, "--answers", "sse=true"]) == 1
    assert "Broken pipe. Nothing was changed" in capsys.readouterr().err
    assert state(root) == before
