"""The doctor: what it says where all is well, how it says what is not, and its try of the guard."""

import json
import sys
from pathlib import Path

import pytest

from tests.hooks.program import baton, git
from tests.hooks.sick import (
    CARD,
    LOCAL,
    OFF,
    SETTINGS,
    Change,
    asked,
    found,
    healthy,
    remove,
    swap,
    write,
)
from tests.hooks.teamwork import BACKEND, FORMS, team_map


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return healthy(tmp_path, monkeypatch)


def test_it_says_that_all_is_well_and_leaves_nothing(root: Path) -> None:
    assert asked(root) == (0, "9 checks, all well.\n", "")
    assert [path.name for path in (root / ".baton").iterdir()] == [".gitignore"]


def test_a_team_of_one_is_well_too(root: Path) -> None:
    team = team_map()
    team["agents"] = [{"name": BACKEND}]
    others = {*FORMS} - {BACKEND}
    team["zones"] = [row for row in team["zones"] if row["owner"] not in others]
    write("team/team.json", json.dumps(team))(root)
    for agent in others:
        remove(f".claude/agents/{agent}.md")(root)
        remove(f".claude/notes/{agent}.md")(root)
    assert asked(root) == (0, "9 checks, all well.\n", "")


def test_it_says_the_same_to_a_program(root: Path) -> None:
    code, out, _ = baton(root, "doctor", "--json", env={"HOME": str(root.parent)})
    assert (code, json.loads(out)) == (0, {"checks": 9, "faults": []})
    write(LOCAL, OFF)(root)
    code, out, _ = baton(root, "doctor", "--json", env={"HOME": str(root.parent)})
    (fault,) = json.loads(out)["faults"]
    assert code == 1
    assert fault.keys() == {"check", "what", "fix"}
    assert fault["check"] == "settings"


def test_each_fault_has_what_helps(root: Path) -> None:
    write(LOCAL, OFF)(root)
    remove(CARD)(root)
    swap("team/baton.py", "int = 2, /", "int = 1, /")(root)
    code, out, err = asked(root)
    assert (code, err) == (1, "")
    *lines, last = out.splitlines()
    assert last == "9 checks, not all well."
    assert lines[0] == "api-designer is not in both .claude/agents and the map."
    assert f"settings: {root / LOCAL}: disableAllHooks is True." in lines
    assert "stranger: Bash ls gives 1." in lines
    assert [line.startswith("Fix: ") for line in lines] == [False, True] * (len(lines) // 2)


def test_what_a_user_turned_off_everywhere_is_off_here(root: Path) -> None:
    write(f"../{SETTINGS}", OFF)(root)
    code, out, _ = asked(root)
    assert code == 1
    assert f"{root.parent / SETTINGS}: disableAllHooks is True." in out


def test_it_finds_what_git_does_not_share(root: Path) -> None:
    git(root, "rm", "-r", "--quiet", "--cached", ".")
    assert found("git", root) == []
    write(".gitignore", ".claude/\n")(root)
    assert found("git", root) == ["git ignores .claude/, so nobody shares it"]


def test_it_finds_that_git_is_not_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert found("git", root) == ["[Errno 2] No such file or directory: 'git'"]


# A guard that is broken in one place; the call by which it is found, and its answer.
OUTSIDE = 'Answer(f"{real} is outside the repository, so {agent} may not write it.")'
BROKEN = {
    "no module": (swap("team/guard.py", '"""The agent', "raise ImportError #"), "Write handoff", 2),
    "lets all pass": (swap("team/baton.py", "told) if reason else 0", "told) * 0"), "Bash ls", 0),
    "fails open": (swap("team/baton.py", "int = 2, /", "int = 1, /"), "Bash ls", 1),
    "passes over faults": (swap("team/baton.py", "BaseException", "OSError"), ":  ", 1),
    "knows no owner": (swap("team/guard.py", "team.owner(place) != agent", "0"), "Write .env", 0),
    "knows no outside": (swap("team/guard.py", OUTSIDE, "Answer()"), "Write /outside", 0),
    "reads no command": (swap("team/guard.py", "if tool in SHELLS:", "if 0:"), "Bash git", 2),
    "knows no team": (swap("team/guard.py", "not in team.agents:", "is 0:"), "Bash ls", 0),
    "knows no reader": (swap("team/guard.py", '"""Read Grep', '"""Grep'), "stranger: Read x", 2),
}


@pytest.mark.parametrize(("spoil", "asks", "code"), BROKEN.values(), ids=BROKEN)
def test_it_runs_the_guard_that_is_there(root: Path, spoil: Change, asks: str, code: int) -> None:
    spoil(root)
    said = [what for what in found("guard", root) if asks in what]
    assert said
    assert all(what.endswith(f" gives {code}") for what in said)


def test_it_runs_the_python_that_is_named(root: Path, tmp_path: Path) -> None:
    snake = tmp_path / "snake"
    snake.write_text(f'#!/bin/sh\necho >> {tmp_path}/called\nexec {sys.executable} "$@"\n')
    snake.chmod(0o755)
    swap(SETTINGS, "python3", str(snake))(root)
    assert found("settings", root) == []
    assert found("guard", root) == []
    assert (tmp_path / "called").read_text().count("\n") > 10
