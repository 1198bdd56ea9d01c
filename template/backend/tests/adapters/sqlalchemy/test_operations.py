import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.adapters.postgres.local import LocalPostgresError
from app.adapters.sqlalchemy import commands, operations
from app.adapters.sqlalchemy.operations import local_storage, require_storage
from app.adapters.sqlalchemy.settings import LayerSettings
from app.commands import running
from app.refusal import Refusal

ADDRESS = "postgresql://app:secret@127.0.0.1:5432/shop"


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Which databases were brought up to date, had they been there."""
    upgraded: list[str | None] = []

    def upgrade(settings: LayerSettings) -> None:
        upgraded.append(settings.database_url)

    monkeypatch.setattr(operations, "upgrade", upgrade)
    monkeypatch.setattr(commands, "upgrade", upgrade)
    return upgraded


def stand_in(monkeypatch: pytest.MonkeyPatch, problem: Exception | None = None) -> None:
    """Stand in for the Postgres of a folder."""

    @contextmanager
    def local_postgres(_folder: Path) -> Iterator[str]:
        if problem:
            raise problem
        yield ADDRESS

    monkeypatch.setattr(operations, "local_postgres", local_postgres)


def test_without_an_address_nothing_is_served() -> None:
    with pytest.raises(Refusal, match="DATABASE_URL is not set") as refusal:
        require_storage(LayerSettings())

    assert refusal.value.code == 2
    require_storage(LayerSettings(database_url=ADDRESS))


def test_a_developers_own_database_is_started_and_migrated(
    upgraded: list[str | None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(monkeypatch)

    with local_storage(LayerSettings(), tmp_path) as variables:
        assert variables == {"DATABASE_URL": ADDRESS}

    assert upgraded == [ADDRESS]


async def test_a_database_that_the_settings_name_is_used_as_it_is(
    database_url: str, engine: object, upgraded: list[str | None], tmp_path: Path
) -> None:
    assert engine

    def use() -> dict[str, str]:
        with local_storage(LayerSettings(database_url=database_url), tmp_path) as variables:
            return dict(variables)

    assert await asyncio.to_thread(use) == {}
    assert upgraded == []


def test_what_stands_in_its_way_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, LocalPostgresError("It is in use."))

    with pytest.raises(Refusal, match=r"It is in use\."), local_storage(LayerSettings(), tmp_path):
        pass


def test_one_of_other_code_can_be_moved_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def upgrade(_settings: LayerSettings) -> None:
        raise Refusal("It is of other code.")

    stand_in(monkeypatch)
    monkeypatch.setattr(operations, "upgrade", upgrade)

    with pytest.raises(Refusal) as refusal, local_storage(LayerSettings(), tmp_path):
        pass

    assert str(refusal.value).startswith(f"It is of other code. Or move {tmp_path} away")


def test_migrate_brings_the_named_database_up_to_date(
    upgraded: list[str | None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "configure_logs", lambda **_how: None)
    monkeypatch.setenv("DATABASE_URL", ADDRESS)

    commands.migrate()

    assert upgraded == [ADDRESS]
    assert capsys.readouterr().out == "The database is up to date.\n"


def test_migrate_needs_an_address(
    upgraded: list[str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.migrate()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("DATABASE_URL is not set.")
    assert upgraded == []


def test_the_address_is_not_shown() -> None:
    assert ADDRESS not in repr(LayerSettings(database_url=ADDRESS))
