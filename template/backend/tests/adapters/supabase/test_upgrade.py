"""Real databases in every state in which `uv run migrate` may find one."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from app.adapters.supabase.local import LocalProject
from app.adapters.supabase.upgrade import LOCK, upgrade
from app.ids import uuid7
from app.refusal import Refusal

FIRST, SECOND = "20260105090000_add_notes.sql", "20260106090000_add_titles.sql"


@pytest.fixture(scope="module")
async def other(database: asyncpg.Connection, project: LocalProject) -> AsyncIterator[str]:
    """A database beside that of the other tests."""
    name = f"upgrade_{uuid7().hex}"
    await database.execute(f"create database {name}")
    yield re.sub(r"/\w+$", f"/{name}", project.database_url)
    await database.execute(f"drop database {name} with (force)")


@pytest.fixture
async def address(other: str) -> AsyncIterator[str]:
    """That database, and nothing in it."""
    yield other
    await execute(
        other,
        "drop schema public cascade; create schema public;"
        "drop schema if exists supabase_migrations cascade",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two migrations."""
    write(tmp_path, FIRST, "create table notes (id int);")
    write(tmp_path, SECOND, "alter table notes add title text; create index on notes (title);")
    return tmp_path


def write(folder: Path, name: str, sql: str) -> None:
    (folder / name).write_text(sql, encoding="utf-8")


async def execute(address: str, sql: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(sql)
    await connection.close()


async def run(address: str, folder: Path) -> list[str]:
    return await asyncio.to_thread(upgrade, address, folder)


async def refusal_of(address: str, folder: Path) -> str:
    """Give the one line by which it refuses."""
    with pytest.raises(Refusal) as refusal:
        await run(address, folder)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def tables(address: str) -> list[str]:
    connection = await asyncpg.connect(address)
    found = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    await connection.close()
    return [row["tablename"] for row in found]


async def test_what_is_missing_is_run_once(address: str, folder: Path) -> None:
    assert await run(address, folder) == [FIRST, SECOND]
    assert await run(address, folder) == []
    write(folder, "20260107090000_add_tags.sql", "create table tags (id int);")
    assert await run(address, folder) == ["20260107090000_add_tags.sql"]
    assert sorted(await tables(address)) == ["notes", "tags"]

    connection = await asyncpg.connect(address)
    kept = await connection.fetch(
        "select version, name, statements from supabase_migrations.schema_migrations order by 1"
    )
    await connection.close()
    assert tuple(kept[0]) == (
        "20260105090000",
        "add_notes",
        ["create table notes (id int);"],
    )


async def test_of_one_that_fails_half_way_nothing_is_left(address: str, folder: Path) -> None:
    write(folder, SECOND, "create table tags (id int);\ncreate table notes (id int);")

    line = await refusal_of(address, folder)

    assert line == (
        f'Nothing was changed, for of {SECOND} the database said: relation "notes" already exists. '
        "Mend that, then run it again."
    )
    assert await tables(address) == []


@pytest.mark.parametrize("ends", ["commit;", "BEGIN ;", "  rollback;", "Start Transaction;"])
async def test_one_that_would_end_the_transaction_is_refused(
    ends: str, address: str, folder: Path
) -> None:
    write(folder, SECOND, f"create table tags (id int);\n{ends}\ncreate table more (id int);")

    line = await refusal_of(address, folder)

    assert line.startswith(f"{SECOND} begins or ends a transaction. Nothing was changed.")
    assert await tables(address) == []


async def test_what_ran_without_its_file_is_of_other_code(address: str, folder: Path) -> None:
    await run(address, folder)
    (folder / SECOND).unlink()

    line = await refusal_of(address, folder)

    assert line.startswith("The database was migrated by other code than this")
    assert "20260106090000" in line


async def test_one_that_comes_too_late_is_refused(address: str, folder: Path) -> None:
    await run(address, folder)
    write(folder, "20260105100000_between.sql", "create table tags (id int);")

    line = await refusal_of(address, folder)

    assert line.startswith("20260105100000_between.sql is older than what has run.")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("add_notes.sql", "is no name of a migration"),
        ("20260105090000_again.sql", "have the same time"),
    ],
)
async def test_a_name_that_has_no_place_is_refused(name: str, line: str, folder: Path) -> None:
    write(folder, name, "")

    assert line in await refusal_of("postgresql://nowhere", folder)


async def test_without_its_folder_it_says_where_to_run_it(tmp_path: Path) -> None:
    line = await refusal_of("postgresql://nowhere", tmp_path / "none")

    assert line.endswith("Run this in the repository.")


async def test_of_two_who_migrate_at_once_the_second_is_told_so(address: str, folder: Path) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(f"select pg_advisory_lock({LOCK})")

    line = await refusal_of(address, folder)

    await connection.close()
    assert line == "Another `uv run migrate` is at work on this database. Wait for its end."


async def test_a_history_that_is_no_table_is_explained(address: str, folder: Path) -> None:
    await execute(
        address,
        "create schema supabase_migrations;"
        "create view supabase_migrations.schema_migrations as select 1 as a",
    )

    assert (await refusal_of(address, folder)).startswith("Nothing was changed, for the database")


@pytest.mark.parametrize(
    ("part", "wrong", "line"),
    [
        (r":\d+/", ":1/", "No database answers at 127.0.0.1:1. Start it, or mend DATABASE_URL."),
        (r":[^:]+@", ":wrong@", "password authentication failed"),
        (r"/\w+$", "/nothing", 'database "nothing" does not exist. Mend DATABASE_URL.'),
        (r"$", "?sslmode=perhaps", "`sslmode` parameter must be one of"),
    ],
)
async def test_an_address_that_does_not_work_is_explained(
    part: str, wrong: str, line: str, project: LocalProject, folder: Path
) -> None:
    said = await refusal_of(re.sub(part, wrong, project.database_url, count=1), folder)

    assert line in said
