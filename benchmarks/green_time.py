"""From nothing to a green test run: this template, the least that the same tools take, and peers.

Every cache is warm but Python's bytecode, which a new environment has not: each way is gone once
before it is measured, and from then on uv asks nobody whether something is newer. They take turns,
so that whatever else the machine does falls on all. Each runs on the Python that uv finds. The
peers need 3.12: they run on one that is newer, where there is one, and so does this template once
more.
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

from benchmarks.copy_time import repository
from benchmarks.outcome import Outcome, outcome
from tests.support.backend import environment
from tests.support.render import copy
from tests.support.template import VARIABLE, plain_copy

# Seconds, on a machine of two cores that does nothing else: from the copy to green, what the stream
# may add to that, and what the tests of a fresh project on Supabase may take.
TARGET, STREAM, SUPABASE = 8.0, 1.5, 12.0
# The largest packages, imported for the first time.
FLOOR_TEST = """
import alembic.command, fastapi, sqlalchemy.ext.asyncio

def test_it_is_there():
    assert fastapi.FastAPI()
"""
TESTS = ("uv", "run", "pytest")
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
    newer = newer_python()
    print(f"{rounds} rounds after one that warms up, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="baton-") as name:
        ways = ours(Path(name))
        if newer:
            others = {"on newer Python": ways["this template"], **PEERS}
            ways |= {name: replace(way, python=newer) for name, way in others.items()}
        took: dict[str, list[Took]] = {way: [] for way in ways}
        for turn in range(rounds + 1):
            if turn:
                os.environ["UV_OFFLINE"] = "1"
            for way, what in ways.items():
                one = go(what, Path(name) / "made")
                if turn:
                    took[way].append(one)
    middle = {
        way: sorted(several, key=lambda one: one.seconds)[rounds // 2]
        for way, several in took.items()
    }
    for way, one in middle.items():
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in one.steps.items())
        print(f"{way:18} {one.seconds:5.1f} s ({steps})\n{'':18} {one.outcome}")
    kept = is_kept(*(middle[way] for way in OURS))
    return 0 if kept and all(middle[way].outcome.complete for way in OURS) else 1


def is_kept(streams: Took, bare: Took, supabase: Took) -> bool:
    """Prints the targets and what it took; whether all are kept."""
    held = {
        "from the copy to green": (streams.seconds, TARGET),
        "what the stream adds": (streams.seconds - bare.seconds, STREAM),
        "the tests on Supabase": (supabase.steps["tests"], SUPABASE),
    }
    for what, (took, most) in held.items():
        print(f"{what:25} {took:4.1f} s, at most {most}")
    return all(took <= most for took, most in held.values())


def newer_python() -> str | None:
    """A Python that suits the peers, if there is one."""
    command = ["uv", "python", "find", "--no-project", "--no-python-downloads", ">=3.12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    # What pyenv keeps, uv finds only where it is switched on.
    kept = sorted(map(str, Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python")))
    return done.stdout.strip() or (kept[-1] if kept else None)


def ours(folder: Path) -> dict[str, Way]:
    """This template as a clone, and a project that only needs the same packages."""
    template = repository(plain_copy(folder / "template"))
    os.environ[VARIABLE] = str(template)
    copy({"tdd": "strict"}, folder / "rendered")
    floor = folder / "floor"
    floor.mkdir()
    text = (folder / "rendered" / "backend" / "pyproject.toml").read_text("utf-8")
    needs = text.partition("[project.scripts]")[0], text.partition("[dependency-groups]")[2]
    (floor / "pyproject.toml").write_text(
        f"{needs[0]}\n[dependency-groups]{needs[1].partition('[build-system]')[0]}", "utf-8"
    )
    (floor / "test_floor.py").write_text(FLOOR_TEST)
    copier = [sys.executable, "-m", "copier", "copy", "--defaults", "-d", "tdd=strict"]
    made = [str(template), "made"]
    return {
        "this template": Way([*copier, *made], "made/backend", "app"),
        "without stream": Way([*copier, "-d", "sse=false", *made], "made/backend", "app"),
        "on Supabase": Way(
            [*copier, "-d", "data_layer=supabase", *made], "made/backend", "app", again=True
        ),
        "floor": Way(["cp", "-r", str(floor), "made"], "made", "test_floor"),
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
    # A folder of its own, or pytest would tidy up there after others.
    variables = environment(PYTEST_DEBUG_TEMPROOT=str(folder))
    if way.python:
        variables["UV_PYTHON"] = way.python
    steps = {}
    for name, command, place in (
        ("generate", way.make, folder),
        ("tests", TESTS, backend),
        *([("again", TESTS, backend)] if way.again else ()),
    ):
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=place, env=variables, capture_output=True, text=True, check=False
        )
        steps[name] = time.perf_counter() - start
        if name == "tests":
            found = outcome(backend, way.package, done, variables)
        elif done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    shutil.rmtree(folder)
    return Took(steps, found)


if __name__ == "__main__":
    sys.exit(main())
