"""The database: one pool a process, one connection to read, one session to write."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from math import inf
from time import monotonic

import asyncpg  # type: ignore[import-untyped] # it ships no types
from sqlalchemy import event, exc
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from app.adapters.sqlalchemy.settings import LayerSettings
from app.errors import AppError, UnavailableError

IDLE = 1.0  # seconds after which a connection is asked whether it still works

# How an SQLSTATE begins where the fault is the server's, or another transaction's, and passes.
TRANSIENT = (
    "08",  # the connection broke
    "25006",  # a standby, which only reads
    "28",  # the server refuses the user
    "3D",  # the server lacks the database
    "40",  # a deadlock
    "53",  # out of connections, memory or disk
    "55P03",  # a lock was not to be had in time
    "57",  # starting, stopping, or the statement took too long
    "58",  # the system beneath it failed
)

Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

# What the caller is told when a constraint refuses a write, by the constraint's name.
Refusals = Mapping[str, Callable[[], AppError]]


class Turns:
    """Who may use the pool next. The pool itself lets a newcomer pass those who wait."""

    def __init__(self, places: int, patience: float) -> None:
        """Let so many in at once, and the others wait so many seconds."""
        self._places = asyncio.Semaphore(places)
        self._patience = patience

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Let everybody in who asks, in the order in which they asked."""
        if self._places.locked():
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()


class Database:
    """How adapters reach the tables. Every failure leaves as an error of the application."""

    def __init__(
        self, connect: Connect, sessions: async_sessionmaker[AsyncSession], turns: Turns
    ) -> None:
        """Take the ways to read and to write, and who decides whose turn it is."""
        self._connect = connect
        self._sessions = sessions
        self._turns = turns

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection on which each statement stands alone, without BEGIN and ROLLBACK."""
        with translated({}):
            async with self._turns.take(), self._connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self, refusals: Refusals | None = None) -> AsyncIterator[AsyncSession]:
        """Give a session whose transaction is committed at the end, or undone by an exception."""
        with translated(refusals or {}):
            async with self._turns.take(), self._sessions.begin() as session:
                yield session


def open_engine(settings: LayerSettings, **options: object) -> AsyncEngine:
    """Make the engine; it connects when it is first used.

    asyncpg reads the address itself, so that everything that works with psql works here.
    """

    async def connect() -> object:
        return await asyncpg.connect(
            settings.database_url,
            timeout=settings.connect_timeout,
            # Half a second more than the server takes to cancel the statement by itself.
            command_timeout=settings.statement_timeout + 0.5,
            server_settings={
                "statement_timeout": milliseconds(settings.statement_timeout),
                "lock_timeout": milliseconds(settings.lock_timeout),
                "timezone": "UTC",
            },
        )

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,  # an error is logged, and they may be secrets
        **options,
    )


@asynccontextmanager
async def open_database(settings: LayerSettings) -> AsyncIterator[Database]:
    """Open the pool, and close it at the end."""
    engine = open_engine(
        settings,
        isolation_level="AUTOCOMMIT",
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_recycle=1800,
    )
    event.listen(engine.sync_engine, "checkin", note_use)
    event.listen(engine.sync_engine, "checkout", replace_if_lost)
    writer = engine.execution_options(isolation_level="READ COMMITTED")
    try:
        yield Database(
            engine.connect,
            async_sessionmaker(writer, expire_on_commit=False),
            Turns(settings.pool_size, settings.pool_timeout),
        )
    finally:
        await engine.dispose()


def note_use(_connection: AdaptedConnection, record: ConnectionPoolEntry) -> None:
    """Remember when a connection came back."""
    record.info["used"] = monotonic()


def replace_if_lost(
    connection: AdaptedConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Do what `pool_pre_ping` does, but ask only a connection that was idle for a while.

    Of one in use asyncpg knows already whether the server went away. Asking each time would double
    what a short query costs.
    """
    try:
        if monotonic() - record.info.get("used", inf) > IDLE:
            connection.run_async(ask)
        lost = connection.driver_connection.is_closed()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        lost = True
    if lost:
        raise exc.DisconnectionError


async def ask(driver: asyncpg.Connection) -> None:
    """Have a connection answer."""
    await driver.execute("SELECT 1")


@contextmanager
def translated(refusals: Refusals) -> Iterator[None]:
    """Say what a failure of the database means to the application."""
    try:
        yield
    except exc.IntegrityError as error:
        refusal = refusals.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal() from error
    except (OSError, TimeoutError, exc.TimeoutError) as error:
        raise UnavailableError("The database does not answer.") from error
    except exc.DBAPIError as error:
        if not passes(error):
            raise
        raise UnavailableError("The database does not answer.") from error


def constraint_of(error: exc.IntegrityError) -> str:
    """Give the name of the constraint that refused a write."""
    cause = error.orig and error.orig.__cause__
    return getattr(cause, "constraint_name", None) or ""


def passes(error: exc.DBAPIError) -> bool:
    """Say whether the same statement may succeed later."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(TRANSIENT)


def milliseconds(seconds: float) -> str:
    """Write a time as Postgres takes it."""
    return str(round(seconds * 1000))
