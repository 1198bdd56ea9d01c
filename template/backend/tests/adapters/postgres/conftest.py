import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from app.adapters.postgres.events import open_log
from app.events.ports import EventLog
from app.ids import uuid7

# Any table with an owner becomes part of the log by such a trigger.
THINGS = """
CREATE TABLE things (id int, owner_id uuid);
CREATE CONSTRAINT TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON things
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_change('thing')
"""
ADD = "INSERT INTO things VALUES ($1, $2)"

# Gives a connection of its own, which can hold a transaction open.
Connect = Callable[[], contextlib.AbstractAsyncContextManager[asyncpg.Connection]]


@pytest.fixture
def ann() -> UUID:
    return uuid7()


@pytest.fixture
def connect(database_url: str) -> Connect:
    @contextlib.asynccontextmanager
    async def connect() -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(database_url)
        try:
            yield connection
        finally:
            await connection.close()

    return connect


@pytest.fixture
async def things(connect: Connect) -> AsyncIterator[asyncpg.Connection]:
    """The database, with a table of things that change."""
    async with connect() as connection:
        await connection.execute(THINGS)
        yield connection
        await connection.execute("DROP TABLE things; DELETE FROM events; DELETE FROM event_logs")


@pytest.fixture
def told() -> asyncio.Queue[UUID | None]:
    """What the log announces."""
    return asyncio.Queue()


@pytest.fixture
async def log(
    things: asyncpg.Connection,  # noqa: ARG001 - the log is in it
    database_url: str,
    told: asyncio.Queue[UUID | None],
) -> AsyncIterator[EventLog]:
    async with open_log(database_url, told.put_nowait) as log:
        yield log
