"""Two apps that stream events, in one environment, clients of them, and who makes changes."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from benchmarks.listeners import Heard, Wait, Work
from tests.skills.postgres import postgres
from tests.support.asked import Asked, asked
from tests.support.backend import Backend
from tests.support.render import copy
from tests.support.served import program
from tests.support.template import VARIABLE, plain_copy
from tests.support.tokens import SECRET, access_token
from tests.support.workers import Worker, working

HERE = Path(__file__).parent
PATIENCE = 30.0  # seconds, after which an event counts as lost
# `uv run serve`, but for the number of streams that one user may have.
SERVE = """
from app.commands.serve import serve
from app.events import hub
hub.PER_USER = hub.IN_ALL
serve()
"""


@dataclass(frozen=True)
class App:
    """A server, the path of its streams, a token for it, and what makes a change."""

    worker: Worker
    path: str
    token: str
    change: str
    given: Mapping[str, object]


@dataclass(frozen=True)
class Bench:
    """All that runs."""

    python: Path
    apps: Mapping[str, App]
    changes: Asked

    @property
    def ours(self) -> App:
        return self.apps["ours"]

    def people(self, users: int, items: int) -> Sequence[tuple[str, str]]:
        """Adds users with some items each. Both ids of each item."""
        return people(self.changes, users, items)

    @contextmanager
    def listening(self, app: App, tokens: Sequence[str]) -> Iterator[Asked]:
        """Clients of an app, each with the beginning of its stream."""
        with asked([self.python, HERE / "listeners.py"]) as listeners:
            listeners.ask(Work(port=app.worker.port, path=app.path, tokens=tokens))
            yield listeners

    def change(self, app: App, listeners: Asked, due: int, *, events: int, every: float) -> Heard:
        """Some changes, and what the clients got of them."""
        listeners.tell(Wait(events=due, seconds=PATIENCE))
        self.changes.ask([app.change, {**app.given, "events": events, "every": every}])
        return heard_by(listeners)


@contextmanager
def running() -> Iterator[Bench]:
    """The apps, one worker each, as whoever renders and serves them has them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-")))
        os.environ[VARIABLE] = str(plain_copy(folder / "template"))
        copy({}, folder / "made")
        backend = Backend(folder / "made")
        backend.passes("uv", "sync", "--quiet")
        address = stack.enter_context(postgres(backend))
        variables = {"DATABASE_URL": address, "ENVIRONMENT": "production", "JWT_SECRET": SECRET}
        Backend(backend.project, variables).passes("uv", "run", "--quiet", "migrate")
        python, log = program(backend, "python"), folder / "log"
        serve: list[str | Path] = [python, "-c", SERVE]
        ours = stack.enter_context(working(serve, folder / "made/backend", log, **variables))
        serve = [python, "-m", "uvicorn", "events:app", "--port", "PORT", "--no-access-log"]
        bare = stack.enter_context(working(serve, HERE / "bare", log))
        changes = stack.enter_context(asked([python, HERE / "bare/changes.py", address]))
        [(user, item)] = people(changes, 1, 1)
        apps = {
            "ours": App(ours, "/api/v1/events", access_token(user), "change", {"item": item}),
            "bare": App(bare, "/events", "", "publish", {"port": bare.port}),
        }
        yield Bench(python, apps, changes)


def people(changes: Asked, users: int, items: int) -> Sequence[tuple[str, str]]:
    return cast("list[tuple[str, str]]", changes.ask(["people", {"users": users, "items": items}]))


def heard_by(listeners: Asked) -> Heard:
    return cast("Heard", listeners.answer())


def memory(worker: Worker) -> float:
    """What a process has in memory, in kilobytes, as Linux tells it."""
    status = Path(f"/proc/{worker.process.pid}/status").read_text("ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return float(line.split()[1])


def processor(worker: Worker) -> float:
    """The CPU seconds that a process has used, as Linux tells it."""
    fields = Path(f"/proc/{worker.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
