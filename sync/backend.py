"""What the answers changed in the paths that are a person's own, which an update leaves alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import renders
import report
import texts
import undo
from project import ANSWERS, Project, SyncError, git, given

PATCH, HALF = ".baton/add-missing.patch", ".baton/add-missing.half"
STEPS = """
{name} is now {new}, and was {old}. The team's texts, the map and the skills follow. Your code does
not: nothing of it is changed, and nothing deleted. To move it:
  1. {program} sync --add-missing brings the new files, and a patch for those that both have.
  2. Move your own tables and queries, domain by domain, with the tests of each.
  3. Bring the data over, in a copy first.
  4. Delete what nothing uses any more; the list is above.
"""


class Lacks:
    """How a person's own paths differ from what today's answers render.

    `before` is what earlier answers render, the oldest first, all of them by the same version: so
    that nothing counts but the answers.
    """

    def __init__(
        self, project: Project, before: list[dict[str, bytes]], new: dict[str, bytes]
    ) -> None:
        self.project = project
        own = [path for path in sorted({*new}.union(*before)) if renders.is_frozen(path)]
        there = {path for path in own if (project.root / path).is_file()}
        self.missing = {
            path: new[path]
            for path in own
            if path in new and any(path not in base for base in before)
            if not os.path.lexists(project.root / path)
        }
        self.differ = {
            path: (was[0], new[path])
            for path in own
            if path in new and path in there
            if not texts.same((project.root / path).read_bytes(), new[path])
            if (was := [base[path] for base in before if base.get(path, new[path]) != new[path]])
        }
        self.unused = [path for path in own if path not in new and path in there]

    def lines(self) -> Iterator[str]:
        """What a person reads of it after an update."""
        if self.missing or self.differ:
            yield ""
            yield "These answers change your own paths too, and an update does not touch those:"
            yield from (f"  missing: {path}" for path in self.missing)
            yield from (f"  differs: {path}" for path in self.differ)
            yield f"{report.PROGRAM} sync --add-missing writes these, and a patch for the rest."
        if self.unused:
            yield ""
            yield "Nothing renders these any more. They stay until you delete them:"
            yield from (f"  {path}" for path in self.unused)

    def add(self, *, preview: bool) -> Iterator[str]:
        """Writes what is missing, and a patch; says what, or in a preview what it would write."""
        known = report.blob if preview else self.stored
        prefix = self.project.prefix  # git counts the paths of a patch from the repository's top
        rows = [
            line
            for path, two in self.differ.items()
            for line in report.patch(prefix + path, *two, known)
        ]
        deleted = self.deleted()
        if not preview:
            self.write("\n".join([*rows, ""]).encode(errors="surrogateescape") if rows else b"")
        word = "missing" if preview else "added"
        for path in self.missing:
            yield f"{word}: {path}" + (", which you had deleted once" if path in deleted else "")
        if rows:
            yield from ("", *rows, "")
        if rows and not preview:
            yield f"The patch above is {PATCH}. To apply it:"
            yield f"  git apply --3way {PATCH}"
        if any("migrations/" in path for path in self.missing):
            yield "A migration comes: if you have newer ones, let it follow the newest of them."
        if not self.missing and not rows:
            yield "Nothing is missing."

    def stored(self, text: bytes) -> str:
        """A text's name in git, which has it from then on, to merge a patch that does not fit."""
        return git(self.project.root, "hash-object", "-w", "--stdin", give=text).strip()

    def deleted(self) -> set[str]:
        """Which of the missing paths git remembers that somebody deleted."""
        if not self.missing:
            return set()
        words = ("log", "--format=", "--name-only", "--diff-filter=D", "--no-renames", "-z")
        said = git(self.project.root, *words, "--relative", "--", *self.missing)
        return {path.strip("\n") for path in said.split("\0")}

    def vacant(self, path: str) -> None:
        """Refuses to write where something came while this ran, or where no file can be."""
        if self.project.read(path) is not None:
            raise SyncError(f"{path} came while this ran.")

    def write(self, patch: bytes) -> None:
        """The patch, then each missing file, whole: cut off, a second run completes it.

        What fails or is stopped on the way is taken back.
        """
        root, half, made = self.project.root, self.project.root / HALF, list[Path]()
        half.parent.mkdir(exist_ok=True)
        try:
            for path, text in {**({PATCH: patch} if patch else {}), **self.missing}.items():
                half.write_bytes(text)
                if path != PATCH:
                    self.vacant(path)
                made.append(root / path)
                made[-1].parent.mkdir(parents=True, exist_ok=True)
                half.replace(made[-1])
        except BaseException as error:
            for at in (half, *made):
                at.unlink(missing_ok=True)
                undo.tidy(root, at.parent)
            if isinstance(error, (OSError, SyncError)):
                raise SyncError(f"Nothing was written: {error}") from error
            raise
        self.project.wrote = True


def moved(old: str, new: str) -> Iterator[str]:
    """What to do where the answers now name another stack or data layer."""
    for name in ("stack", "data_layer"):
        was, now = (given(text).get(name) for text in (old, new))
        if was != now and was and now:
            yield STEPS.format(name=name, old=was, new=now, program=report.PROGRAM)


def earlier(project: Project) -> list[str]:
    """Every other set of answers that the project had, as git remembers them, the oldest first."""
    if project.says("rev-parse", "--is-shallow-repository") == "true":
        raise SyncError(
            "This clone has a part of the history alone, so nobody can tell which answers were"
            " changed. git fetch --unshallow brings the rest."
        )
    now, found = given(project.answers), dict[str, str]()
    words = ("log", "--reverse", "--format=%H", "--", ANSWERS)
    for commit in git(project.root, *words).split():
        text = git(project.root, "show", f"{commit}:./{ANSWERS}", most=128)  # it may be deleted
        old = given(text)
        if old != now and re.search(r"(?m)^_src_path:", text):
            found.setdefault(repr(sorted(old.items())), text)
    if not found:
        raise SyncError("No answer was ever changed here, so nothing is missing.")
    return [*found.values()]


def add_missing(project: Project, folder: Path, *, preview: bool) -> Iterator[str]:
    """Brings in what the answers ask for and the project's own paths lack."""
    made = [
        renders.Render(folder / str(number), text, project.version, whole=True)
        for number, text in enumerate([*earlier(project), project.answers])
    ]
    *before, new = (render.files() for render in made)
    yield from Lacks(project, before, new).add(preview=preview)
