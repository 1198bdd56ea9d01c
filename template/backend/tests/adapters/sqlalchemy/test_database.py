"""What callers learn when the database fails: that it is away, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.adapters.postgres.local import free_port
from app.adapters.sqlalchemy import database as adapter
from app.adapters.sqlalchemy.database import Database, Turns, open_database, translated
from app.adapters.sqlalchemy.settings import LayerSettings
from app.adapters.sqlalchemy.storage import Storage, open_storage
from app.errors import UnavailableError

SLEEP = text("SELECT pg_sleep(10)")
PID = text("SELECT pg_backend_pid()")


def opened(url: str, **settings: float) -> AbstractAsyncContextManager[Database]:
    # Their names are those of fields, which no checker can know.
    return open_database(LayerSettings(database_url=url, **settings))  # type: ignore[arg-type]


async def read(database: Database) -> object:
    async with database.reading() as connection:
        return (await connection.execute(PID)).scalar_one()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url, pool_size=1) as database:
        yield database


async def test_a_storage_that_is_there_answers(storage: Storage) -> None:
    assert await storage.answers() is True


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    nowhere = f"postgresql://app:x@127.0.0.1:{free_port()}/app"

    async with open_storage(LayerSettings(database_url=nowhere)) as storage:
        assert await storage.answers() is False
        with pytest.raises(UnavailableError) as away:
            await storage.accounts().find_account("ada@example.com")

    assert away.value.headers == {"Retry-After": "1"}


@pytest.mark.slow
async def test_a_server_that_never_answers_is_given_up() -> None:
    async def stay_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.close()

    async with await asyncio.start_server(stay_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with opened(f"postgresql://app:x@127.0.0.1:{port}/app", connect_timeout=0.05) as away:
            with pytest.raises(UnavailableError):
                await read(away)


@pytest.mark.parametrize("wrong", ["postgresql://app:wrong@{}/postgres", "postgresql://no:x@{}/no"])
async def test_a_server_that_refuses_the_user_is_unavailable(database_url: str, wrong: str) -> None:
    _, _, place = database_url.rpartition("@")

    async with opened(wrong.format(place.partition("/")[0])) as database:
        with pytest.raises(UnavailableError):
            await read(database)


@pytest.mark.slow
async def test_a_connection_that_the_server_ended_is_replaced(
    database: Database, engine: AsyncEngine
) -> None:
    before = await read(database)

    async with engine.connect() as other:
        await other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": before})

    assert await read(database) != before


@pytest.mark.parametrize(("idle", "replaced"), [(0, True), (60, False)])
async def test_a_connection_is_asked_whether_it_works_after_a_while_and_not_each_time(
    idle: float, database: Database, monkeypatch: pytest.MonkeyPatch, *, replaced: bool
) -> None:
    async def say_nothing(_driver: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(adapter, "IDLE", idle)
    before = await read(database)
    assert await read(database) == before

    monkeypatch.setattr(adapter, "ask", say_nothing)
    assert (await read(database) != before) is replaced


@pytest.mark.slow
async def test_a_statement_that_the_server_cut_off_is_unavailable_and_the_next_works(
    database: Database, engine: AsyncEngine
) -> None:
    async def be_cut_off() -> None:
        async with database.writing() as session:
            pids.put_nowait((await session.execute(PID)).scalar_one())
            await session.execute(SLEEP)

    pids: asyncio.Queue[int] = asyncio.Queue()
    sleeping = asyncio.create_task(be_cut_off())
    pid = await pids.get()
    async with engine.connect() as other:
        await other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": pid})

    with pytest.raises(UnavailableError):
        await sleeping
    assert await read(database) != pid


@pytest.mark.slow
async def test_a_statement_that_takes_too_long_is_unavailable(database_url: str) -> None:
    async with opened(database_url, statement_timeout=0.05) as database:
        with pytest.raises(UnavailableError):
            async with database.reading() as connection:
                await connection.execute(SLEEP)
        assert await read(database)


@pytest.mark.slow
async def test_a_lock_that_is_not_to_be_had_is_unavailable(database_url: str) -> None:
    lock = text("LOCK TABLE accounts")

    async with opened(database_url, lock_timeout=0.05) as database, database.writing() as first:
        await first.execute(lock)
        with pytest.raises(UnavailableError):
            async with database.writing() as second:
                await second.execute(lock)


async def test_a_pool_that_stays_busy_is_unavailable(database_url: str) -> None:
    async with opened(database_url, pool_size=1, pool_timeout=0.01) as database:
        async with database.reading():
            with pytest.raises(UnavailableError):
                await read(database)
        assert await read(database)


async def test_whoever_waits_longest_is_next() -> None:
    turns, order = Turns(1, patience=5), []

    async def take(number: int) -> None:
        async with turns.take():
            order.append(number)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(take(number))

    assert order == [0, 1, 2, 3, 4]


async def test_a_mistake_of_ours_is_no_outage(database: Database) -> None:
    with pytest.raises(exc.ProgrammingError):
        async with database.reading() as connection:
            await connection.execute(text("SELECT nonsense"))


async def test_a_constraint_that_no_caller_can_break_is_a_mistake_of_ours(
    database: Database,
) -> None:
    nobody = "INSERT INTO sessions VALUES (gen_random_uuid(), gen_random_uuid(), now())"

    with pytest.raises(exc.IntegrityError):
        async with database.writing() as session:
            await session.execute(text(nobody))


def test_what_a_failed_statement_was_given_is_not_repeated(engine: AsyncEngine) -> None:
    assert engine.sync_engine.hide_parameters


def test_a_fault_that_no_server_reported_passes_through() -> None:
    with pytest.raises(KeyError), translated({}):
        raise KeyError
