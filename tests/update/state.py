"""All that an update may change of a project, to be compared."""

import os
from pathlib import Path

from tests.update.history import git

State = dict[str, object]


def state(root: Path) -> State:
    """Each file's bytes and mode, each link, the index and the head."""
    found: State = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", ".baton", "__pycache__")]
        for name in [*files, *folders]:
            path = Path(folder, name)
            if path.is_symlink():
                found[str(path)] = path.readlink()
            elif path.is_file():
                found[str(path)] = path.read_bytes(), path.stat().st_mode
    if (root / ".git").exists():
        for words in (("ls-files", "--stage"), ("status", "--porcelain"), ("show-ref", "--head")):
            found[" ".join(words)] = git(root, *words) if has_commits(root) else ""
    return found


def relative(root: Path) -> State:
    """The same of a project that may be anywhere."""
    return {name.replace(str(root), ""): what for name, what in state(root).items()}


def has_commits(root: Path) -> bool:
    return git(root, "rev-list", "--all", "--max-count=1") != ""


def changed(root: Path) -> set[str]:
    """The paths that are not as the last commit has them."""
    shown = git(root, "status", "--porcelain", "-uall", "-z")
    return {row[3:] for row in shown.split("\0") if row}


def unmerged(root: Path) -> list[str]:
    """The paths that git says wait for a person."""
    return git(root, "diff", "--diff-filter=U", "--name-only", "--relative").split()


def refused(before: State, root: Path, said: str, *words: str) -> None:
    """One line that says what happened, and nothing changed."""
    assert state(root) == before
    assert said.startswith("baton: ")
    assert said.endswith(".\n")
    assert not said.endswith("..\n")
    assert said.count("\n") == 1
    assert [word for word in words if word not in said] == []
