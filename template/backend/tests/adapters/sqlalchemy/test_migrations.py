import io
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.ext.asyncio import AsyncEngine

ALEMBIC = Path(__file__).parents[3] / "alembic.ini"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Alembic as the command line has it, but with a folder of its own for revisions."""
    config = Config(ALEMBIC, stdout=io.StringIO(), output_buffer=io.StringIO())
    config.set_main_option("version_locations", str(tmp_path))
    config.set_main_option("path_separator", "os")
    return config


def sql(config: Config) -> str:
    """Say what Alembic printed as SQL."""
    buffer = config.output_buffer
    assert isinstance(buffer, io.StringIO)
    return buffer.getvalue()


def test_there_is_one_line_of_revisions() -> None:
    script = ScriptDirectory.from_config(Config(ALEMBIC))

    assert len(script.get_heads()) == 1


def test_a_revision_can_be_made_run_and_taken_back(config: Config, tmp_path: Path) -> None:
    command.revision(config, "add items", rev_id="abc123")
    command.upgrade(config, "head", sql=True)
    command.downgrade(config, "abc123:base", sql=True)

    [file] = tmp_path.glob("*_abc123_add_items.py")
    assert file.read_text(encoding="utf-8").startswith('"""add items.\n')
    assert "CREATE TABLE alembic_version" in sql(config)
    assert "INSERT INTO alembic_version (version_num) VALUES ('abc123')" in sql(config)
    assert "DELETE FROM alembic_version" in sql(config)


def test_without_an_address_it_says_what_to_do(config: Config) -> None:
    with pytest.raises(SystemExit, match="DATABASE_URL is not set"):
        command.upgrade(config, "head")


async def on_its_way_back(engine: AsyncEngine, work: Callable[[Connection], None]) -> None:
    """Do something to the tables, and undo it."""
    async with engine.connect() as connection, connection.begin() as everything:
        await connection.run_sync(work)
        await everything.rollback()


async def test_every_migration_goes_up_down_and_up_again(engine: AsyncEngine) -> None:
    def go(connection: Connection) -> None:
        config = Config(ALEMBIC, attributes={"connection": connection})
        for revision in ScriptDirectory.from_config(config).walk_revisions():
            command.downgrade(config, "-1")
            command.upgrade(config, revision.revision)
            command.downgrade(config, "-1")
        nothing = inspect(connection)
        assert isinstance(nothing, PGInspector)
        assert (nothing.get_table_names(), nothing.get_enums()) == (["alembic_version"], [])
        command.upgrade(config, "head")
        assert "items" in inspect(connection).get_table_names()

    await on_its_way_back(engine, go)


async def test_the_models_and_the_migrations_say_the_same(engine: AsyncEngine) -> None:
    def check(connection: Connection) -> None:
        command.check(Config(ALEMBIC, attributes={"connection": connection}))

    await on_its_way_back(engine, check)
