"""What streams promise holds while servers, their connections and the database are killed.

Users change their items through two servers, and each has ten subscribers. Every subscriber sees
every event of its user exactly once, in order, whatever died meanwhile. A version that numbers
events when they are written, not when they are committed, is found to lose some.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import cast

import pytest

from tests.support import planted_streams
from tests.support.asked import Asked, asked
from tests.support.backend import Backend
from tests.support.changers import OVERLAP, Change, changing
from tests.support.crashing import Crashing, crashing_postgres
from tests.support.render import copy
from tests.support.served import program
from tests.support.subscribers import Seen, Subscriber, subscribed
from tests.support.tokens import SECRET
from tests.support.workers import Worker, working

EACH, KILLS, SEED = 10, 20, 7
STOPPED_WITHIN = 5.0  # seconds
PATIENCE = 20.0  # seconds until everybody has everything
PEOPLE = """
INSERT INTO accounts (id, email, password_hash, scopes, created_at)
SELECT gen_random_uuid(), n || '@example.com', 'none', '{}', now()
FROM generate_series(1, 20) AS n
RETURNING id::text
"""
LOG = """
SELECT user_id::text, number, kind || '.' || action, state ->> 'id', (state ->> 'version')::int
FROM events
ORDER BY user_id, number
"""
ITEMS = "SELECT id::text, version FROM items"
CONNECTIONS = """
SELECT application_name FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
DISCONNECT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'events'
"""
# Each line is a statement, and is answered with its rows.
ASK = """
import asyncio, json, sys
import asyncpg
async def ask(sql):
    connection = await asyncpg.connect(sys.argv[1])
    rows = await connection.fetch(sql)
    await connection.close()
    return [list(row) for row in rows]
for line in sys.stdin:
    print(json.dumps(asyncio.run(ask(json.loads(line)))), flush=True)
"""
pytestmark = pytest.mark.slow

Log = Mapping[str, Sequence[Seen]]


@dataclass(frozen=True)
class Stage:
    """Two servers on a database, and a way to look at it."""

    python: Path
    database: Crashing
    workers: Sequence[Worker]
    tables: Asked

    @property
    def ports(self) -> Sequence[int]:
        return [worker.port for worker in self.workers]

    def rows(self, sql: str) -> Sequence[Sequence[object]]:
        return cast("list[list[object]]", self.tables.ask(sql))

    def people(self) -> Sequence[str]:
        return [str(user) for [user] in self.rows(PEOPLE)]

    def log(self) -> Log:
        """The events of each user, as they are stored."""
        rows = cast("list[tuple[str, int, str, str, int]]", self.rows(LOG))
        return {
            user: [Seen(*event[1:]) for event in events]
            for user, events in groupby(rows, lambda row: row[0])
        }


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    project = tmp_path_factory.mktemp("streams") / "made"
    copy({}, project)
    backend = Backend(project)
    backend.passes("uv", "sync", "--quiet")
    return backend


def test_every_subscriber_sees_every_event_once_and_in_order(
    backend: Backend, tmp_path: Path
) -> None:
    with stage(backend, tmp_path) as on:
        assert faults(on, KILLS) == []


def test_streams_that_look_for_higher_numbers_are_found_to_lose_events(
    backend: Backend, tmp_path: Path
) -> None:
    planted: list[str | Path] = [program(backend, "python"), "-c", planted_streams.SERVE]
    with stage(backend, tmp_path, *planted) as on:
        for statement in planted_streams.NUMBERED_WHEN_WRITTEN:
            on.rows(statement)
        found = faults(on, 3)
    assert any("lost" in fault for fault in found)


def test_a_server_with_open_streams_stops_and_holds_no_connection_for_them(
    backend: Backend, tmp_path: Path
) -> None:
    with stage(backend, tmp_path) as on:
        worker, other = on.workers
        other.stop()
        with subscribed(on.people(), EACH, [worker.port], SEED) as subscribers:
            assert until(lambda: all(one.connected for one in subscribers))

            assert on.rows(CONNECTIONS) == [["events"]]
            took = worker.stop()
        print(f"{len(subscribers)} streams, and it stopped in {took:.1f} s")  # noqa: T201
        assert took < STOPPED_WITHIN
        assert until(lambda: on.rows(CONNECTIONS) == [])


@contextmanager
def stage(backend: Backend, folder: Path, *command: str | Path) -> Iterator[Stage]:
    """Two servers on a database that may crash, by this command or by the project's own."""
    serve = command or [program(backend, "serve")]
    with crashing_postgres(backend) as database, ExitStack() as stack:
        address = database.address
        given = {"DATABASE_URL": address, "ENVIRONMENT": "production", "JWT_SECRET": SECRET}
        Backend(backend.project, given).passes("uv", "run", "--quiet", "migrate")
        workers = [
            stack.enter_context(working(serve, backend.project / "backend", folder / name, **given))
            for name in ("one.log", "other.log")
        ]
        python = program(backend, "python")
        tables = stack.enter_context(asked([python, "-c", ASK, address]))
        yield Stage(python, database, workers, tables)


