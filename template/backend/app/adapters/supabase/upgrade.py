"""Brings the tables of a project up to date, or says in one line why not.

What has run is written where the command line tool of Supabase writes it, so that either of them
goes on where the other one ended.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped] # it ships no types

from app.refusal import Refusal

MIGRATIONS = Path(__file__).parents[4] / "supabase" / "migrations"
NAMED = re.compile(r"(\d{14})_(\w+)\.sql")
# A file that ends the transaction would leave half of itself behind when it fails after that.
ENDS_TRANSACTION = re.compile(
    r"^\s*(begin|start transaction|commit|rollback)\s*;", re.IGNORECASE | re.MULTILINE
)
LOCK = 7_268_335_108  # any number, always the same: who holds it migrates
HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
    version text not null primary key,
    statements text[],
    name text
);
"""
RECORD = """
insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)
"""
CONNECT_TIMEOUT = 10.0
AN_HOUR = 3600.0  # a new index on a large table takes its time


def upgrade(address: str, folder: Path = MIGRATIONS) -> list[str]:
    """Run every migration that the database lacks, all or none of them, and name them."""
    files = files_in(folder)
    with connection_explained(address):
        return asyncio.run(apply(address, files))


def files_in(folder: Path) -> Mapping[str, Path]:
    """Give the migrations by version, oldest first."""
    if not folder.is_dir():
        raise Refusal(f"There is no folder {folder}. Run this in the repository.")
    files: dict[str, Path] = {}
    for file in sorted(folder.glob("*.sql")):
        named = NAMED.fullmatch(file.name)
        if named is None:
            raise Refusal(f"{file} is no name of a migration. Write it as 20260105090000_what.sql.")
        if named[1] in files:
            raise Refusal(f"{file} and {files[named[1]]} have the same time. Change one of them.")
        files[named[1]] = file
    return files


async def apply(address: str, files: Mapping[str, Path]) -> list[str]:
    """Run the files that are missing, in one transaction."""
    connection = await asyncpg.connect(
        address,
        timeout=CONNECT_TIMEOUT,
        command_timeout=AN_HOUR,
        server_settings={"lock_timeout": "2s", "statement_timeout": "1h"},
    )
    try:
        with work_explained():
            async with connection.transaction():
                if not await connection.fetchval("select pg_try_advisory_xact_lock($1)", LOCK):
                    raise Refusal(
                        "Another `uv run migrate` is at work on this database. Wait for its end."
                    )
                await connection.execute(HISTORY)
                return await run_missing(connection, files)
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)


async def run_missing(connection: asyncpg.Connection, files: Mapping[str, Path]) -> list[str]:
    """Run what has not run yet. What has must be there, and be older."""
    found = await connection.fetch("select version from supabase_migrations.schema_migrations")
    done = {row["version"] for row in found}
    if unknown := sorted(done - set(files)):
        raise Refusal(
            f"The database was migrated by other code than this: there is no file of {unknown[0]}. "
            "Nothing was changed. Run the code that has it."
        )
    missing = [version for version in files if version not in done]
    for version in missing:
        file = files[version]
        if version < max(done, default=""):
            raise Refusal(
                f"{file.name} is older than what has run. Nothing was changed. "
                "Give it a later time."
            )
        sql = file.read_text(encoding="utf-8")
        if ENDS_TRANSACTION.search(sql):
            raise Refusal(
                f"{file.name} begins or ends a transaction. Nothing was changed. "
                "Leave that out: all migrations run in one."
            )
        try:
            await connection.execute(sql)
        except asyncpg.PostgresError as error:
            raise Refusal(
                f"Nothing was changed, for of {file.name} the database said: {reason(error)}. "
                "Mend that, then run it again."
            ) from error
        await connection.execute(RECORD, version, file.stem.partition("_")[2], [sql])
    return [files[version].name for version in missing]


@contextmanager
def connection_explained(address: str) -> Iterator[None]:
    """Say in one line, without the password, why the database cannot be reached."""
    parts = urlsplit(address)
    place = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    try:
        yield
    except (OSError, TimeoutError) as error:
        raise Refusal(f"No database answers at {place}. Start it, or mend DATABASE_URL.") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise Refusal(
            f"The database at {place} refuses: {reason(error)}. Mend DATABASE_URL."
        ) from error


@contextmanager
def work_explained() -> Iterator[None]:
    """Say in one line why the tables were left as they are."""
    try:
        yield
    except asyncpg.PostgresError as error:
        raise Refusal(
            f"Nothing was changed, for the database said: {reason(error)}. Mend that, then run it "
            "again."
        ) from error


def reason(error: Exception) -> str:
    """Give what the database said, in one line."""
    return str(error).partition("\n")[0].rstrip(".")
