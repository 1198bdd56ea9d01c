"""The project under test: a Postgres and a Supabase Lite of this run's own.

They start when pytest reads this file, while the application is still being imported.
"""

import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from app.adapters.supabase.local import LocalProject, local_project
from app.adapters.supabase.settings import LayerSettings
from app.adapters.supabase.storage import Storage, open_storage
from app.adapters.supabase.upgrade import upgrade
from tests.adapters.postgres import IN_A_HURRY
from tests.adapters.supabase import SECRET

OPENED = ExitStack()
FOLDER = Path(OPENED.enter_context(tempfile.TemporaryDirectory(prefix="backend-tests-")))


def start() -> LocalProject:
    """Give a project with its tables."""
    project = OPENED.enter_context(local_project(FOLDER, IN_A_HURRY, SECRET))
    upgrade(project.database_url)
    return project


with ThreadPoolExecutor(1) as starter:
    PROJECT = starter.submit(start)
    starter.shutdown(wait=False)


def pytest_unconfigure() -> None:
    """Stop what was started, even if no test asked for it."""
    PROJECT.exception()
    OPENED.close()


@pytest.fixture(scope="session")
def project() -> LocalProject:
    return PROJECT.result()


@pytest.fixture
def folder_in_use(project: LocalProject) -> Path:  # noqa: ARG001 - it runs there
    """Where the Postgres of this run is."""
    return FOLDER


@pytest.fixture(scope="session")
def database_url(project: LocalProject) -> str:
    """Where its database is."""
    return project.database_url


@pytest.fixture(scope="session")
def layer_settings(project: LocalProject) -> LayerSettings:
    """The settings by which the application reaches the project."""
    return LayerSettings(supabase_url=project.url, supabase_publishable_key=project.publishable_key)


@pytest.fixture(scope="session")
async def database(project: LocalProject) -> AsyncIterator[asyncpg.Connection]:
    """A way to the tables that no policy is in."""
    connection = await asyncpg.connect(project.database_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def opened(layer_settings: LayerSettings) -> AsyncIterator[Storage]:
    """The storage of this run, with its connections."""
    async with open_storage(layer_settings) as storage:
        yield storage


@pytest.fixture
async def storage(opened: Storage, database: asyncpg.Connection) -> AsyncIterator[Storage]:
    """The storage. Each request is a transaction, so what a test wrote is removed at its end."""
    yield opened
    await database.execute("delete from auth.users")


@pytest.fixture
def shared_storage(storage: Storage) -> Storage:
    """The storage as it runs in production."""
    return storage
