import io
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

BACKEND = Path(__file__).parents[3]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Alembic as the command line has it, but with a folder of its own for revisions."""
    config = Config(BACKEND / "alembic.ini", stdout=io.StringIO(), output_buffer=io.StringIO())
    config.set_main_option("version_locations", str(tmp_path))
    config.set_main_option("path_separator", "os")
    return config


def sql(config: Config) -> str:
    """Say what Alembic printed as SQL."""
    buffer = config.output_buffer
    assert isinstance(buffer, io.StringIO)
    return buffer.getvalue()


def test_there_is_one_line_of_revisions() -> None:
    script = ScriptDirectory.from_config(Config(BACKEND / "alembic.ini"))

    assert len(script.get_heads()) <= 1


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
