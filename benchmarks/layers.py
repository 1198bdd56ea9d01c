"""The list of 20 through PostgREST, beside the same list by SQLAlchemy, in one run.

Both are served as in production, one worker each, and take turns. What stands in for PostgREST is
not the real one, so the processor time of our own process is what counts; requests a second say
more of the stand-in, which is asked alone as well.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from benchmarks.load import Found, Work
from benchmarks.throughput import SEED, middle, p50, p99, rate
from tests.skills.postgres import postgres
from tests.support.backend import Backend, environment
from tests.support.crashing_supabase import crashing_project
from tests.support.render import copy
from tests.support.served import PATIENCE, free_port, listens, program, sign_up
from tests.support.template import VARIABLE, plain_copy

HERE = Path(__file__).parent
CONNECTIONS = 32
TARGET = 3.0  # times the processor time that SQLAlchemy's takes
LIST = "/api/v1/items"
DIRECT = "/rest/v1/items?apikey=sb_publishable_x&order=created_at.desc,id.desc&limit=21"
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Asked:
    """A server, what is asked of it, and the process whose time counts, if any."""

    port: int
    path: str
    token: str
    process: int | None


@dataclass(frozen=True)
class Round:
    """What was answered, and the milliseconds of processor time that an answer took."""

    found: Found
    cost: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each app in each round")
    given = parser.parse_args()
    with running() as (python, apps):
        rounds = measured(python, apps, given.rounds, given.seconds)
    print(f"{'list of 20':22}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms each':>13}")
    for name, taken in rounds.items():
        found = [one.found for one in taken]
        numbers = f"{middle(rate, found):8.0f}{middle(p50, found):9.1f}{middle(p99, found):9.1f}"
        print(f"  {name:20}{numbers}{middle_cost(taken):13.2f}")
    refused = sum(one.found["refused"] for taken in rounds.values() for one in taken)
    times = middle_cost(rounds["PostgREST"]) / middle_cost(rounds["SQLAlchemy"])
    print(f"  {times:.2f} times the processor time, target at most {TARGET}; {refused} refused")
    return 1 if times > TARGET or refused else 0


def middle_cost(rounds: Sequence[Round]) -> float:
    return sorted(one.cost for one in rounds)[len(rounds) // 2]


@contextmanager
def running() -> Iterator[tuple[Path, Mapping[str, Asked]]]:
    """Both apps with the same rows, and what stands in for PostgREST."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-")))
        os.environ[VARIABLE] = str(plain_copy(folder / "template"))
        made = {}
        for layer in ("sqlalchemy", "supabase"):
            copy({"data_layer": layer}, folder / layer)
            made[layer] = Backend(folder / layer)
            made[layer].passes("uv", "sync", "--quiet")
        python = program(made["sqlalchemy"], "python")
        address = stack.enter_context(postgres(made["sqlalchemy"]))
        variables = {
            "DATABASE_URL": address,
            "ENVIRONMENT": "production",
            "JWT_SECRET": "a secret that only this run knows",
        }
        Backend(folder / "sqlalchemy", variables).passes("uv", "run", "--quiet", "migrate")
        sql = stack.enter_context(served(made["sqlalchemy"], folder / "log", variables))
        project = stack.enter_context(crashing_project(made["supabase"]))
        rest = stack.enter_context(served(made["supabase"], folder / "log", project.variables))
        apps = {
            "SQLAlchemy": Asked(sql[0], LIST, sign_up(sql[0]), sql[1]),
            "PostgREST": Asked(rest[0], LIST, project.sign_up(), rest[1]),
        }
        alone = int(project.url.rpartition(":")[2])
        apps["PostgREST alone"] = Asked(alone, DIRECT, apps["PostgREST"].token, None)
        made["sqlalchemy"].passes(str(python), "-c", SEED, address, str(HERE / "items.sql"))
        where = project.crashing.address
        made["sqlalchemy"].passes(str(python), "-c", SEED, where, str(HERE / "items_supabase.sql"))
        yield python, apps


@contextmanager
def served(backend: Backend, log: Path, variables: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Serves a backend, and gives its port and its process."""
    port = free_port()
    given = environment(**variables, PORT=str(port))
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [program(backend, "serve")],
            cwd=backend.project / "backend",
            env=given,
            stdout=output,
            stderr=output,
        ) as server,
    ):
        try:
            for _ in range(round(PATIENCE / 0.02)):
                if listens(port) or server.poll() is not None:
                    break
                time.sleep(0.02)
            yield port, server.pid
        finally:
            server.terminate()


def measured(
    python: Path, apps: Mapping[str, Asked], rounds: int, seconds: float
) -> Mapping[str, Sequence[Round]]:
    """Each round of each app, after one that warms up."""
    taken: dict[str, list[Round]] = {name: [] for name in apps}
    for turn in range(rounds + 1):
        for name in list(apps)[:: 1 if turn % 2 else -1]:
            app = apps[name]
            work = Work(
                port=app.port,
                path=app.path,
                token=app.token,
                connections=CONNECTIONS,
                seconds=seconds if turn else 1,
            )
            command: list[str | Path] = [python, HERE / "load.py", json.dumps(work)]
            used = processor_time(app.process)
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = cast("Found", json.loads(done.stdout))
            cost = (processor_time(app.process) - used) * 1000 / len(found["latencies"])
            if turn:
                taken[name].append(Round(found, cost))
    return taken


def processor_time(process: int | None) -> float:
    """The seconds that a process has worked, where the system says so."""
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return 0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    sys.exit(main())
