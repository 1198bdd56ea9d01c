"""Real databases in every state in which `uv run migrate` may find one."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.adapters.sqlalchemy.settings import LayerSettings
from app.adapters.sqlalchemy.upgrade import LOCK, require_up_to_date, upgrade
from app.refusal import Refusal
from tests.adapters.sqlalchemy.fixtures import new_database

FIRST = "4b1f6d2c9a70"


@pytest.fixture
def settings(database_url: str) -> LayerSettings:
    return LayerSettings(database_url=database_url, lock_timeout=0.05)


@pytest.fixture
async def revised(engine: AsyncEngine) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """What makes a database say another revision. At the end it says the right one again."""
    head = await revision_of(engine)

    async def revise(revision: str) -> None:
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE alembic_version SET version_num = :it"), {"it": revision}
            )

    yield revise
    await revise(head)


async def refusal_of(command: Callable[[LayerSettings], None], settings: LayerSettings) -> str:
    """Give the one line by which a command refuses."""
    with pytest.raises(Refusal) as refusal:
        await asyncio.to_thread(command, settings)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def revision_of(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
    return str(found.scalar_one())


async def test_what_is_up_to_date_stays_so(settings: LayerSettings, engine: AsyncEngine) -> None:
    head = await revision_of(engine)

    await asyncio.to_thread(upgrade, settings)
    await asyncio.to_thread(require_up_to_date, settings)

    assert await revision_of(engine) == head != FIRST


@pytest.mark.slow
async def test_an_empty_database_is_not_up_to_date(database_url: str) -> None:
    async with new_database(database_url) as address:
        empty = LayerSettings(database_url=address)

        assert "Run `uv run migrate` first." in await refusal_of(require_up_to_date, empty)


@pytest.mark.parametrize("command", [upgrade, require_up_to_date])
async def test_a_revision_of_other_code_is_named_and_left_alone(
    command: Callable[[LayerSettings], None],
    settings: LayerSettings,
    engine: AsyncEngine,
    revised: Callable[[str], Awaitable[None]],
) -> None:
    await revised("fffff")

    line = await refusal_of(command, settings)

    assert line.startswith("The database was migrated by other code than this: ")
    assert "'fffff'" in line
    assert await revision_of(engine) == "fffff"


async def test_a_half_migrated_database_is_left_as_it_is(
    settings: LayerSettings, engine: AsyncEngine, revised: Callable[[str], Awaitable[None]]
) -> None:
    await revised(FIRST)

    line = await refusal_of(upgrade, settings)

    assert re.match(r"Nothing was changed, for the database said: \S+ \"\w+\" already exists", line)
    assert await revision_of(engine) == FIRST
    assert "lacks migrations" in await refusal_of(require_up_to_date, settings)


async def test_of_two_who_migrate_at_once_the_second_is_told_so(
    settings: LayerSettings, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))

        line = await refusal_of(upgrade, settings)

    assert line == "Another `uv run migrate` is at work on this database. Wait for its end."


@pytest.mark.slow
async def test_a_table_in_use_is_not_waited_for_without_end(
    settings: LayerSettings, engine: AsyncEngine
) -> None:
    await asyncio.to_thread(upgrade, settings)

    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE alembic_version"))

        line = await refusal_of(upgrade, settings)

    assert "lock timeout" in line


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
    part: str, wrong: str, line: str, database_url: str
) -> None:
    settings = LayerSettings(database_url=re.sub(part, wrong, database_url, count=1))

    for command in (upgrade, require_up_to_date):
        said = await refusal_of(command, settings)
        assert line in said
        assert str(make_url(database_url).password) not in said
