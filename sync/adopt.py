"""Joining a repository that had agents before Baton came, and leaving Baton again."""

from __future__ import annotations

from collections.abc import Iterator

import decide
import report
import texts
from decide import MERGED, UPDATED, Change
from project import ANSWERS, Project, SyncError
from renders import is_frozen

CARDS, NOTES = ".claude/agents/", ".claude/notes/"
# Those of which both texts stand in one file, with what stands between them.
PAGES = {"CLAUDE.md": b"\n\n", "AGENTS.md": b"\n\n## Our own words\n\n"}
STOPS = """
Without these no program holds an agent to its paths, to tests first or to a whole handoff, and
Claude Code finds no agents of the team. The code needs none of it."""
# What in a person's own paths speaks of the team.
SPEAK = {
    "backend/pyproject.toml": (
        "-pteam.outcome",
        "the line -pteam.outcome, or pytest does not start",
    ),
    ".pre-commit-config.yaml": ("team/baton.py", "the entries that call team/baton.py"),
    ".github/workflows/ci.yml": ("team/baton.py", "the job that calls team/baton.py"),
    ".github/workflows/update-team.yml": ("team/baton.py", "all of it"),
    "README.md": ("team/", "what it says of the team"),
}


def changes(project: Project, rendered: dict[str, bytes], paths: list[str]) -> list[Change]:
    """What joining does to each of the paths; every one that differs from Baton's can be named."""
    found = []
    differ = [path for path, new in managed(rendered) if differs(project, path, new)]
    if strangers := sorted({*paths} - {*differ}):
        raise SyncError(
            f"{strangers[0]} does not differ from what Baton renders, or is not Baton's at all."
            f" {report.PROGRAM} sync --adopt lists what does."
        )
    for path in paths:
        if (project.root / path).is_symlink():
            raise SyncError(f"{path} is a link. Take it away first, or join what it leads to.")
        found += joined(project, path, rendered[path])
    return found


def managed(rendered: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files that an update cares for."""
    for path, new in sorted(rendered.items()):
        if path != ANSWERS and not is_frozen(path):
            yield path, new


def differs(project: Project, path: str, new: bytes) -> bool:
    mine = project.read(path)
    return mine is None or not texts.same(mine, new)


def joined(project: Project, path: str, new: bytes) -> list[Change]:
    """Baton's file where it belongs, with what a person wrote kept where it is read or found."""
    mine = project.read(path)
    sides = (None, mine, new)
    if mine is None:
        return [Change(path, decide.ADDED, sides, new)]
    if path.endswith(".json"):
        return [decide.by_key(path, (b"{}", mine, new), "Baton")]
    if path in PAGES:
        if new.splitlines()[0] in mine.splitlines():
            raise SyncError(f"{path} has Baton's first line already: it was joined, or edited.")
        whole = texts.ended(new.rstrip() + PAGES[path], mine) + mine
        return [Change(path, MERGED, sides, whole, "It has Baton's text, then yours")]
    taken = Change(path, UPDATED, sides, texts.ended(new, mine))
    if path.startswith(CARDS):
        return [taken, kept(project, NOTES + path[len(CARDS) :], path, mine)]
    stem, dot, end = path.rpartition(".")
    return [taken, kept(project, f"{stem}.yours{dot}{end}", path, mine)]


def kept(project: Project, to: str, path: str, mine: bytes) -> Change:
    """What a person wrote, at the end of another file."""
    before = project.read(to)
    whole = (before.rstrip() + b"\n\n" if before else b"") + mine
    why = f"It has what you had in {path}. Keep what is not said there already"
    return Change(to, MERGED, (before, before, None), whole, why)


def listed(project: Project, rendered: dict[str, bytes]) -> Iterator[str]:
    """Which of Baton's files are as it rendered them, and which are not."""
    rows = [(path, differs(project, path, new)) for path, new in managed(rendered)]
    same = [path for path, other in rows if not other]
    mine = [path for path, other in rows if other]
    yield f"{len(same)} files are as Baton renders them:"
    yield from (f"  {path}" for path in same)
    if mine:
        yield f"{len(mine)} are yours, or you changed them:"
        yield from (f"  {path}" for path in mine)
        yield f"{report.PROGRAM} sync --adopt PATH joins one with Baton's, and keeps both."


def leave(project: Project, rendered: dict[str, bytes]) -> Iterator[str]:
    """What Baton put here, and what would stop working without it."""
    there = [path for path, _ in managed(rendered) if project.read(path) is not None]
    edited = {path for path in there if differs(project, path, rendered[path])}
    yield "Baton put these here, and an update cares for them:"
    yield from (f"  {path}{' (you changed it)' if path in edited else ''}" for path in there)
    yield from (f"  {ANSWERS}", "  .baton/ (on this machine alone)", STOPS)
    speak = [(path, what) for path, (word, what) in SPEAK.items() if says(project, path, word)]
    if speak:
        yield "Take out of your own files:"
        yield from (f"  {path}: {what}" for path, what in speak)
    yield from ("", "To leave: git rm those that you do not keep. Nothing was changed.")


def says(project: Project, path: str, word: str) -> bool:
    """Whether a file is there and has a word."""
    at = project.root / path
    return at.is_file() and word.encode() in at.read_bytes()
