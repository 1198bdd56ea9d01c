"""The log of events in PostgreSQL: a trigger writes it, NOTIFY tells that it has grown.

The connection is a session of its own, none of a pool's: LISTEN lasts as long as its session, so a
pooler that gives each transaction another one cannot stand between.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID, uuid4

import asyncpg  # type: ignore[import-untyped] # it ships no types

from app.errors import UnavailableError
from app.events.ports import Event, OnChange, Page, Place

CHANNEL = "events"
# The last is what asyncpg raises where the server was killed in the middle of an answer.
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
PAGE = 100  # events that one place gets at once
PART = 1_000  # old events that one statement removes, while the next read waits for it
CONNECTING = 3.0  # seconds
ANSWERING = 5.0  # seconds for a statement, and for the server to say what was announced

READ = """
SELECT place.position, coalesce(log.last, 0), event.number, event.kind, event.action, event.state
FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS place (user_id, after, position)
LEFT JOIN event_logs AS log ON log.user_id = place.user_id
LEFT JOIN LATERAL (
    SELECT number, kind, action, state
    FROM events
    WHERE user_id = place.user_id AND number > place.after
    ORDER BY number
    LIMIT $3
) AS event ON true
ORDER BY place.position, event.number
"""
# Two processes that do it at once share the work.
FORGET = """
DELETE FROM events
WHERE (user_id, number) IN (
    SELECT user_id, number
    FROM events
    WHERE created_at < now() - interval '1 day'
    ORDER BY created_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
"""


class PostgresEventLog:
    """Fills the port `EventLog`, on one connection that one task uses."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        """Take the connection."""
        self._connection = connection

    async def read_events(self, places: Sequence[Place]) -> Sequence[Page]:
        """Give what follows each place, in one statement, which sees one moment."""
        users = [place.user_id for place in places]
        after = [place.after for place in places]
        with translated():
            rows = await self._connection.fetch(READ, users, after, PAGE)
        found: list[list[Event]] = [[] for _ in places]
        last = [0] * len(places)
        for position, end, *event in rows:
            last[position - 1] = end
            if event[0] is not None:
                found[position - 1].append(Event(*event))
        return list(map(Page, last, found))

    async def forget_old_events(self) -> bool:
        """Remove a part of what is older than a day, and say whether there may be more."""
        with translated():
            status: str = await self._connection.execute(FORGET, PART)
        return status == f"DELETE {PART}"


@asynccontextmanager
async def open_log(address: str | None, on_change: OnChange) -> AsyncIterator[PostgresEventLog]:
    """Connect, and listen for as long as this lasts."""
    if address is None:
        raise UnavailableError("DATABASE_URL is not set, and events are read there.")
    probe = f"who hears {uuid4()}?"
    heard = asyncio.Event()

    def hear(_connection: object, _process: int, _channel: str, payload: str) -> None:
        if payload == probe:
            heard.set()
        with suppress(ValueError):  # another process listens to itself
            on_change(UUID(payload))

    with translated():
        connection = await asyncpg.connect(
            address,
            timeout=CONNECTING,
            command_timeout=ANSWERING,
            server_settings={"application_name": "events"},
        )
    try:
        with translated():
            connection.add_termination_listener(lambda _connection: on_change(None))
            await connection.add_listener(CHANNEL, hear)
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, probe)
            await listens(heard)
        yield PostgresEventLog(connection)
    finally:
        connection.terminate()


async def listens(heard: asyncio.Event) -> None:
    """Refuse a connection that does not hear what it says itself."""
    try:
        async with asyncio.timeout(ANSWERING):
            await heard.wait()
    except TimeoutError as error:
        reason = "DATABASE_URL leads to a pooler of transactions; LISTEN needs a session"
        raise asyncpg.InterfaceError(reason) from error


@contextmanager
def translated() -> Iterator[None]:
    """Say what a failure of the database means to the application."""
    try:
        yield
    except (OSError, TimeoutError, *FAILURES) as error:
        raise UnavailableError("The events are out of reach.") from error
