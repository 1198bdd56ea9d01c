"""What an update does to each file that Baton renders, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import keys
import texts

ADDED = "added"
UPDATED = "updated"
MERGED = "merged with your edits"
REPLACED = "replaced"
REMOVED = "removed"
LEFT_OUT = "left deleted"
KEPT = "kept"
CONFLICT = "in conflict"
REPLACING = "You had changed it, and programs are replaced: git show HEAD:./{} has yours"
NEEDS = (KEPT, CONFLICT)  # of these a person decides

# What was rendered, what is there, what is rendered now; None where there is no such file.
Sides = tuple[Optional[bytes], Optional[bytes], Optional[bytes]]


@dataclass(frozen=True)
class Change:
    """What becomes of a path: its bytes afterwards, None where it is gone."""

    path: str
    kind: str
    sides: Sides
    now: bytes | None
    why: str = ""
    plain: bool = False  # of what git can hold no sides

    @property
    def needs(self) -> bool:
        """Whether a person has to decide something."""
        return self.kind in NEEDS

    @property
    def split(self) -> bool:
        """Whether git is told, so that nobody commits it unseen."""
        return self.needs and not self.plain


def change(path: str, sides: Sides, version: str) -> Change | None:
    """What becomes of a file; None where it stays as it is, and nobody needs to know."""
    base, mine, new = sides
    if new is None:
        return dropped(path, sides, version)
    if mine is None:
        return absent(path, sides)
    if texts.same(mine, new):
        return None
    if base is not None and texts.same(mine, base):
        return Change(path, UPDATED, sides, texts.ended(new, mine))
    if base is not None and is_program(path):
        return Change(path, REPLACED, sides, new, REPLACING.format(path))
    if base is not None and texts.same(base, new):
        return None
    return merged(path, sides, version)


def linked(path: str, sides: Sides) -> Change:
    """A link stays one: what it leads to may be anything."""
    why = f"It is a link, and stays one: Baton's text is in .baton/sync/theirs/{path}"
    return Change(path, KEPT, sides, sides[1], why, plain=True)


def unread(path: str, mine: bytes) -> Change:
    """Notes in which a person wrote, to an agent that goes."""
    why = "You wrote in it, and its agent is gone: move what others need to know, and delete it"
    return Change(path, KEPT, (None, mine, None), mine, why, plain=True)


def dropped(path: str, sides: Sides, version: str) -> Change | None:
    """A file that is not rendered any more goes, unless a person changed it."""
    base, mine, _ = sides
    if mine is None or base is None:
        return None
    if texts.same(mine, base):
        return Change(path, REMOVED, sides, None)
    if is_program(path):
        return Change(path, REMOVED, sides, None, REPLACING.format(path))
    why = f"You changed it, and {version} has it no more for your answers"
    return Change(path, KEPT, sides, mine, f"{why}. Delete it, or keep it as your own")


def absent(path: str, sides: Sides) -> Change | None:
    """A file that a person deleted stays deleted; but the programs are whole."""
    base, _, new = sides
    if base is None or is_program(path):
        return Change(path, ADDED, sides, new)
    if base == new:
        return None
    return Change(path, LEFT_OUT, sides, None, "You deleted it; Baton's changed since")


def merged(path: str, sides: Sides, version: str) -> Change:
    """A file that both sides changed, or both made."""
    base, mine, new = sides
    assert mine is not None and new is not None  # noqa: S101, PT018
    theirs = f"Baton's is in .baton/sync/theirs/{path}"
    if path.endswith(".json"):
        return by_key(path, sides, version)
    if base is None:
        why = f"It was yours before Baton had one; {theirs}"
        return Change(path, CONFLICT, sides, mine, f"{why}. sync --adopt {path} joins the two")
    whole, split = texts.merge(base, mine, new, version)
    if whole is None:
        return Change(path, CONFLICT, sides, mine, f"It is no text, so yours stays; {theirs}")
    if split:
        why = f"Marked in the file: yours above, Baton {version} below"
        return Change(path, CONFLICT, sides, whole, why)
    return Change(path, MERGED, sides, whole)


def by_key(path: str, sides: Sides, version: str) -> Change:
    """A JSON file: by key, written as by lines where both say the same."""
    base, mine, new = (side or b"{}" for side in sides)
    theirs = f"Baton's is in .baton/sync/theirs/{path}"
    try:
        whole, clashes = keys.merge(base, mine, new)
    except ValueError as error:
        return Change(
            path, CONFLICT, sides, mine, f"Yours is no JSON ({error}) and stays; {theirs}"
        )
    whole = texts.ended(whole, mine)
    lines, split = texts.merge(base, mine, new, version)
    if lines and not split and alike(lines, whole):
        whole = lines
    if clashes:
        why = f"Both changed {', '.join(clashes)}: yours stays; {theirs}"
        return Change(path, CONFLICT, sides, whole, why)
    return Change(path, MERGED, sides, whole)


def alike(lines: bytes, whole: bytes) -> bool:
    """Whether what was merged by lines says what was merged by key."""
    try:
        return keys.text(keys.read(lines)) == keys.text(keys.read(whole))
    except ValueError:
        return False


def is_program(path: str) -> bool:
    """Whether a path is one of the programs, which are replaced and never merged."""
    return path.startswith("team/") and path.endswith(".py")
