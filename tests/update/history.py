"""A template with a tagged history, and a project that was made from its first version."""

import os
import shutil
import subprocess
from pathlib import Path

import copier

from tests.support.template import template

# Git as on a machine where nobody set it up.
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
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
        git(root, "init", "--quiet")

    def release(self, version: str) -> None:
        commit(self.root, version)
        git(self.root, "tag", version)


def copy(history: History, project: Path) -> None:
    """A project of the newest version, committed."""
    copier.run_copy(
        str(history.root),
        project,
        defaults=True,
        quiet=True,
        unsafe=False,
        settings=copier.Settings(),
    )
    git(project, "init", "--quiet")
    commit(project, "A new project")


def update(project: Path) -> None:
    """`copier update --defaults` to the newest version, without trust."""
    copier.run_update(
        project,
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=False,
        settings=copier.Settings(),
    )
