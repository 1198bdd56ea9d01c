"""Shell commands: what a plain reading shows is refused, and what it cannot tell is too."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import guard
from tests.hooks.commands import MOVING, WRAPPING, commands
from tests.hooks.program import bash, baton, repository

BASH = shutil.which("bash")
FOREIGN = ("docs/a", "./docs//a", "backend/../docs/a", "docs/new", "backend/link/a")
OWN = ("backend/a", "./backend/./a", "backend/deep/../a", "backend/new")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository with files of two owners, and no temporary folder."""
    root = repository(tmp_path_factory.mktemp("commands") / "project")
    fill(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "temporary_folders", list)
        yield root


def fill(root: Path) -> None:
    """Makes the files as they were before a command ran."""
    for name in ("docs", "backend"):
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name / "deep").mkdir(parents=True)
        (root / name / "a").write_text("a\n")
        (root / name / "b").write_text("a\n")
    (root / "backend" / "link").symlink_to(root / "docs")


def reason(root: Path, command: str) -> str:
    return guard.decide(bash(command, cwd=root), str(root)).reason


@settings(max_examples=1000)
@given(command=commands(FOREIGN))
def test_a_write_to_another_owner_is_refused_however_it_is_written(
    root: Path, command: str
) -> None:
    assert reason(root, command)


@settings(max_examples=500)
@given(command=commands(OWN))
def test_what_an_agent_owns_it_may_write_however_it_is_written(root: Path, command: str) -> None:
    assume("trap" not in command)  # nobody can tell where it runs
    assert reason(root, command) == ""


@settings(max_examples=1000)
@given(command=st.text(alphabet="ab/.~ \n\t'\"\\$`;&|<>(){}[]*?!#=-") | st.text())
def test_no_text_is_a_crash(root: Path, command: str) -> None:
    reason(root, command)


def state(folder: Path) -> list[tuple[str, int, int]]:
    """What is in a folder, so that any write shows."""
    paths = [folder, *sorted(folder.rglob("*"))]
    return [(path.name, path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths]


def changes_nothing_of_others(root: Path, command: str) -> None:
    """Runs a command, if it may run, and looks at what is not the agent's."""
    if reason(root, command):
        return
    fill(root)
    before = state(root / "docs")
    environment = {"PATH": os.environ["PATH"], "HOME": str(root / "home")}
    called = [str(BASH), "-c", command]
    subprocess.run(called, cwd=root, env=environment, capture_output=True, check=False, timeout=20)
    assert state(root / "docs") == before, command


ANY = commands([*FOREIGN, *OWN, "a", "b", "new"], [*WRAPPING, *MOVING])


@pytest.mark.skipif(BASH is None, reason="there is no bash")
@settings(max_examples=300)
@given(command=ANY)
def test_what_is_allowed_changes_nothing_of_others(root: Path, command: str) -> None:
    changes_nothing_of_others(root, command)


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="there is no bash")
@settings(max_examples=10_000)
@given(command=ANY)
def test_of_thousands_none_changes_anything_of_others(root: Path, command: str) -> None:
    changes_nothing_of_others(root, command)


# A command that tries the reader's patience, cut at what Linux takes.
LONG = {
    "nesting": "$(" * 100_000,
    "brackets": "(" * 100_000,
    "words": "a " * 100_000,
    "calls": "a;" * 100_000,
    "folders": "cd a;" * 40_000,
    "braces": "rm " + "{a,b}" * 40_000,
    "wrappers": "env " * 40_000 + "rm a",
    "finds": "find . -exec " * 15_000 + "rm a",
    "variables": "".join(f"a{n}=1; echo $a{n};" for n in range(9_000)),
    "tests": "[[ a;" * 40_000,
    "heredocs": "cat <<E\n" * 25_000,
    "pattern": "rm /*/*/*/*",
    "redirects": "> " * 100_000,
    "five million": "a" * 5_000_000,
    "NUL": "echo \0",
}


@pytest.mark.parametrize("command", LONG.values(), ids=LONG)
def test_a_command_that_tries_its_patience_is_answered_soon(root: Path, command: str) -> None:
    start = time.monotonic()
    assert baton(root, "guard", stdin=bash(command, cwd=root)).code in (0, 2)
    assert time.monotonic() - start < 10
