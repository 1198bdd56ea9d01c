"""What tests may ask of the database."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from app.adapters.postgres.local import local_postgres
from app.adapters.sqlalchemy.base import Base
from app.adapters.sqlalchemy.database import Database, Turns, open_engine
from app.adapters.sqlalchemy.settings import LayerSettings
from app.adapters.sqlalchemy.storage import Storage, open_storage
from app.adapters.sqlalchemy.upgrade import upgrade
from tests.adapters.postgres import IN_A_HURRY
from tests.adapters.sqlalchemy.stand import FOLDER, GIVEN, SERVER


@asynccontextmanager
async def new_database(address: str) -> AsyncIterator[str]:
    """Have an empty database on a server, and give its address."""
    name = f"test_{uuid4().hex}"
    server = open_engine(LayerSettings(database_url=address), isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await server.dispose()


@pytest.fixture(scope="session")
async def database_url() -> AsyncIterator[str]:
    """A migrated database that no other run knows: that of this run's Postgres, or a new one."""
    address = SERVER.result()
    async with new_database(address) if GIVEN else nullcontext(address) as url:
        await asyncio.to_thread(upgrade, LayerSettings(database_url=url))
        yield url


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A way to the database."""
    engine = open_engine(LayerSettings(database_url=database_url))
    yield engine
    await engine.dispose()


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
def folder_in_use() -> Iterator[Path]:
    """Where the Postgres of this run is, or else one for this test."""
    SERVER.result()
    with local_postgres(FOLDER, IN_A_HURRY) if GIVEN else nullcontext():
        yield FOLDER
