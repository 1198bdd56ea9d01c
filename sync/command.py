"""What the program is told to do, and how it ends."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import adopt
import backend
import renders
import report
import update
from project import Project, SyncError

FAULT = 1  # the exit code where nothing was changed
TAKEN_BACK = "What it did so far is taken back by the next baton sync"
WHOLE = "All of it is written all the same: look at git status and git diff"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SyncError(f"{message}. team/baton.py sync --help lists what there is")


def main(words: list[str]) -> int:
    try:
        given = parser().parse_args(words)
        project = Project(Path(given.root).resolve())
        before = laid_down(project)
        folder = tempfile.mkdtemp(prefix="baton-")
        try:
            return run(given, project, Path(folder).resolve())
        except (OSError, KeyboardInterrupt) as error:
            return stopped(project, before, str(error) or "Stopped")
        finally:
            renders.stop()
            shutil.rmtree(folder, ignore_errors=True)
    except SyncError as error:
        return fault(str(error))
    except OSError as error:
        return fault(f"{error}. Nothing was changed.")
    except KeyboardInterrupt:
        return fault("Stopped. Nothing was changed.")


def laid_down(project: Project) -> tuple[int, bool]:
    """Which update lies in the project, and whether it came to its end."""
    state = project.root / ".baton" / "sync"
    plan = state / "plan.json"
    return plan.stat().st_mtime_ns if plan.exists() else 0, (state / "done").exists()


def stopped(project: Project, before: tuple[int, bool], why: str) -> int:
    """Says what is true where something ends it on the way, or after all was written."""
    now = laid_down(project)
    if project.wrote or (now != before and now[1]):
        fault(f"{why}. {WHOLE}")
        return update.PERSON
    return fault(f"{why}. {TAKEN_BACK if now != before and now[0] else 'Nothing was changed'}")


def fault(why: str) -> int:
    """Says it in one line, with one stop at its end."""
    line = " ".join(why.split()).rstrip(".")
    sys.stderr.buffer.write(f"baton: {line}.\n".encode(errors="backslashreplace"))
    return FAULT


def parser() -> argparse.ArgumentParser:
    whole = Parser(description="Updates the team.", allow_abbrev=False)
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


def sensible(given: argparse.Namespace) -> None:
    """Refuses what a job would pass over in silence."""
    job = "--add-missing" if given.add_missing else "--leave" if given.leave else "--adopt"
    if job == "--adopt" and given.adopt is None:
        return
    if given.answers:
        raise SyncError(f"{job} takes no --answers: an update does. Update with them first.")
    if given.preview and (given.leave or given.adopt == []):
        raise SyncError(f"{job} writes nothing, so there is no --preview of it.")


def run(given: argparse.Namespace, project: Project, folder: Path) -> int:
    """One of the jobs. Its exit code is 0, or 2 where a person has to decide something."""
    sensible(given)
    if given.add_missing:
        report.tell(backend.add_missing(project, folder, preview=given.preview))
    elif given.leave:
        report.tell(adopt.leave(project, renders.Render(folder, project.answers).files()))
    elif given.adopt == []:
        report.tell(adopt.listed(project, renders.Render(folder, project.answers).files()))
    elif given.adopt:
        project.clean()
        files = renders.Render(folder, project.answers).files()
        return update.finish(
            project, adopt.changes(project, files, given.adopt), preview=given.preview
        )
    else:
        project.clean()
        project.forward(renders.TEMPLATE, given.version)
        renders.known(given.answers)
        return update.update(given, project, folder)
    return 0
