"""What an update says: what changed between the versions, what it does, what is left to do."""

from __future__ import annotations

import difflib
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator

import texts
from decide import ADDED, CONFLICT, KEPT, LEFT_OUT, MERGED, REMOVED, REPLACED, UPDATED, Change
from project import ANSWERS, Project, named
from renders import TEMPLATE, is_frozen

PROGRAM = "python3 team/baton.py"
# Those of which nobody needs each name, unless there is something to say about it.
MANY = (ADDED, UPDATED, REPLACED, REMOVED)


def summary(changes: list[Change]) -> Iterator[str]:
    """Each kind of change, with the paths, and why where there is something to know."""
    for kind in (ADDED, UPDATED, MERGED, REPLACED, REMOVED, LEFT_OUT, KEPT, CONFLICT):
        rows = [change for change in changes if change.kind == kind]
        plain = [change.path for change in rows if not change.why]
        if plain:
            yield f"{kind}: {named(plain, 3 if kind in MANY else len(plain))}"
        yield from (f"{kind}: {change.path}. {change.why}." for change in rows if change.why)


def ending(changes: list[Change]) -> Iterator[str]:
    """What a person does now."""
    waits = [change.path for change in changes if change.needs]
    yield ""
    if waits:
        yield f"{len(waits)} of these wait for you. Git commits nothing before they are settled:"
        yield from (f"  {path}" for path in waits)
        yield "Settle each in its file, then git add it, or git rm it."
    yield f"Look at it (git diff), run {PROGRAM} doctor, and commit."
    yield f"To take it all back: {PROGRAM} sync --abort"


def diff(changes: Iterable[Change]) -> Iterator[str]:
    """The changes as a patch."""
    for change in changes:
        yield from patch(change.path, change.sides[1], change.now)


def patch(path: str, was: bytes | None, now: bytes | None) -> Iterator[str]:
    """What differs between two states of a file, as git writes it."""
    if was == now:
        return
    yield f"diff --git a/{path} b/{path}"
    if was is None or now is None:
        yield "new file mode 100644" if was is None else "deleted file mode 100644"
    yield f"index {blob(was)}..{blob(now)}" + (" 100644" if was and now else "")
    old, new = ((text or b"").decode(errors="replace").splitlines() for text in (was, now))
    before = "/dev/null" if was is None else f"a/{path}"
    after = "/dev/null" if now is None else f"b/{path}"
    yield from difflib.unified_diff(old, new, before, after, lineterm="")


def blob(text: bytes | None) -> str:
    """What git calls a text, by which it finds it again to merge a patch."""
    if text is None:
        return "0" * 40
    return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()  # noqa: S324 - git's own


def edited(project: Project, base: dict[str, bytes]) -> Iterator[str]:
    """Which of the files that an update cares for a person changed."""
    for path, text in base.items():
        mine = None if is_frozen(path) or path == ANSWERS else project.read(path)
        if mine is not None and not texts.same(mine, text):
            yield f"you edited: {path}"


def notes(old: str, new: str) -> list[str]:
    """What the changelog says of the versions after the old one, up to the new one."""
    path = TEMPLATE / "CHANGELOG.md"
    parts = re.split(r"(?m)^## +", path.read_text("utf-8"))[1:] if path.exists() else []
    first, last = release(old), release(new)
    found = []
    for part in parts:
        number = release(part.split("\n", 1)[0])
        # Without a number it is what no release has yet.
        begun = number is None or first is None or number > first
        ended = last is None or (number is not None and number <= last)
        found += [f"## {part.strip()}", ""] if begun and ended else []
    return found


def release(version: str) -> tuple[int, ...] | None:
    """The numbers of a release, None of what is none."""
    found = re.match(r"\[?v?(\d+)\.(\d+)\.(\d+)", version)
    return tuple(map(int, found.groups())) if found else None


def tell(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.buffer.write(f"{line}\n".encode(errors="backslashreplace"))
    sys.stdout.flush()
