"""Features are opened and closed; nothing in the run-time folder is lost, nothing is a trace."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import journal
from tests.hooks.program import baton, git
from tests.hooks.teamwork import BACKEND, DESIGNER, FORMS, NAME, TESTER, Teamwork, teamwork
from tests.hooks.work import is_root


@pytest.fixture
def work(tmp_path: Path) -> Teamwork:
    return teamwork(tmp_path)


def said(work: Teamwork, *words: str) -> tuple[int, str]:
    code, out, err = baton(work.root, "feature", *words)
    return code, out + err


def features(work: Teamwork) -> list[str]:
    return [*journal.opened(str(work.root))]


def test_it_is_opened_for_all_or_for_some(work: Teamwork) -> None:
    everybody = ", ".join(FORMS)
    assert said(work, "open", NAME) == (0, f"{NAME} is open. These hand over: {everybody}.\n")
    assert said(work, "open", "more", "--with", BACKEND, TESTER)[0] == 0
    assert features(work) == [NAME, "more"]
    known = journal.opened(str(work.root))
    assert known["more"]["agents"] == [BACKEND, TESTER]
    assert known[NAME]["agents"] == [*FORMS]


def test_opened_again_it_keeps_where_it_began(work: Teamwork) -> None:
    said(work, "open", NAME, "--with", BACKEND)
    before = journal.opened(str(work.root))[NAME]
    work.write("backend/app/main.py")
    said(work, "open", NAME)
    assert journal.opened(str(work.root))[NAME] == before
    said(work, "open", NAME, "--with", DESIGNER)
    assert journal.opened(str(work.root))[NAME] == {**before, "agents": [DESIGNER]}


def test_it_is_closed_when_everybody_handed_over(work: Teamwork) -> None:
    said(work, "open", NAME, "--with", DESIGNER, BACKEND)
    work.hand(DESIGNER)
    code, text = said(work, "close", NAME)
    assert code == 1
    assert text.startswith(f"{BACKEND}: handoff/{BACKEND}/{NAME}.md is not there")
    assert text.endswith("tags stays open; `feature close tags --force` closes it.\n")
    work.hand()
    assert said(work, "close", NAME) == (0, "tags is closed.\n")
    assert features(work) == []
    assert said(work, "close", NAME) == (1, "baton: tags is not open; open are: none.\n")


def test_it_is_closed_as_it_is_and_that_is_noted(work: Teamwork) -> None:
    said(work, "open", NAME, "--with", BACKEND)
    (work.root / f".baton/features/{NAME}.red").write_text("[]")
    assert said(work, "close", NAME, "--force")[0] == 0
    assert [path.name for path in (work.root / ".baton/features").iterdir()] == []
    (closed,) = work.noted("closed")
    assert closed["due"][0].startswith(BACKEND)


NO_NAMES = ["../x", "a/b", "A", "", "-a", "a--b", "a_b", "é", "x-needs", "requests", "readme"]


@pytest.mark.parametrize("name", [*NO_NAMES, "a" * 61, "a\nb", "a.b", "..", "/x"])
def test_a_name_that_is_none_is_named(work: Teamwork, name: str) -> None:
    for words in (("open", "--", name), ("close", "--", name)):
        code, text = said(work, *words)
        assert code == 1
        assert " names no feature: a feature is lower case with hyphens" in text
        assert text.count("\n") == 1
    assert not (work.root / ".baton").exists()


def test_an_agent_that_is_none_is_named(work: Teamwork) -> None:
    code, text = said(work, "open", NAME, "--with", "nobody", BACKEND)
    assert (code, text) == (1, f"baton: nobody is none of {', '.join(sorted(FORMS))}.\n")


OLD = [
    "",
    "[]",
    "null",
    "{",
    '{"version": 0}',
    '{"version": 1}',
    '{"version": 1, "at": "now", "agents": [], "tree": "", "secrets": {}}',
]


@pytest.mark.parametrize("text", OLD)
def test_a_folder_of_another_version_is_named_with_what_helps(work: Teamwork, text: str) -> None:
    work.open(BACKEND)
    path = work.write(f".baton/features/{NAME}.json", text)
    for words in (
        ["feature", "open", "more"],
        ["handoff", "new", NAME, "--from", BACKEND],
        ["status"],
    ):
        code, out, err = baton(work.root, *words)
        assert (code, out) == (1, "")
        assert err.startswith(f"baton: {path} cannot be read (")
        assert err.endswith(
            f"Move it away and open it again: python3 team/baton.py feature open {NAME}.\n"
        )
    assert path.read_text() == text


def test_a_log_of_another_version_is_read_over(work: Teamwork) -> None:
    work.open(BACKEND)
    log = work.root / ".baton/log.jsonl"
    log.write_text('{"at": 1, "what": 2}\nno line\n{"at": 3, "event": "start"}\n' + log.read_text())
    for words in (["status"], ["status", "--json"], ["status", "--html"]):
        assert baton(work.root, *words).code == 0
    assert work.start() != ""
    work.hand()
    assert work.stop() == ("", "")


def test_a_folder_in_place_of_a_file_is_named(work: Teamwork) -> None:
    (work.root / f".baton/features/{NAME}.json").mkdir(parents=True)
    code, text = said(work, "open", NAME)
    assert code == 1
    assert text.count("\n") == 1
    assert "Move it away" in text


@pytest.mark.skipif(is_root(), reason="root may write anywhere")
def test_a_folder_that_takes_nothing_is_named(work: Teamwork) -> None:
    work.open(BACKEND)
    (work.root / ".baton/features").chmod(0o500)
    code, text = said(work, "open", "more")
    assert code == 1
    assert "Permission denied" in text


def test_a_full_disk_opens_nothing_and_loses_nothing(work: Teamwork) -> None:
    work.open(BACKEND)
    command = "ulimit -f 0; trap '' XFSZ; exec python3 -I -S team/baton.py feature open more"
    done = subprocess.run(
        ["bash", "-c", command], cwd=work.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert features(work) == [NAME]


def test_a_clock_that_ran_backwards_changes_nothing(
    work: Teamwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.open(BACKEND)
    work.start()
    monkeypatch.setattr("time.time", lambda: 1.0)
    work.open(BACKEND, name="early")
    path = work.hand()
    os.utime(path, (1, 1))
    assert features(work) == ["early", NAME]
    assert work.stop() == ("", "")


def test_a_worktree_sees_the_features_of_the_main_checkout(work: Teamwork) -> None:
    work.open(BACKEND)
    there = work.root.parent / "there"
    git(work.root, "worktree", "add", "--quiet", str(there))
    assert journal.home(str(there)) == str(work.root)
    assert features(Teamwork(there)) == [NAME]
    code, out, _ = baton(there, "handoff", "check", NAME)
    assert (code, out.split(":")[0]) == (1, BACKEND)
    assert baton(there, "feature", "open", "more", "--with", BACKEND).code == 0
    assert features(work) == [NAME, "more"]
    assert not (there / ".baton" / "features").exists()


def test_a_part_of_a_repository_has_its_own(work: Teamwork) -> None:
    (work.root / ".git").rename(work.root.parent / ".git")
    assert journal.home(str(work.root)) == str(work.root)
    assert work.open(BACKEND) == 0
    assert (work.root / f".baton/features/{NAME}.json").is_file()


def test_an_open_feature_keeps_its_log(work: Teamwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST", 10)
    work.open(BACKEND)
    assert not journal.rotate(str(work.root), "b1")
    said(work, "close", NAME, "--force")
    assert journal.rotate(str(work.root), "b1")


def test_what_is_in_its_file_is_plain(work: Teamwork) -> None:
    work.open(BACKEND)
    row = json.loads((work.root / f".baton/features/{NAME}.json").read_text())
    assert row.keys() == {"version", "at", "agents", "tree", "secrets"}
    assert row["version"] == journal.VERSION
