"""Brings the tables up to date, or says in one line why not."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, exc, func, select
from sqlalchemy.pool import NullPool

from app.adapters.sqlalchemy.database import open_engine
from app.adapters.sqlalchemy.settings import LayerSettings
from app.refusal import Refusal

CONFIG = Config(Path(__file__).parents[3] / "alembic.ini")
LOCK = 7_268_335_108  # any number, always the same: who holds it migrates
AN_HOUR = 3600.0  # a new index on a large table takes its time


def upgrade(settings: LayerSettings) -> None:
    """Run every migration that the database lacks, all or none of them."""

    def work(connection: Connection) -> None:
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
            raise Refusal("Another `uv run migrate` is at work on this database. Wait for its end.")
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, "head")

    run(settings, work)


def require_up_to_date(settings: LayerSettings) -> None:
    """Refuse a database whose tables are not those of this code."""

    def work(connection: Connection) -> None:
        script = ScriptDirectory.from_config(CONFIG)
        found = MigrationContext.configure(connection).get_current_heads()
        for revision in found:
            script.get_revision(revision)
        if set(found) != set(script.get_heads()):
            raise Refusal("The database lacks migrations. Run `uv run migrate` first.")

    run(settings, work)


def run(settings: LayerSettings, work: Callable[[Connection], None]) -> None:
    """Do something in one transaction, on a connection that may take its time."""
    patient = settings.model_copy(update={"statement_timeout": AN_HOUR})

    async def connect() -> None:
        engine = open_engine(patient, poolclass=NullPool)
        async with engine.connect() as connection:
            with work_explained():
                async with connection.begin():
                    await connection.run_sync(work)

    with connection_explained(settings):
        asyncio.run(connect())


@contextmanager
def connection_explained(settings: LayerSettings) -> Iterator[None]:
    """Say in one line, without the password, why the database cannot be reached."""
    address = urlsplit(settings.database_url or "")
    place = f"{address.hostname or 'localhost'}:{address.port or 5432}"
    try:
        yield
    except (OSError, TimeoutError) as error:
        raise Refusal(f"No database answers at {place}. Start it, or mend DATABASE_URL.") from error
    except exc.DBAPIError as error:
        raise Refusal(
            f"The database at {place} refuses: {reason(error)}. Mend DATABASE_URL."
        ) from error


@contextmanager
def work_explained() -> Iterator[None]:
    """Say in one line why the tables were left as they are."""
    try:
        yield
    except CommandError as error:
        raise Refusal(
            f"The database was migrated by other code than this: {error}. Nothing was changed. "
            "Run the code that has the revision."
        ) from error
    except exc.DBAPIError as error:
        raise Refusal(
            f"Nothing was changed, for the database said: {reason(error)}. Mend that, then run it "
            "again."
        ) from error


def reason(error: exc.DBAPIError) -> str:
    """Give what the database said, without the statement."""
    return str(getattr(error.orig, "__cause__", None)).partition("\n")[0].rstrip(".")
