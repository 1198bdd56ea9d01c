"""What the answers changed in the paths that are a person's own, which an update leaves alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import renders
import report
from project import ANSWERS, Project, SyncError, git

PATCH = ".baton/add-missing.patch"
STEPS = """
{name} is now {new}, and was {old}. The team's texts, the map and the skills follow. Your code does
not: nothing of it is changed, and nothing deleted. To move it:
  1. {program} sync --add-missing brings the new files, and a patch for those that both have.
  2. Move your own tables and queries, domain by domain, with the tests of each.
  3. Bring the data over, in a copy first.
  4. Delete what nothing uses any more; the list is above.
"""


class Lacks:
    """How a person's own paths differ from what the new answers would have rendered."""

    def __init__(self, project: Project, base: dict[str, bytes], new: dict[str, bytes]) -> None:
        own = [path for path in sorted({*base, *new}) if renders.is_frozen(path)]
        there = {path for path in own if (project.root / path).is_file()}
        self.missing = {
            path: new[path] for path in own if path in new and path not in {*base, *there}
        }
        self.differ = {
            path: (base[path], new[path])
            for path in own
            if path in base and path in new and base[path] != new[path] and path in there
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

    def add(self, root: Path) -> Iterator[str]:
        """Writes what is missing, and a patch; says what."""
        made: list[Path] = []
        try:
            for path, text in self.missing.items():
                at = root / path
                at.parent.mkdir(parents=True, exist_ok=True)
                with at.open("xb") as file:
                    made.append(at)
                    file.write(text)
        except OSError as error:
            for at in made:
                at.unlink()
            raise SyncError(f"Nothing was written: {error}.") from error
        yield from (f"added: {path}" for path in self.missing)
        rows = [line for path, two in self.differ.items() for line in report.patch(path, *two)]
        if rows:
            (root / PATCH).parent.mkdir(exist_ok=True)
            (root / PATCH).write_bytes("\n".join([*rows, ""]).encode())
            yield from ("", *rows, "", f"The patch above is {PATCH}. To apply it:")
            yield f"  git apply --3way {PATCH}"
        if any("migrations/" in path for path in self.missing):
            yield "A migration came: if you have newer ones, let it follow the newest of them."
        if not self.missing and not rows:
            yield "Nothing is missing."


def moved(old: str, new: str) -> Iterator[str]:
    """What to do where the answers now name another stack or data layer."""
    for name in ("stack", "data_layer"):
        was, now = (re.findall(rf"(?m)^{name}: *(\S+)", text) for text in (old, new))
        if was != now and was and now:
            yield STEPS.format(name=name, old=was[0], new=now[0], program=report.PROGRAM)


def earlier(project: Project) -> str:
    """The answers before the last change of one, as git remembers them."""
    now = given(project.answers)
    made = git(project.root, "log", "--format=%H", "--", ANSWERS).split()
    for commit in made:
        text = git(project.root, "show", f"{commit}:./{ANSWERS}")
        if given(text) != now:
            return text
    raise SyncError("No answer was ever changed here, so nothing is missing.")


def given(answers: str) -> list[str]:
    """The answers without what Copier notes for itself."""
    return [line.rstrip() for line in answers.splitlines() if not re.match(r"[#_]|\s*$", line)]


def add_missing(project: Project, folder: Path) -> Iterator[str]:
    """Brings in what the answers ask for and the project's own paths lack."""
    base = renders.Render(folder / "old", earlier(project), whole=True)
    new = renders.Render(folder / "new", project.answers, whole=True)
    yield from Lacks(project, base.files(), new.files()).add(project.root)
