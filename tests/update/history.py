"""A template with a tagged history, and a project that was made from its first version."""

import os
import shutil
import subprocess
from pathlib import Path

import copier

from tests.support.quick import quickly
from tests.support.template import ROOT, template

# Git as on a machine where nobody set it up.
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.fsync",  # what a test writes need not outlive the machine
    "GIT_CONFIG_VALUE_0": "none",
    "GIT_AUTHOR_NAME": "A person",
    "GIT_AUTHOR_EMAIL": "person@example.com",
    "GIT_COMMITTER_NAME": "A person",
    "GIT_COMMITTER_EMAIL": "person@example.com",
}


def git(root: Path, *arguments: str) -> str:
    """Runs git in a folder, and says what it printed."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        env={**os.environ, **GIT},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def edit(path: Path, old: str, new: str) -> None:
    """Changes the one place where a file says something."""
    text = path.read_bytes().decode()
    assert text.count(old) == 1, f"{path} says {old!r} {text.count(old)} times"
    path.write_bytes(text.replace(old, new).encode())


class History:
    """The template under test as version 1, and what is changed until `release` as later ones."""

    def __init__(self, root: Path) -> None:
        self.root = shutil.copytree(template(), root)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "sync", root / "sync", ignore=ignored)  # Copier does not read it
        (root / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
        git(root, "init", "--quiet", "--initial-branch=main")

    def release(self, version: str, news: str = "") -> None:
        """Tags what is there; the changelog has what those who update read of it."""
        path = self.root / "CHANGELOG.md"
        head, _, rest = path.read_text("utf-8").partition("\n")
        path.write_text(f"{head}\n\n## {version}\n\n- {news or version}\n{rest}", "utf-8")
        commit(self.root, version)
        git(self.root, "tag", version)


def copy(history: History, project: Path, *, version: str | None = None, **answers: object) -> None:
    """A project of the newest version or of the one that is named, committed."""
    with quickly():
        copier.run_copy(
            str(history.root),
            project,
            data=answers,
            vcs_ref=version,
            defaults=True,
            quiet=True,
            unsafe=False,
            settings=copier.Settings(),
        )
    git(project, "init", "--quiet", "--initial-branch=main")
    commit(project, "A new project")


def update(project: Path, *, version: str | None = None, **answers: object) -> None:
    """`copier update --defaults` to the newest version or the one that is named, without trust."""
    with quickly():
        copier.run_update(
            project,
            data=answers,
            vcs_ref=version,
            defaults=True,
            overwrite=True,
            quiet=True,
            unsafe=False,
            settings=copier.Settings(),
        )
