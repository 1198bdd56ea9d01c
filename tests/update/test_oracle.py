"""An update of a project that nobody edited is what a fresh copy of the new version would be."""

import itertools
import shutil
from pathlib import Path

import copier
import pytest

import command
from renders import is_frozen
from tests.support.answers import RECIPES
from tests.support.quick import quickly
from tests.update.history import commit, git
from tests.update.renders import Files, managed
from tests.update.versions import VERSIONS

PAIRS = tuple(itertools.combinations(VERSIONS, 2))
# Each recipe over another pair; the slow test has every recipe over every pair.
EVERYDAY = tuple(zip(("custom", *RECIPES), itertools.cycle(PAIRS), strict=False))


def fresh(history: Path, root: Path, recipe: str, version: str) -> Files:
    """What `copier copy` makes of a version."""
    with quickly():
        copier.run_copy(
            str(history),
            root,
            data={"recipe": recipe},
            vcs_ref=version,
            defaults=True,
            quiet=True,
            settings=copier.Settings(),
        )
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def differences(history: Path, folder: Path, recipe: str, old: str, new: str) -> list[str]:
    """Where an update from one version to another is not a fresh copy of the other."""
    root = folder / "project"
    before = fresh(history, root, recipe, old)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "A new project")
    assert command.main([str(root), new]) == 0
    want = fresh(history, folder / "fresh", recipe, new)
    shutil.rmtree(root / ".git")
    shutil.rmtree(root / ".baton")
    paths = (path for path in root.rglob("*") if path.is_file())
    there = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    frozen = {path for path in before if is_frozen(path)}
    other = {path for path in {*want, *there} - frozen if managed(path)}
    want |= {path: before[path] for path in frozen}
    return sorted(path for path in frozen | other if there.get(path) != want.get(path))


@pytest.mark.parametrize(("recipe", "pair"), EVERYDAY)
@pytest.mark.usefixtures("quick")
def test_an_update_is_a_fresh_copy(
    history: Path, tmp_path: Path, recipe: str, pair: tuple[str, str]
) -> None:
    assert differences(history, tmp_path, recipe, *pair) == []


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["custom", *RECIPES])
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.usefixtures("quick")
def test_every_update_is_a_fresh_copy(
    history: Path, tmp_path: Path, recipe: str, pair: tuple[str, str]
) -> None:
    assert differences(history, tmp_path, recipe, *pair) == []
