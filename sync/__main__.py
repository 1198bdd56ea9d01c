"""Updates the team of a project to the version that this file belongs to.

The project's own `team/baton.py sync` fetches that version, and starts this file in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import adopt
import apply
import backend
import decide
import report
from decide import Change, Sides
from project import ANSWERS, Project, SyncError, with_source
from renders import TEMPLATE, Render, is_frozen

FAULT, PERSON = 1, 2  # exit codes: nothing changed; a person has to decide something


def main(words: list[str]) -> int:
    given = parser().parse_args(words)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return run(given, Project(Path(given.root).resolve()), Path(folder).resolve())
    except SyncError as error:
        return fault(str(error))
    except OSError as error:
        return fault(f"{error}. Nothing was changed.")
    except KeyboardInterrupt:
        return fault("Stopped. Nothing was changed.")


def fault(why: str) -> int:
    print(f"baton: {why}", file=sys.stderr)
    return FAULT


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="baton sync", description="Updates the team.")
    whole.add_argument("root", help="of the project")
    whole.add_argument("version", help="that this is")
    whole.add_argument("--preview", action="store_true", help="show it, and write nothing")
    whole.add_argument("--answers", nargs="+", default=[], metavar="NAME=VALUE", help="to change")
    whole.add_argument("--yes", action="store_true", help="was read when this was fetched")
    whole.add_argument("--to", help="was read too")
    jobs = whole.add_mutually_exclusive_group()
    jobs.add_argument("--add-missing", action="store_true", help="bring in what your paths lack")
    jobs.add_argument("--adopt", nargs="*", metavar="PATH", help="join yours with Baton's")
    jobs.add_argument("--leave", action="store_true", help="list what Baton put here")
    return whole


def run(given: argparse.Namespace, project: Project, folder: Path) -> int:
    """One of the jobs. Its exit code is 0, or 2 where a person has to decide something."""
    if given.add_missing:
        tell(backend.add_missing(project, folder, given.version))
    elif given.leave:
        tell(adopt.leave(project, Render(folder, project.answers).files()))
    elif given.adopt == []:
        tell(adopt.listed(project, Render(folder, project.answers).files()))
    elif given.adopt:
        project.clean()
        files = Render(folder, project.answers).files()
        return finish(project, adopt.changes(project, files, given.adopt), preview=given.preview)
    else:
        project.clean()
        project.forward(TEMPLATE, given.version)
        return update(given, project, folder)
    return 0


def update(given: argparse.Namespace, project: Project, folder: Path) -> int:
    """The new version's files, with what a person wrote in the old ones."""
    whole = bool(given.answers)
    old = Render(folder / "old", project.answers, whole=whole)
    new = Render(folder / "new", project.answers, given.version, given.answers, whole=whole)
    base, fresh = old.files(), new.files()
    answers = with_source(fresh[ANSWERS].decode(), project.answers)
    fresh[ANSWERS] = answers.encode()
    tell(report.notes(project.version, given.version))
    tell(report.edited(project, base))
    code = finish(project, decided(project, base, fresh, given.version), preview=given.preview)
    if whole:
        tell(backend.Lacks(project, base, fresh).lines())
        tell(backend.moved(project.answers, answers))
    return code


def decided(
    project: Project, base: dict[str, bytes], fresh: dict[str, bytes], version: str
) -> list[Change]:
    """What becomes of each path that an update may touch."""
    found = []
    for path in sorted({*base, *fresh}):
        mine = project.read(path)
        sides: Sides = (base.get(path), mine, fresh.get(path))
        if path == ANSWERS:
            sides = (mine, mine, fresh[path])
        elif is_frozen(path) and not first_notes(path, base, mine):
            continue
        change = decide.change(path, sides, version)
        if change and (project.root / path).is_symlink():
            change = decide.linked(path, sides)
        found += [change] if change else []
    return found


def first_notes(path: str, base: dict[str, bytes], mine: bytes | None) -> bool:
    """Whether these are the notes of an agent that is new, which are a person's from then on."""
    return path.startswith(".claude/notes/") and path not in base and mine is None


def finish(project: Project, changes: list[Change], *, preview: bool) -> int:
    """Shows the changes or makes them."""
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


def tell(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.buffer.write(f"{line}\n".encode(errors="backslashreplace"))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