def faults(on: Stage, kills: int) -> list[str]:
    """Has users change their items while this and that is killed. What was not as promised."""
    users, dice = on.people(), random.Random(SEED)  # noqa: S311 - nothing is secret
    with subscribed(users, EACH, on.ports, SEED) as subscribers:
        assert until(lambda: all(one.begun_at is not None for one in subscribers))
        with (
            changing(users, on.ports, SEED) as changers,
            asked([on.python, "-c", OVERLAP, on.database.address]) as overlap,
        ):
            overlap.tell(users)
            assert until(lambda: all(changer.acknowledged for changer in changers))
            for kill in dice.sample(KILLERS, kills, counts=[5] * len(KILLERS)):
                time.sleep(dice.uniform(0.3, 1))
                kill(on, dice)
            time.sleep(1)
        time.sleep(0.5)  # what was under way is committed now, or never will be
        log = on.log()
        until(lambda: all(one.number >= log[one.user][-1].number for one in subscribers))
        time.sleep(0.5)  # in which an event might come twice
    acknowledged = [change for changer in changers for change in changer.acknowledged]
    print(  # noqa: T201 - for who runs it with -s
        f"{sum(map(len, log.values()))} events, {len(acknowledged)} of them acknowledged; "
        f"{sum(one.connected for one in subscribers)} streams, "
        f"{sum(len(one.seen) for one in subscribers)} events seen"
    )
    seen = [fault for one in subscribers for fault in wrong(one, log[one.user])]
    return [*seen, *unwritten(log, acknowledged, on.rows(ITEMS))]


def kill_worker(on: Stage, dice: random.Random) -> None:
    worker = dice.choice(on.workers)
    worker.wait_until_it_listens()
    worker.kill()
    worker.start()


def stop_worker(on: Stage, dice: random.Random) -> None:
    worker = dice.choice(on.workers)
    worker.wait_until_it_listens()
    took = worker.stop()
    assert took < STOPPED_WITHIN, f"it took {took:.1f} s to stop"
    worker.start()


def kill_listeners(on: Stage, _dice: random.Random) -> None:
    on.rows(DISCONNECT)


def kill_database(on: Stage, dice: random.Random) -> None:
    on.database.kill()
    time.sleep(dice.uniform(0, 1))
    on.database.start()


KILLERS: Sequence[Callable[[Stage, random.Random], None]] = (
    kill_worker,
    stop_worker,
    kill_listeners,
    kill_database,
)


def wrong(one: Subscriber, log: Sequence[Seen]) -> Iterator[str]:
    """What a subscriber saw and should not have, or the other way round."""
    expected = [event for event in log if event.number > (one.begun_at or 0)]
    seen, times = one.seen, Counter(one.seen)
    yield from (f"lost: {event}" for event in expected if event not in times)
    yield from (f"seen {number} times: {event}" for event, number in times.items() if number > 1)
    yield from (f"never happened: {event}" for event in times if event not in set(expected))
    if seen != expected:
        yield f"the subscriber of {one.user} saw {len(seen)} of {len(expected)}, or out of order"


def unwritten(
    log: Log, acknowledged: Sequence[Change], items: Sequence[Sequence[object]]
) -> Iterator[str]:
    """What was changed, and is no event of its user, in the order of its versions."""
    events = {(user, *event[1:]) for user, seen in log.items() for event in seen}
    yield from (f"acknowledged, and no event: {one}" for one in acknowledged if one not in events)
    versions: dict[str, list[int]] = {}
    for event in (event for seen in log.values() for event in seen if "deleted" not in event.name):
        versions.setdefault(event.item, []).append(event.version)
    for item, version in items:
        if versions.get(str(item), [])[-1:] != [version]:
            yield f"stored, and no event: {item} {version}"
    for item, found in versions.items():
        if found != list(range(1, len(found) + 1)):
            yield f"events not in the order of changes: {item} {found}"


def until(condition: Callable[[], bool]) -> bool:
    """Waits until something is so. Whether it was in time."""
    deadline = time.monotonic() + PATIENCE
    while not (so := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return so
