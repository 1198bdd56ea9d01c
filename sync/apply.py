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
    ignoring = laid(project.root / ".baton" / ".gitignore")
    if not ignoring.exists() or not ignoring.stat().st_size:
        ignoring.write_text("*\n", "utf-8")
    with undo.alone(project.root):
        make(project, changes)


def make(project: Project, changes: list[Change]) -> None:
    for change in changes:  # before an update that another one made meanwhile is forgotten
        as_it_was(project.root, change)
    state = stage(project, changes)
    try:
        for change in changes:
            if change.now != change.sides[1]:
                write(project.root, state, change)
        unmerged(project, [change for change in changes if change.split])
        prove(project, {change.path for change in changes})
        (state / "done").touch()
    except BaseException as fault:
        try:
            undo.back(project.root)
        except OSError as other:
            raise SyncError(
                f"The update failed ({fault}), and what it did is not all taken back yet ({other})."
                " Mend that; the next baton sync goes on with it."
            ) from fault
        raise


def stage(project: Project, changes: list[Change]) -> Path:
    """Puts what was and what will be where `undo` finds it."""
    home = project.root / ".baton"
    making, state = home / "sync.making", home / "sync"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        lay_out(project, changes, making)
        undo.drop(state)
        making.replace(state)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return state


def lay_out(project: Project, changes: list[Change], making: Path) -> None:
    """Both sides of each change, the plan, and the program that takes it back."""
    files = []
    for change in changes:
        _, mine, new = change.sides
        if change.needs and new is not None:
            laid(making / "theirs" / change.path).write_bytes(new)
        if change.plain:
            continue  # it is not written, and what it leads to may be a change of its own
        if mine is not None:
            laid(making / "old" / change.path)
            shutil.copy2(project.root / change.path, making / "old" / change.path)
        if change.now is not None:
            laid(making / "new" / change.path).write_bytes(change.now)
        mark = hashlib.sha256(change.now).hexdigest() if change.now is not None else None
        files.append({"path": change.path, "old": mine is not None, "new": mark})
    plan = {
        "head": git(project.root, "rev-parse", "HEAD").strip(),
        "prefix": project.prefix,
        "files": files,
    }
    (making / "plan.json").write_text(json.dumps(plan, indent=1), "utf-8")
    shutil.copy2(undo.__file__, making / "undo.py")


def laid(path: Path) -> Path:
    """A path whose folder is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def as_it_was(root: Path, change: Change) -> None:
    """Refuses to go on where a file is not what the update was worked out from."""
    at = root / change.path
    if (at.read_bytes() if at.exists() else None) != change.sides[1]:
        raise SyncError(
            f"{change.path} changed while the update ran. All of it is taken back; run it again."
        )


def write(root: Path, state: Path, change: Change) -> None:
    """Changes one file in one step."""
    as_it_was(root, change)
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
        stages = [(number, side) for number, side in enumerate(change.sides, 1) if side is not None]
        names = [(number, blob(project, change.path, side)) for number, side in stages]
        rows.append(f"0 {'0' * len(names[0][1])}\t{path}")
        rows += [f"100644 {name} {number}\t{path}" for number, name in names]
    if rows:
        words = ("update-index", "--index-info")
        undo.index(project.root, project.prefix, *words, give="\n".join([*rows, ""]).encode())


def blob(project: Project, path: str, text: bytes) -> str:
    """The object that git keeps of a text, as if it stood at a path."""
    words = ("-c", "core.safecrlf=false", "hash-object", "-w", "--stdin", "--path", path)
    return git(project.root, *words, give=text).strip()


def prove(project: Project, planned: set[str]) -> None:
    """Refuses an update after which anything differs that was not in its plan."""
    if others := sorted(project.changed() - planned):
        raise SyncError(
            f"{named(others)} changed while the update ran. All of it is taken back; run it again."
        )
