"""A commit that names its agents, held against the map while git makes it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import check
from tests.hooks.program import Answer, baton, git
from tests.hooks.work import BACKEND, CONTRACT, DESIGNER, Work, by, nested, project

WAY = check.WAY + "\n"
WELL = "Each commit of an agent holds its own files.\n"
in_posix = pytest.mark.skipif(os.name != "posix", reason="git's hooks are scripts of a shell here")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return project(tmp_path)


def staged(work: Work, message: str, *places: str) -> Answer:
    for place in places:
        work.write(place)
        git(work.root, "add", "--force", place)
    file = work.root.parent / "MESSAGE"
    file.write_text(message)
    return baton(work.root, "check", "--message", str(file))


def test_a_commit_that_is_being_made(work: Work) -> None:
    work.write("README.md", "not staged\n")
    assert staged(work, by(BACKEND), "backend/main.py") == (0, WELL, "")
    whose = f"belongs to {DESIGNER}, and the commit is {BACKEND}'s"
    assert staged(work, by(BACKEND), CONTRACT) == (
        1,
        f"this commit: {CONTRACT} {whose}.\n{WAY}",
        "",
    )
    assert staged(work, "Mine") == (0, WELL, "")


CUT = "# ------------------------ >8 ------------------------"


def test_comments_of_git_are_no_part_of_a_message(work: Work) -> None:
    message = f"{by(BACKEND)}\n\n# On branch main\n{CUT}\ndiff --git a b\n"
    assert staged(work, message, CONTRACT).code == 1


def test_the_first_commit_that_is_being_made(work: Work) -> None:
    shutil.rmtree(work.root / ".git")
    git(work.root, "init", "--quiet")
    assert staged(work, by(BACKEND), "backend/main.py").code == 0
    assert staged(work, by(BACKEND), CONTRACT).code == 1


@in_posix
@pytest.mark.parametrize("where", ["alone", "beside others", "in a worktree"])
@pytest.mark.parametrize("words", [["--all"], ["{name}"], []], ids=["all", "one", "staged"])
def test_git_calls_it_before_a_commit(work: Work, where: str, words: list[str]) -> None:
    """As pre-commit does: from the top of the repository, with what git tells its hooks."""
    top, prefix = called_by_git(work, where)
    for place in ("backend/main.py", CONTRACT):
        (top / prefix / place).write_text("changed\n")
        git(top, "add", f"{prefix}{place}")
        command = ["commit", "--quiet", "--message", by(BACKEND)]
        command += [word.format(name=f"{prefix}{place}") for word in words]
        if place != CONTRACT:
            git(top, *command)
            continue
        with pytest.raises(subprocess.CalledProcessError) as fault:
            git(top, *command)
        whose = f"this commit: {CONTRACT} belongs to {DESIGNER}, and the commit is {BACKEND}'s."
        assert whose.encode() in fault.value.stdout + fault.value.stderr


@in_posix
def test_without_the_line_a_worktree_is_misread(work: Work) -> None:
    program = work.root / "team" / "check.py"
    text = program.read_text()
    assert text.count(' if name != "GIT_DIR"') == 1
    program.write_text(text.replace(' if name != "GIT_DIR"', ""))
    top, prefix = called_by_git(work, "in a worktree")
    (top / prefix / "backend" / "main.py").write_text("changed\n")
    with pytest.raises(subprocess.CalledProcessError):
        git(top, "commit", "--quiet", "--all", "--message", by(BACKEND))


def called_by_git(work: Work, where: str) -> tuple[Path, str]:
    """The top of a repository whose git calls the check, and the project's folder in it."""
    top, prefix = work.root, ""
    if where != "alone":
        nested(work)
        top, prefix = work.root.parent, "project/"
    hook = top / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    call = f'{sys.executable} {prefix}team/baton.py check --message "$1"'
    hook.write_text(f"#!/bin/sh\nexec {call}\n")
    hook.chmod(0o755)
    if where == "in a worktree":
        git(top, "worktree", "add", "--quiet", str(top / "tree"))
        top /= "tree"
    return top, prefix
