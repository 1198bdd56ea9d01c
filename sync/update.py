"""The update itself: two renders, what becomes of each file, and the change of all of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apply
import backend
import decide
import renders
import report
import texts
from decide import Change
from project import ANSWERS, Project, with_source
from report import tell

CARDS, NOTES = ".claude/agents/", ".claude/notes/"
PERSON = 2  # the exit code where a person has to decide something


def update(given: argparse.Namespace, project: Project, folder: Path) -> int:
    """The new version's files, with what a person wrote in the old ones."""
    whole = bool(given.answers)
    moves = whole and given.version != project.version
    old = renders.Render(folder / "old", project.answers, whole=whole)
    new = renders.Render(folder / "new", project.answers, given.version, given.answers, whole=whole)
    same = (
        renders.Render(folder / "same", project.answers, new.version, whole=True) if moves else old
    )
    fresh, base = new.files(), old.files()
    renders.taken(given.answers, fresh[ANSWERS].decode())
    answers = with_source(fresh[ANSWERS].decode(), project.answers)
    fresh[ANSWERS] = answers.encode()
    tell(report.notes(project.version, given.version))
    tell(report.edited(project, base))
    code = finish(project, decided(project, base, fresh, given.version), preview=given.preview)
    if whole:
        tell(backend.Lacks(project, [same.files()], fresh).lines())
        tell(backend.moved(project.answers, answers))
    return code


def decided(
    project: Project, base: dict[str, bytes], fresh: dict[str, bytes], version: str
) -> list[Change]:
    """What becomes of each path that an update may touch."""
    found: list[Change] = []
    for path in sorted({*base, *fresh}):
        if renders.is_frozen(path):
            found += noted(project, path, base.get(path), fresh.get(path))
            continue
        mine = project.read(path)
        sides = (mine if path == ANSWERS else base.get(path), mine, fresh.get(path))
        change = decide.change(path, sides, version)
        if change and (project.root / path).is_symlink():
            change = decide.linked(path, sides)
        found += [change] if change else []
    return [renamed(change, found) for change in found]


def renamed(change: Change, changes: list[Change]) -> Change:
    """A card that stays though its agent is gone, with the names that the agent may have now."""
    cards = [one.path for one in changes if one.kind == decide.ADDED and CARDS in one.path]
    if change.kind != decide.KEPT or CARDS not in change.path or not cards:
        return change
    return replace(change, why=f"{change.why}. New here: {', '.join(cards)}")


def noted(project: Project, path: str, base: bytes | None, new: bytes | None) -> Iterator[Change]:
    """A new agent's first notes, which are a person's from then on, as those of one that goes."""
    mine = project.read(path) if path.startswith(NOTES) and None in (base, new) else None
    if base is None and new is not None and path.startswith(NOTES) and mine is None:
        yield Change(path, decide.ADDED, (None, None, new), new)
    if new is None and mine is not None and not (base and texts.same(mine, base)):
        yield decide.unread(path, mine)


def finish(project: Project, changes: list[Change], *, preview: bool) -> int:
    """Shows the changes or makes them."""
    project.tracked([row.path for row in changes if row.split or row.now != row.sides[1]])
    tell(report.summary(changes))
    waits = PERSON if any(change.needs for change in changes) else 0
    if preview:
        tell(["", *report.diff(changes)])
        return waits
    if changes:
        apply.apply(project, changes)
        tell(report.ending(changes))
    else:
        tell(["Nothing to change."])
    return waits
