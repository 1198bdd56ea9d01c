"""What a tag needs before it is a release, and the workflow that makes it one."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.template import ROOT
from tests.update.history import GIT, commit, edit, git
from tests.update.released import answers_file, missing, notes
from tests.update.workflow import Run, job

ENTRY = "- Your agents now name the version.\n- Do by hand: nothing."
WORKFLOW = ROOT / ".github/workflows/release.yml"


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that has all that version 1.1.0 needs."""
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "repository"
    answers = answers_file(root, "v1.1.0")
    answers.parent.mkdir(parents=True)
    answers.write_text("sse: false\n")
    (root / "pyproject.toml").write_text('[project]\nversion = "1.1.0"\n')
    old = "## v1.0.0\n\n- The first.\n"
    (root / "CHANGELOG.md").write_text(f"# Changelog\n\n## v1.1.0\n\n{ENTRY}\n\n{old}")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "v1.0.0")
    git(root, "tag", "v1.0.0")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "v1.1.0")
    return root


def test_a_release_with_all_it_needs_lacks_nothing(ready: Path) -> None:
    assert list(missing(ready, "v1.1.0")) == []
    assert notes(ready, "v1.1.0") == ENTRY


def without_an_entry(root: Path) -> None:
    edit(root / "CHANGELOG.md", "## v1.1.0", "## Unreleased")


def with_an_empty_entry(root: Path) -> None:
    edit(root / "CHANGELOG.md", ENTRY, "")


def with_another_number(root: Path) -> None:
    edit(root / "pyproject.toml", "1.1.0", "1.0.0")


def without_its_answers(root: Path) -> None:
    answers_file(root, "v1.1.0").unlink()


def beside_the_last_one(root: Path) -> None:
    git(root, "checkout", "--quiet", "--orphan", "other")
    commit(root, "v1.1.0")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (without_an_entry, "CHANGELOG.md has no entry under ## v1.1.0"),
        (with_an_empty_entry, "CHANGELOG.md has no entry under ## v1.1.0"),
        (with_another_number, "pyproject.toml says 1.0.0: write 1.1.0, then run uv lock"),
        (without_its_answers, "tests/update/answers/v1.1.0.yml is not there: uv run python -m"),
        (beside_the_last_one, "v1.0.0 is no ancestor, so nobody could update from it"),
    ],
)
def test_what_a_release_lacks_is_said(
    ready: Path, fault: Callable[[Path], None], said: str
) -> None:
    fault(ready)
    (line,) = missing(ready, "v1.1.0")
    assert line.startswith(said)


@pytest.mark.parametrize("version", ["1.1.0", "v1.1", "v1.1.0-rc1"])
def test_a_tag_that_is_no_version_is_no_release(ready: Path, version: str) -> None:
    (line,) = missing(ready, version)
    assert line.startswith(f"{version} is no version")


@pytest.fixture
def run(ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A runner that has the repository, and uv, which has this Python."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    uv = ready / ".uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(f'#!/bin/sh\nshift 2\nexec "{sys.executable}" "$@"\n')
    uv.chmod(0o755)
    return Run(ready, tmp_path / "runner", {"github.ref_name": "v1.1.0", "github.token": "secret"})


def go(run: Run, name: str) -> int:
    """Runs those steps of a job that are about the release."""
    whole = job(WORKFLOW, name)
    about = [step for step in whole["steps"] if "TAG" in step.get("run", "")]
    return run.job({**whole, "steps": about})


@pytest.mark.skipif(sys.platform == "win32", reason="GitHub runs it by bash, on Linux")
def test_a_tag_that_lacks_something_becomes_no_release(run: Run) -> None:
    without_its_answers(run.root)
    assert go(run, "check") == 1
    assert "tests/update/answers/v1.1.0.yml is not there" in run.said
    assert run.calls == []


@pytest.mark.skipif(sys.platform == "win32", reason="GitHub runs it by bash, on Linux")
def test_a_release_has_its_entry_as_notes(run: Run) -> None:
    assert (go(run, "check"), go(run, "publish")) == (0, 0), run.said
    (call,) = run.calls
    assert call.startswith("release create v1.1.0 --verify-tag --title v1.1.0 --notes-file ")
    assert run.text == f"{ENTRY}\n"


def test_nothing_is_released_that_was_not_tested() -> None:
    assert "bash .ci/run" in [step.get("run") for step in job(WORKFLOW, "check")["steps"]]
    assert job(WORKFLOW, "publish")["needs"] == "check"
    assert "permissions" not in job(WORKFLOW, "check")
