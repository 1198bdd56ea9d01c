"""What has to hold after an update, whatever a person did before it."""

import json
from collections.abc import Iterator
from pathlib import Path

from project import ANSWERS
from renders import is_frozen
from tests.update.cases import Case
from tests.update.history import git
from tests.update.person import SETTINGS, section
from tests.update.renders import Files

MARKS = (b"<<<<<<<", b">>>>>>>")


def losses(case: Case) -> Iterator[str]:
    """What a person wrote and does not find again; none of it may be."""
    root = case.person.root
    for page, title, line in case.person.lines:
        yield from lost(case, page, title, line)
    for path, text in {**case.person.own, **case.frozen}.items():
        if not (root / path).exists() or (root / path).read_bytes() != text:
            yield f"{path} changed, which is a person's"
    yield from (f"{path} is back" for path in case.person.deleted if (root / path).exists())
    try:
        allowed = json.loads((root / SETTINGS).read_bytes())["permissions"]["allow"]
    except (ValueError, KeyError):
        allowed = []
    yield from (f"{SETTINGS} lost {rule}" for rule in case.person.rules if rule not in allowed)


def lost(case: Case, page: str, title: str, line: str) -> Iterator[str]:
    """Whether a line is where a person wrote it, or in a conflict."""
    path = case.person.root / page
    rows = path.read_bytes().decode().splitlines() if path.exists() else []
    found = [at for at, row in enumerate(rows) if row == line]
    if len(found) != 1:
        yield f"{page} has {line!r} {len(found)} times"
    elif section(rows, found[0]) != title and not within_marks(rows, found[0]):
        named = case.new.get(page, b"").decode().splitlines()
        if title in named:  # else the new version calls that section something else
            yield f"{page} moved {line!r} to {section(rows, found[0])!r}"


def within_marks(rows: list[str], at: int) -> bool:
    """Whether a line stands between the marks of a conflict."""
    above = [row[:7] for row in rows[:at] if row[:7] in ("<<<<<<<", ">>>>>>>")]
    return above[-1:] == ["<<<<<<<"]


def faults(case: Case, code: int, said: str) -> Iterator[str]:
    """Everything that is wrong after an update of a project."""
    root = case.person.root
    yield from losses(case)
    waiting = set(git(root, "diff", "--diff-filter=U", "--name-only").split())
    marked = {path for path, text in texts(root).items() if marks(text)}
    yield from (f"{path} has marks, and git does not know" for path in marked - waiting)
    waits = waiting | unread(case)
    if code != (2 if waits else 0):
        yield f"exit {code} while these wait: {sorted(waits)}"
    told = waits | {*case.person.programs}
    yield from (f"{path} was not said" for path in told if path not in said)
    yield from at_the_new_version(case, waiting)
    for path in case.new:
        if path.endswith(".json") and not is_frozen(path) and (root / path).exists():
            try:
                json.loads((root / path).read_bytes())
            except ValueError as error:
                yield f"{path}: {error}"
    for path in {*case.person.frozen()} - {*case.frozen}:
        agent = path.removeprefix(".claude/notes/").removesuffix(".md")
        if f".claude/agents/{agent}.md" in case.base:
            yield f"{path} came, which is a person's"


def unread(case: Case) -> set[str]:
    """The notes in which a person wrote to an agent that is gone."""
    gone = {path for path in case.base if path.startswith(".claude/notes/")} - {*case.new}
    return {path for path in gone & {*case.frozen} if case.frozen[path] != case.base[path]}


def at_the_new_version(case: Case, waiting: set[str]) -> Iterator[str]:
    """What of Baton's is not as the new version renders it, but for what a person wrote."""
    person, base, new = case.person, case.base, case.new
    changed = {page for page, _, _ in person.lines} - {*person.inserted}
    for path in {*base, *new} - changed - waiting - person.deleted - {SETTINGS, ANSWERS}:
        at = person.root / path
        if path in person.own or (is_frozen(path) and not fresh_notes(path, base)):
            continue
        there = at.read_bytes() if at.exists() else None
        if there is not None and path in person.inserted:
            there = without(there, person.inserted[path])
        want = new.get(path)
        if path in person.windows and want is not None:
            want = want.replace(b"\n", b"\r\n")
        if there != want:
            yield f"{path} is not as the new version has it"
    answers = (person.root / ANSWERS).read_bytes()
    if answers != new[ANSWERS]:
        yield f"{ANSWERS} is not as the new version has it"


def fresh_notes(path: str, base: Files) -> bool:
    return path.startswith(".claude/notes/") and path not in base


def without(text: bytes, lines: list[str]) -> bytes:
    """A text without the lines that a person put in."""
    rows = text.decode().split("\n")
    for line in lines:
        if line in rows:
            rows.remove(line)
    return "\n".join(rows).encode()


def texts(root: Path) -> Files:
    """What an update cares for, as it is."""
    folders = (".claude", "team", "handoff", "tasks")
    paths = [path for folder in folders for path in (root / folder).rglob("*") if path.is_file()]
    paths += [path for path in root.glob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def marks(text: bytes) -> bool:
    return any(line.startswith(MARKS) for line in text.splitlines())
