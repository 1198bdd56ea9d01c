"""Requests a second of a rendered backend, beside the least that FastAPI and SQLAlchemy can do.

One uvicorn worker each, in one environment, on one Postgres with one set of rows. They take turns,
so that whatever else the machine does falls on both.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from benchmarks.load import Found, Work
from tests.skills.postgres import postgres
from tests.support.backend import Backend
from tests.support.render import copy
from tests.support.served import free_port, production, program, serving, sign_up
from tests.support.template import VARIABLE, plain_copy

HERE = Path(__file__).parent
CONNECTIONS = 32
# The least of the bare app's requests a second that each route reaches.
TARGETS = {"health": 0.9, "list": 0.85}
# What the slowest hundredth may take, as a ratio: two runs of one and the same app differ by a
# tenth or more, since a pause of the machine falls on one of them.
P99_TARGET = 1.1
SEED = """
import asyncio, sys
import asyncpg
async def seed():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute(open(sys.argv[2], encoding="utf-8").read())
    await connection.close()
asyncio.run(seed())
"""


@dataclass(frozen=True)
class Served:
    """A server, and what is asked of it."""

    port: int
    paths: Mapping[str, str]
    token: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2, help="of each app in each round")
    given = parser.parse_args()
    with running() as (backend, apps):
        found = {
            route: measured(program(backend, "python"), apps, route, given.rounds, given.seconds)
            for route in TARGETS
        }
    print(f"{CONNECTIONS} connections, {given.rounds} rounds, {os.cpu_count()} cores")
    return 1 if [route for route in TARGETS if missed(route, found[route])] else 0


@contextmanager
def running() -> Iterator[tuple[Backend, Mapping[str, Served]]]:
    """The apps: this template's, the bare one, and the bare one where it is quicker still."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-")))
        os.environ[VARIABLE] = str(plain_copy(folder / "template"))
        copy({}, folder / "made")
        backend = Backend(folder / "made")
        backend.passes("uv", "sync", "--quiet")
        address = stack.enter_context(postgres(backend))
        log = folder / "log"
        port = stack.enter_context(production(backend, address, log))
        ours = Served(port, {"health": "/health/live", "list": "/api/v1/items"}, sign_up(port))
        python = str(program(backend, "python"))
        backend.passes(python, "-c", SEED, address, str(HERE / "items.sql"))
        apps = {"ours": ours}
        for name, options, variables in (
            ("bare", [], {}),
            ("bare, no log", ["--no-access-log"], {"POOL_SIZE": "10"}),
        ):
            port = free_port()
            command = [python, "-m", "uvicorn", "app:app", "--port", str(port), *options]
            stack.enter_context(
                serving(command, HERE / "bare", port, log, DATABASE_URL=address, **variables)
            )
            apps[name] = Served(port, {"health": "/health", "list": "/items"})
        yield backend, apps


def measured(
    python: Path, apps: Mapping[str, Served], route: str, rounds: int, seconds: float
) -> Mapping[str, Sequence[Found]]:
    """Each round of each app, after one that warms up; every other round begins with the last."""
    found: dict[str, list[Found]] = {name: [] for name in apps}
    for turn in range(rounds + 1):
        for name in list(apps)[:: 1 if turn % 2 else -1]:
            app = apps[name]
            work = Work(
                port=app.port,
                path=app.paths[route],
                token=app.token,
                connections=CONNECTIONS,
                seconds=seconds if turn else 1,
            )
            command: list[str | Path] = [python, HERE / "load.py", json.dumps(work)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            if turn:
                found[name].append(cast("Found", json.loads(done.stdout)))
    return found


def missed(route: str, found: Mapping[str, Sequence[Found]]) -> bool:
    """Prints what a route came to, and says whether it is less than it should be."""
    print(f"{route:14}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'ours to it':>13}{'p99':>7}")
    for name, rounds in found.items():
        numbers = f"{middle(rate, rounds):8.0f}{middle(p50, rounds):9.1f}{middle(p99, rounds):9.1f}"
        beside = f"{ratio(rate, found, name):13.2f}{ratio(p99, found, name):7.2f}"
        print(f"  {name:12}{numbers}{beside if name != 'ours' else ''}")
    busiest = max(one["busy"] for rounds in found.values() for one in rounds)
    refused = sum(one["refused"] for rounds in found.values() for one in rounds)
    speed, slowest = ratio(rate, found, "bare"), ratio(p99, found, "bare")
    print(f"  target: {TARGETS[route]} of bare, p99 at most {P99_TARGET} of it")
    print(f"  the client was busy for {busiest:.0%} of its time; {refused} answers were not 200")
    return speed < TARGETS[route] or slowest > P99_TARGET or refused > 0 or busiest > 0.8


def middle(number: Callable[[Found], float], rounds: Sequence[Found]) -> float:
    return statistics.median(number(one) for one in rounds)


def ratio(
    number: Callable[[Found], float], found: Mapping[str, Sequence[Found]], other: str
) -> float:
    """This template's number to the other's of the same round; the middle of them."""
    pairs = zip(found["ours"], found[other], strict=True)
    return statistics.median(number(ours) / number(theirs) for ours, theirs in pairs)


def rate(one: Found) -> float:
    """Answers a second."""
    return len(one["latencies"]) / one["seconds"]


def p50(one: Found) -> float:
    """Half of the answers took no longer, in milliseconds."""
    return sorted(one["latencies"])[len(one["latencies"]) // 2] / 1000


def p99(one: Found) -> float:
    """Of a hundred answers, one took longer."""
    return sorted(one["latencies"])[len(one["latencies"]) * 99 // 100] / 1000


if __name__ == "__main__":
    sys.exit(main())
