"""The real command, as a person types it: Copier, the launcher, the program of the new version."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from project import ANSWERS
from tests.clients import install
from tests.clients.claude import Delegate
from tests.clients.conftest import program
from tests.clients.stage import Stage
from tests.hooks.program import HOOKS, PYTHON, baton
from tests.support.backend import Backend
from tests.support.template import ROOT
from tests.update.history import commit, edit, git
from tests.update.renders import Rendered, project
from tests.update.small import CARD, PAGE, small
from tests.update.state import relative, state, unmerged
from tests.update.versions import VERSIONS

BACKEND = "backend-developer"


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    """A project of the small template, whose versions bring the program."""
    source = small(tmp_path / "template")
    git(source, "tag", "--delete", "v2.0.0")
    shutil.copytree(ROOT / "sync", source / "sync", ignore=shutil.ignore_patterns("__pycache__"))
    commit(source, "The program")
    git(source, "tag", "v2.0.0")
    root = shutil.copytree(fresh, tmp_path / "project")
    path = root / ANSWERS
    path.write_text(f"_commit: v1.0.0\n_src_path: {source}\nagents_off: []\nsse: false\n")
    (root / "team").mkdir()
    for name in ("baton.py", "sync.py"):
        shutil.copy2(HOOKS / name, root / "team")
    shutil.copy2(ROOT / "template" / "team" / ".gitignore", root / "team")
    commit(root, "With the launcher")
    return root


def test_an_update_by_the_real_command(root: Path) -> None:
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    edit(root / CARD.format(BACKEND), "Be the backend-developer.", "Be kind.")
    commit(root, "A year of work")
    before = state(root)

    answer = baton(root, "sync", "--yes")

    assert (answer.code, answer.stderr) == (2, "")
    assert answer.stdout.splitlines()[0].startswith("Baton v2.0.0 from ")
    assert unmerged(root) == [PAGE]
    assert "- New." in (root / CARD.format(BACKEND)).read_text("utf-8")
    assert "_commit: v2.0.0" in (root / ANSWERS).read_text("utf-8")
    assert f"  {PAGE}" in answer.stdout
    assert baton(root, "sync", "--abort").code == 0
    assert state(root) == before


def test_a_preview_writes_nothing(root: Path) -> None:
    before = state(root)
    answer = baton(root, "sync", "--yes", "--preview")
    assert (answer.code, answer.stderr) == (0, "")
    assert "+- New." in answer.stdout
    assert state(root) == before
    assert not (root / ".baton").exists()


def test_the_program_refuses_through_the_launcher(root: Path) -> None:
    (root / "new.md").write_text("New.\n")
    before = state(root)
    answer = baton(root, "sync", "--yes")
    assert answer.code == 1
    assert (
        answer.stderr == "baton: Not everything is committed: new.md. Commit or stash it first.\n"
    )
    assert baton(root, "sync", "--yes", "--frobnicate").code == 1
    assert state(root) == before


@pytest.mark.slow
def test_after_each_update_all_is_green_and_guarded(
    history: Path, quick: object, tmp_path: Path
) -> None:
    assert quick
    root = tmp_path / "project"
    given = f"_commit: v1.0.0\n_src_path: {history}\n"
    project(root, Rendered(root, given, whole=True).files())
    git(root, "init", "--quiet", "--initial-branch=main")
    Backend(root).passes("uv", "sync")
    commit(root, "A new project")
    stage = Stage(program(install.VERSION), root, tmp_path / "runs")
    for version in VERSIONS[1:]:
        answer = baton(root, "sync", "--yes", "--to", version)
        assert (answer.code, answer.stderr) == (0, "")
        commit(root, version)
        assert baton(root, "doctor").stdout.endswith("all well.\n")
        Backend(root).passes("uv", "run", "pytest")
        writing = [stage.write("docs/forbidden.md"), stage.write("backend/app/allowed.py")]
        run = stage.play([Delegate(BACKEND, [writing, "Done."])], "Done.")
        assert [result.refused for result in run.results(f"{BACKEND}-1")] == [True, False]
        assert not (root / "docs/forbidden.md").exists()
        (root / "backend/app/allowed.py").unlink()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")
@pytest.mark.parametrize("group", [False, True], ids=["the process", "its whole group"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.97])
def test_the_real_command_is_killed(root: Path, share: float, *, group: bool) -> None:
    """The next start waits for what was not killed, as a person would."""
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    commit(root, "A year of work")
    before = relative(root)
    command = [PYTHON, "-I", "-S", "team/baton.py", "sync", "--yes"]
    start = time.monotonic()
    whole = shutil.copytree(root, root.parent / "whole" / "project", symlinks=True)
    assert subprocess.run(command, cwd=whole, stdout=-3, check=False).returncode == 2
    seconds = share * (time.monotonic() - start)
    done = relative(whole)
    with subprocess.Popen(
        command, cwd=root, stdout=-3, stderr=-3, start_new_session=True
    ) as running:
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL) if group else running.kill()
    if not group:
        time.sleep(2 * seconds / share)
    undone = root / ".baton" / "sync"
    complete = (undone / "done").exists()
    answer = baton(root, "sync", "--abort") if undone.exists() and not complete else None
    assert answer is None or answer.code == 0
    assert relative(root) == (done if complete else before)
