"""The tagged template and a project of its first version, shared by the tests of updates."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import project as project_module
import renders
import report
import undo
from project import ANSWERS
from tests.support.template import template
from tests.update.history import GIT, commit, git
from tests.update.renders import Rendered, project
from tests.update.small import Unkept, small
from tests.update.versions import tagged
from tests.update.worked import work


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git, also that of Copier and of an update, is that of a machine where nobody set it up."""
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setitem(project_module.PLAIN, name, value)
        monkeypatch.setitem(undo.PLAIN, name, value)


@pytest.fixture(scope="session")
def history() -> Path:
    """The template with four versions, which no test changes: once for all workers."""
    kept = template().parent / "history"
    if not kept.exists():
        made = kept.with_name(f"history.{os.getpid()}")
        tagged(made)
        try:
            made.rename(kept)
        except OSError:  # another worker was first
            shutil.rmtree(made)
    return kept


@pytest.fixture
def quick(history: Path, monkeypatch: pytest.MonkeyPatch) -> type[renders.Render]:
    """An update renders in this process, and each version once; how it does for people."""
    real = renders.Render
    monkeypatch.setattr(Rendered, "source", history, raising=False)
    monkeypatch.setattr(renders, "Render", Rendered)
    monkeypatch.setattr(renders, "TEMPLATE", history)
    monkeypatch.setattr(report, "TEMPLATE", history)
    return real


@pytest.fixture(scope="session")
def made(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of version 1, committed, which no test changes."""
    root = tmp_path_factory.mktemp("made") / "project"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rendered, "source", history, raising=False)
        patch.setattr(renders, "TEMPLATE", history)
        given = f"_commit: v1.0.0\n_src_path: {history}\nagents_off: []\n"
        project(root, Rendered(root, given, whole=True).files())
    git(root, "init", "--quiet", "--initial-branch=main", "--template=")
    commit(root, "A new project")
    git(root, "repack", "-adq")
    assert (root / ANSWERS).exists()
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """The same project, to be changed."""
    return shutil.copytree(made, tmp_path / "project", symlinks=True)


@pytest.fixture(scope="module")
def small_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The small template, in both versions."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in GIT.items():
            patch.setenv(name, value)
        root = small(tmp_path_factory.mktemp("small") / "template")
        patch.setattr(Rendered, "source", root, raising=False)
        patch.setattr(renders, "Render", Unkept)
        patch.setattr(renders, "TEMPLATE", root)
        patch.setattr(report, "TEMPLATE", root)
        yield root


@pytest.fixture(scope="module")
def fresh(small_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of version 1."""
    root = tmp_path_factory.mktemp("fresh") / "project"
    given = f"_commit: v1.0.0\n_src_path: {small_source}\n"
    project(root, Unkept(root, given, whole=True).files())
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "A new project")
    return root


@pytest.fixture(scope="session")
def edited(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which a person has worked, which no test changes."""
    return work(shutil.copytree(made, tmp_path_factory.mktemp("edited") / "project"))


@pytest.fixture
def worked(edited: Path, tmp_path: Path) -> Path:
    """The same, to be updated."""
    return shutil.copytree(edited, tmp_path / "project", symlinks=True)
