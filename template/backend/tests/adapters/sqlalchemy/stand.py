"""The test database: a Postgres of this run's own, or one that `TEST_DATABASE_URL` names.

It starts when pytest reads this file, while the application is still being imported.
"""

import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from httpx2 import AsyncClient
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from app.accounts.ports import Account
from app.accounts.service import SCOPES, utc_now
from app.adapters.sqlalchemy.base import Base
from app.adapters.sqlalchemy.database import Database, Turns, open_engine
from app.adapters.sqlalchemy.local import local_postgres
from app.adapters.sqlalchemy.settings import LayerSettings
from app.adapters.sqlalchemy.storage import Storage, open_storage
from app.ids import uuid7
from app.settings import Settings
from tests.auth.sign import token_of

# Nothing here must outlive the run, so nothing waits for a disk.
IN_A_HURRY = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "io_method": "sync",
    "max_wal_senders": "0",
    "shared_buffers": "16MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}
ALEMBIC = Path(__file__).parents[3] / "alembic.ini"
OPENED = ExitStack()


def start() -> str:
    """Give the address of a Postgres."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    folder = OPENED.enter_context(tempfile.TemporaryDirectory(prefix="backend-tests-"))
    return OPENED.enter_context(local_postgres(Path(folder), IN_A_HURRY))


with ThreadPoolExecutor(1) as starter:
    SERVER = starter.submit(start)
    starter.shutdown(wait=False)


def pytest_unconfigure() -> None:
    """Stop what was started, even if no test asked for it."""
    SERVER.exception()
    OPENED.close()


@pytest.fixture(scope="session")
async def database_url() -> AsyncIterator[str]:
    """An empty database that no other run knows."""
    address = SERVER.result()
    name = f"test_{uuid4().hex}"
    server = open_engine(LayerSettings(database_url=address), isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await server.dispose()


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A way to the migrated database."""
    engine = open_engine(LayerSettings(database_url=database_url))
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    yield engine
    await engine.dispose()


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations that are missing."""
    config = Config(ALEMBIC)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@pytest.fixture
async def storage(engine: AsyncEngine) -> AsyncIterator[Storage]:
    """The storage, on one connection. What a test writes is undone at its end."""
    async with engine.connect() as connection, connection.begin() as everything:
        sessions = async_sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        yield Storage(Database(lambda: nullcontext(connection), sessions, Turns(1, patience=5)))
        await everything.rollback()


@pytest.fixture
async def shared_storage(database_url: str, engine: AsyncEngine) -> AsyncIterator[Storage]:
    """The storage as it runs in production, with commits, for tests of what happens at once."""
    async with open_storage(LayerSettings(database_url=database_url)) as storage:
        yield storage
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {tables}"))


@pytest.fixture
async def signed_up(shared_storage: Storage, settings: Settings) -> str:
    """An access token of a user who is there, for every connection to see."""
    ann = Account(uuid7(), "ann@example.com", "-", SCOPES, utc_now())
    await shared_storage.accounts().add_account(ann)
    return token_of(settings, sub=str(ann.id), email=ann.email)


@pytest.fixture
def sign_in() -> Callable[[AsyncClient], Awaitable[str]]:
    """What makes a user on a running service, and gives their access token."""

    async def register_and_sign_in(client: AsyncClient) -> str:
        ann = {"email": "ann@example.com", "password": "a password of Ann"}
        await client.post("/api/v1/accounts", json=ann)
        session = await client.post("/api/v1/sessions", json=ann)
        token: str = session.json()["access_token"]
        return token

    return register_and_sign_in
