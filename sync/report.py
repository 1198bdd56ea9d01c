"""What an update says: what changed between the versions, what it does, what is left to do."""

from __future__ import annotations

import difflib
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator

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
    split = [change.path for change in changes if change.split]
    plain = [change.path for change in changes if change.needs and change.plain]
    yield ""
    if split:
        yield "These wait for you, and git commit refuses until they are settled:"
        yield from (f"  {path}" for path in split)
        yield "Settle each in its file, then git add it, or git rm it. git commit -a does not ask."
    if plain:
        yield "These wait for you, and git does not know:"
        yield from (f"  {path}" for path in plain)
    yield f"Look at it (git diff), run {PROGRAM} doctor, and commit."
    yield f"To take it all back: {PROGRAM} sync --abort"


def diff(changes: Iterable[Change]) -> Iterator[str]:
    """The changes as a patch."""
    for change in changes:
        yield from patch(change.path, change.sides[1], change.now)


def blob(text: bytes) -> str:
    """What git calls a text, by which it finds it again to merge a patch."""
    return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()  # noqa: S324 - git's own


def patch(
    path: str, was: bytes | None, now: bytes | None, name: Callable[[bytes], str] = blob
) -> Iterator[str]:
    """What differs between two states of a file, as git writes it."""
    if was == now:
        return
    yield f"diff --git a/{path} b/{path}"
    if was is None or now is None:
        yield "new file mode 100644" if was is None else "deleted file mode 100644"
    names = ["0" * 40 if text is None else name(text) for text in (was, now)]
    yield "index " + "..".join(names) + (" 100644" if None not in (was, now) else "")
    old, new = (lines(text or b"") for text in (was, now))
    before = "/dev/null" if was is None else f"a/{path}"
    after = "/dev/null" if now is None else f"b/{path}"
    for row in difflib.unified_diff(old, new, before, after):
        yield row.removesuffix("\n")
        if not row.endswith("\n"):
            yield "\\ No newline at end of file"


def lines(text: bytes) -> list[str]:
    """What git calls lines: nothing but a line feed ends one."""
    *whole, last = text.decode(errors="surrogateescape").split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


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


def tell(rows: Iterable[str]) -> None:
    for row in rows:
        sys.stdout.buffer.write(f"{row}\n".encode(errors="backslashreplace"))
    sys.stdout.flush()
