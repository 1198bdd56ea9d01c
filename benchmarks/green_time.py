"""From nothing to a green test run: this template, the least that the same tools take, and peers.

The least is a copy of the same files without a question, and a test that imports the same packages.

Every cache is warm but Python's bytecode, which a new environment has not: each way is gone once
before it is measured, and from then on uv asks nobody whether something is newer. They take turns,
so that whatever else the machine does falls on all, and the least of each counts. Seconds say
little of a machine that is slower today than yesterday: what is held to a target is what it would
have been where the floor takes as long as on a quiet one. uv takes the Python that it finds. The
peers need 3.12, so they run on one that is newer, where there is one.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.copy_time import files_alone, repository
from benchmarks.outcome import Outcome, outcome
from tests.support.backend import environment
from tests.support.render import copy
from tests.support.template import VARIABLE, plain_copy

# Seconds, on a machine of two cores that does nothing else: what the floor takes there; what ours
# may take from the copy to green without the stream, what that may add, and the tests on Supabase.
FLOOR = 5.1
TARGET, STREAM, SUPABASE = 8.0, 1.5, 12.0
# The largest packages, imported for the first time.
FLOOR_TEST = """
import alembic.command, fastapi, sqlalchemy.ext.asyncio

def test_it_is_there():
    assert fastapi.FastAPI()
"""
SYNC, TESTS = ("uv", "sync"), ("uv", "run", "pytest")
OURS = ("this template", "without stream", "on Supabase")


@dataclass(frozen=True)
class Way:
    """What is typed to have a project, where its backend is in it, and what its package is."""

    make: Sequence[str]
    backend: str
    package: str
    again: bool = False  # whether its tests are run once more, with all bytecode there
    python: str | None = None  # where it needs another than uv finds


@dataclass(frozen=True)
class Took:
    """The seconds of each step, and what the tests came to."""

    steps: Mapping[str, float]
    outcome: Outcome

    @property
    def seconds(self) -> float:
        return sum(took for step, took in self.steps.items() if step != "again")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds: int = parser.parse_args().rounds
    # Where it is set, each process compiles everything anew. A person's machine does not do that.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"{rounds} rounds after one that warms up, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="baton-") as name:
        ways = {**ours(Path(name)), **peers()}
        took: dict[str, list[Took]] = {way: [] for way in ways}
        for turn in range(rounds + 1):
            if turn:
                os.environ["UV_OFFLINE"] = "1"
            for way, what in ways.items():
                one = go(what, Path(name) / "made")
                if turn:
                    took[way].append(one)
    least = {way: min(several, key=lambda one: one.seconds) for way, several in took.items()}
    for way, one in least.items():
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in one.steps.items())
        print(f"{way:18} {one.seconds:5.1f} s ({steps})\n{'':18} {one.outcome}")
    kept = is_kept([least[way] for way in OURS], least["floor"].seconds / FLOOR)
    return 0 if kept and all(least[way].outcome.complete for way in OURS) else 1


def is_kept(ours: Sequence[Took], pace: float) -> bool:
    """Prints the targets and what it took, at the pace of a quiet machine; whether all are kept."""
    streams, bare, supabase = ours
    print(f"\nThe floor took {pace:.2f} times {FLOOR} s. Where it takes {FLOOR} s:")
    held = {
        "to green, without stream": (bare.seconds, TARGET),
        "what the stream adds": (streams.seconds - bare.seconds, STREAM),
        "the tests on Supabase": (supabase.steps["tests"], SUPABASE),
    }
    for what, (took, most) in held.items():
        print(f"{what:25} {took / pace:4.1f} s, at most {most}")
    return all(took / pace <= most for took, most in held.values())


def newer_python() -> str | None:
    """Where a Python is that suits the peers, if there is one."""
    command = ["uv", "python", "find", "--no-project", "--no-python-downloads", ">=3.12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    # What pyenv keeps, uv finds only where it is switched on.
    kept = sorted(map(str, Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python")))
    return done.stdout.strip() or (kept[-1] if kept else None)


def peers() -> Mapping[str, Way]:
    """The peers, where they can run."""
    python = newer_python()
    return {name: replace(way, python=python) for name, way in PEERS.items() if python}


def ours(folder: Path) -> Mapping[str, Way]:
    """This template as a clone, and plain files of which one project needs the same packages."""
    template = repository(plain_copy(folder / "template"))
    os.environ[VARIABLE] = str(template)
    copy({"tdd": "strict"}, folder / "rendered")
    floor = folder / "rendered" / "floor"
    floor.mkdir()
    text = (folder / "rendered" / "backend" / "pyproject.toml").read_text("utf-8")
    needs = text.partition("[project.scripts]")[0], text.partition("[dependency-groups]")[2]
    (floor / "pyproject.toml").write_text(
        f"{needs[0]}\n[dependency-groups]{needs[1].partition('[build-system]')[0]}", "utf-8"
    )
    (floor / "test_floor.py").write_text(FLOOR_TEST)
    plain = repository(files_alone(folder / "plain", folder / "rendered"))
    copy_plain = [sys.executable, "-m", "copier", "copy", "--defaults"]
    copier = [*copy_plain, "-d", "tdd=strict"]
    made = [str(template), "made"]
    on_supabase = [*copier, "-d", "data_layer=supabase", *made]
    return {
        OURS[0]: Way([*copier, *made], "made/backend", "app"),
        OURS[1]: Way([*copier, "-d", "sse=false", *made], "made/backend", "app"),
        OURS[2]: Way(on_supabase, "made/backend", "app", again=True),
        "floor": Way([*copy_plain, str(plain), "made"], "made/floor", "test_floor"),
    }


PEERS = {
    "fastapi-template": Way(
        [
            *("uv", "tool", "run", "--from", "fastapi-template", "fastapi_template"),
            *("--quiet", "--name", "made"),
            *("--api-type", "rest", "--db", "postgresql", "--orm", "sqlalchemy", "--ci", "none"),
            *("--migrations", "--dummy", "--routers"),
        ],
        "made",
        "made",
    ),
    "fastapi-fullstack": Way(
        ["uv", "tool", "run", "fastapi-fullstack", "create", "made", "--ai-framework", "none"],
        "made/backend",
        "app",
    ),
}


def go(way: Way, folder: Path) -> Took:
    """Goes a way, in an empty folder that is empty again at the end."""
    folder.mkdir()
    backend = folder / way.backend
    steps = {}
    for name, command, place in (
        ("generate", way.make, folder),
        ("sync", SYNC, backend),
        ("tests", TESTS, backend),
        *([("again", TESTS, backend)] if way.again else ()),
    ):
        start = time.perf_counter()
        # A folder of its own, or pytest would tidy up there after others.
        own = environment(PYTEST_DEBUG_TEMPROOT=str(folder))
        own |= {"UV_PYTHON": way.python} if way.python else {}
        done = subprocess.run(
            command, cwd=place, env=own, capture_output=True, text=True, check=False
        )
        steps[name] = time.perf_counter() - start
        if done.returncode and name not in ("tests", "again"):
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    found = outcome(backend, way.package, done)
    shutil.rmtree(folder)
    return Took(steps, found)


if __name__ == "__main__":
    sys.exit(main())
