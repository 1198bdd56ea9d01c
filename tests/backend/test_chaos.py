"""What the backend promises holds while its database is killed again and again.

Two hundred clients write. A client that was told 201 finds its item, once, whatever happened; one
that was told nothing asks again under its key, and there is still one item.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.backend import Backend
from tests.support.crashing import Crashing, crashing_postgres
from tests.support.crashing_supabase import crashing_project, serving_on
from tests.support.render import copy
from tests.support.served import production, program, sign_up, status_of
from tests.support.writers import Seen, writing

WRITERS, KILLS = 200, 3
READY_WITHIN = 5.0  # seconds after the database is back
PATIENCE = 30.0  # seconds, after which the test gives up
STORED = """
import asyncio, json, sys
import asyncpg
async def ask():
    connection = await asyncpg.connect(sys.argv[1])
    rows = await connection.fetch("SELECT id::text, description FROM items")
    print(json.dumps([list(row) for row in rows]))
asyncio.run(ask())
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def behind_postgrest(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    project = tmp_path_factory.mktemp("chaos") / "made"
    copy({"data_layer": "supabase"}, project)
    backend = Backend(project)
    backend.passes("uv", "sync", "--quiet")
    return backend


def test_no_write_is_lost_or_doubled_behind_postgrest(
    behind_postgrest: Backend, tmp_path: Path
) -> None:
    assert faults_behind_postgrest(behind_postgrest, tmp_path / "log") == []


def test_behind_postgrest_too_a_retry_without_its_key_is_found_twice(
    behind_postgrest: Backend, tmp_path: Path
) -> None:
    found = faults_behind_postgrest(behind_postgrest, tmp_path / "log", with_keys=False)
    assert any(" times: " in fault for fault in found)


def faults_behind_postgrest(backend: Backend, log: Path, *, with_keys: bool = True) -> list[str]:
    """Writes while PostgREST is killed three times, and says what was not as promised."""
    with crashing_project(backend) as project, serving_on(backend, project, log) as port:
        with writing(port, project.sign_up(), WRITERS, with_keys=with_keys) as seen:
            waits = [crash(project.crashing, port) for _ in range(KILLS)]
            time.sleep(1)
        python = program(backend, "python")
        address = project.crashing.address
        rows = json.loads(backend.passes(str(python), "-c", STORED, address))
    print(figures(seen, waits))  # noqa: T201 - for who runs it with -s
    assert seen.statuses[201] > WRITERS, "hardly anything was written"
    assert seen.statuses[503], "no client noticed a crash"
    return [*told(seen), *kept(seen, rows), *late(waits)]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    project = tmp_path_factory.mktemp("chaos") / "made"
    copy({}, project)
    backend = Backend(project)
    backend.passes("uv", "sync", "--quiet")
    return backend


def test_no_write_is_lost_or_doubled(backend: Backend, tmp_path: Path) -> None:
    assert faults(backend, tmp_path / "log") == []


def test_a_write_that_is_acknowledged_too_early_is_missed(backend: Backend, tmp_path: Path) -> None:
    found = faults(backend, tmp_path / "log", "-c", "synchronous_commit=off")
    assert any("acknowledged, and not there" in fault for fault in found)


def test_a_retry_without_its_key_is_found_twice(backend: Backend, tmp_path: Path) -> None:
    found = faults(backend, tmp_path / "log", with_keys=False)
    assert any(" times: " in fault for fault in found)


def faults(backend: Backend, log: Path, *options: str, with_keys: bool = True) -> list[str]:
    """Writes through three crashes, and says what was not as promised."""
    with (
        crashing_postgres(backend, *options) as database,
        production(backend, database.address, log) as port,
    ):
        token = sign_up(port)
        with writing(port, token, WRITERS, with_keys=with_keys) as seen:
            waits = [crash(database, port) for _ in range(KILLS)]
            time.sleep(1)
        python = program(backend, "python")
        rows = json.loads(backend.passes(str(python), "-c", STORED, database.address))
    print(figures(seen, waits))  # noqa: T201 - for who runs it with -s
    assert seen.statuses[201] > WRITERS, "hardly anything was written"
    assert seen.statuses[503], "no client noticed a crash"
    return [*told(seen), *kept(seen, rows), *late(waits)]


def figures(seen: Seen, waits: Sequence[float]) -> str:
    answers = ", ".join(f"{status or 'none'}: {n}" for status, n in sorted(seen.statuses.items()))
    ready = ", ".join(f"{wait:.2f} s" for wait in waits)
    return f"answers {answers}; {seen.replays} of the 201 were replays; ready after {ready}"


def crash(database: Crashing, port: int) -> float:
    """Kills the database under load. How long the service needs once it is back."""
    time.sleep(1.5)
    database.kill()
    time.sleep(1)
    assert status_of(port, "/health/ready") == 503, "it is ready without a database"
    database.start()
    back = time.monotonic()
    while status_of(port, "/health/ready") != 200:
        assert time.monotonic() < back + PATIENCE, "it is not ready again"
        time.sleep(0.05)
    return time.monotonic() - back


def told(seen: Seen) -> Iterator[str]:
    """What clients were answered and should not have been."""
    if seen.without_retry_after:
        yield f"{seen.without_retry_after} answers of 500 and above without Retry-After"
    yield from (f"unexpected: {answer}" for answer in sorted(set(seen.unexpected)))
    yield from (f"never acknowledged: {what}" for what in seen.given_up)


def kept(seen: Seen, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is stored and should not be, or the other way round."""
    ids = {item_id for item_id, _ in rows}
    times = Counter(what for _, what in rows)
    for what, item_id in seen.acknowledged.items():
        if item_id not in ids:
            yield f"acknowledged, and not there: {what}"
    yield from (f"there {number} times: {what}" for what, number in times.items() if number > 1)


def late(waits: Sequence[float]) -> Iterator[str]:
    """Where the service was slow to come back."""
    yield from (f"ready only after {wait:.1f} s" for wait in waits if wait > READY_WITHIN)
