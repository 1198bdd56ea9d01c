"""How Alembic runs a migration: on the database of `DATABASE_URL`, or as SQL with `--sql`."""

import asyncio
import importlib
import logging
import pkgutil
import sys

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from app.adapters import sqlalchemy as adapters
from app.adapters.sqlalchemy.base import Base
from app.adapters.sqlalchemy.database import open_engine
from app.settings import Settings

# Every module with adapters in it, so that no table is forgotten.
for module in pkgutil.iter_modules(adapters.__path__, f"{adapters.__name__}."):
    importlib.import_module(module.name)


def migrate(connection: Connection | None = None) -> None:
    """Run what Alembic was asked for in one transaction; print it where there is no connection."""
    context.configure(
        connection=connection,
        dialect_name="postgresql",
        literal_binds=connection is None,
        target_metadata=Base.metadata,
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect() -> None:
    """Migrate the database that the settings name."""
    settings = Settings()
    if settings.database_url is None:
        sys.exit("DATABASE_URL is not set. Set it, or add --sql to see the statements.")
    engine = open_engine(settings, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


logging.getLogger("alembic").setLevel(logging.INFO)
logging.basicConfig(format="%(message)s")
if context.is_offline_mode():
    migrate()
elif (connection := context.config.attributes.get("connection")) is not None:
    migrate(connection)  # the caller's own, and its transaction
else:
    asyncio.run(connect())
