"""Writes an update so that it is there whole or not at all, wherever it is cut off."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import undo
from decide import Change  # noqa: TC001 - a line, not three
from project import Project, SyncError, git, named


def apply(project: Project, changes: list[Change]) -> None:
    """Makes the changes. What goes wrong on the way is taken back, and said."""
    state = stage(project, changes)
    try:
        for change in changes:
            if change.now != change.sides[1]:
                write(project.root, state, change)
        unmerged(project, [change for change in changes if change.split])
        prove(project, {change.path for change in changes})
    except BaseException:
        undo.back(project.root)
        raise
    (state / "done").touch()


def stage(project: Project, changes: list[Change]) -> Path:
    """Puts what was and what will be where `undo` finds it."""
    home = project.root / ".baton"
    making, state = home / "sync.making", home / "sync"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    if not (home / ".gitignore").exists():
        (home / ".gitignore").write_text("*\n", "utf-8")
    files = []
    for change in changes:
        _, mine, new = change.sides
        if mine is not None:
            laid(making / "old" / change.path)
            shutil.copy2(project.root / change.path, making / "old" / change.path)
        if change.now is not None:
            laid(making / "new" / change.path).write_bytes(change.now)
        if change.needs and new is not None:
            laid(making / "theirs" / change.path).write_bytes(new)
        mark = hashlib.sha256(change.now).hexdigest() if change.now is not None else None
        files.append({"path": change.path, "old": mine is not None, "new": mark})
    plan = {
        "head": git(project.root, "rev-parse", "HEAD").strip(),
        "prefix": project.prefix,
        "files": files,
        "unmerged": [project.prefix + change.path for change in changes if change.split],
    }
    (making / "plan.json").write_text(json.dumps(plan, indent=1), "utf-8")
    shutil.copy2(undo.__file__, making / "undo.py")
    shutil.rmtree(state, ignore_errors=True)
    making.replace(state)
    return state


def laid(path: Path) -> Path:
    """A path whose folder is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write(root: Path, state: Path, change: Change) -> None:
    """Changes one file in one step."""
    at = root / change.path
    if change.now is None:
        at.unlink()
        undo.tidy(root, at.parent)
        return
    staged = state / "new" / change.path
    if at.exists():
        shutil.copymode(at, staged)
    staged.replace(laid(at))


def unmerged(project: Project, split: list[Change]) -> None:
    """Tells git which files wait for a person, so that it commits none of them before."""
    rows = []
    for change in split:
        path = project.prefix + change.path
        rows.append(f"0 {undo.NOTHING}\t{path}")
        for stage_of, side in zip((1, 2, 3), change.sides):
            if side is not None:
                blob = git(project.root, "hash-object", "-w", "--stdin", give=side).strip()
                rows.append(f"100644 {blob} {stage_of}\t{path}")
    if rows:
        words = ("update-index", "--index-info")
        undo.index(project.root, project.prefix, *words, give="\n".join([*rows, ""]).encode())


def prove(project: Project, planned: set[str]) -> None:
    """Refuses an update after which anything differs that was not in its plan."""
    if others := sorted(project.changed() - planned):
        raise SyncError(
            f"{named(others)} changed while the update ran. All of it is taken back; run it again."
        )
