import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.adapters.supabase import commands, operations
from app.adapters.supabase.local import LocalProject, LocalProjectError
from app.adapters.supabase.operations import local_storage, require_storage
from app.adapters.supabase.settings import LayerSettings
from app.commands import running
from app.refusal import Refusal

ADDRESS = "postgresql://postgres:secret@127.0.0.1:5432/postgres"
LOCAL = LocalProject("http://127.0.0.1:54321", "sb_publishable_x", "s" * 32, ADDRESS)


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which databases were brought up to date, had they been there."""
    upgraded: list[str] = []

    def upgrade(address: str) -> list[str]:
        upgraded.append(address)
        return ["20260105090000_add_items.sql"]

    monkeypatch.setattr(operations, "upgrade", upgrade)
    monkeypatch.setattr(commands, "upgrade", upgrade)
    monkeypatch.setattr(running, "configure_logs", lambda **_how: None)
    return upgraded


def stand_in(monkeypatch: pytest.MonkeyPatch, problem: Exception | None = None) -> None:
    """Stand in for the project of a folder."""

    @contextmanager
    def local_project(_folder: Path, port: int) -> Iterator[LocalProject]:
        assert port
        if problem:
            raise problem
        yield LOCAL

    monkeypatch.setattr(operations, "local_project", local_project)


def test_without_a_project_nothing_is_served(layer_settings: LayerSettings) -> None:
    with pytest.raises(Refusal, match="SUPABASE_PUBLISHABLE_KEY are not set") as refusal:
        require_storage(LayerSettings())

    assert refusal.value.code == 2
    require_storage(layer_settings)


def test_a_developers_own_project_is_started_migrated_and_explained(
    upgraded: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    stand_in(monkeypatch)

    with local_storage(LayerSettings(), tmp_path) as variables:
        assert variables == {
            "SUPABASE_URL": LOCAL.url,
            "SUPABASE_PUBLISHABLE_KEY": LOCAL.publishable_key,
            "DATABASE_URL": ADDRESS,
            "JWT_SECRET": LOCAL.jwt_secret,
        }

    assert upgraded == [ADDRESS]
    said = capsys.readouterr().out
    for word in (LOCAL.publishable_key, "/auth/v1/token", "link", "db push", "SUPABASE_URL"):
        assert word in said
    assert LOCAL.jwt_secret not in said


async def test_a_project_that_the_settings_name_is_used_as_it_is(
    layer_settings: LayerSettings, upgraded: list[str], tmp_path: Path
) -> None:
    def use() -> dict[str, str]:
        with local_storage(layer_settings, tmp_path) as variables:
            return dict(variables)

    assert await asyncio.to_thread(use) == {}
    assert upgraded == []


def test_a_project_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    away = LayerSettings(supabase_url="http://127.0.0.1:1", supabase_publishable_key="x")

    with pytest.raises(Refusal) as refusal, local_storage(away, tmp_path):
        pass

    assert str(refusal.value) == (
        "The project at http://127.0.0.1:1 cannot be used. It does not answer. "
        "Mend SUPABASE_URL, or wait until it does."
    )


def test_what_stands_in_its_way_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, LocalProjectError("It is in use."))

    with (
        pytest.raises(Refusal, match=r"It is in use\. Or set SUPABASE_URL"),
        local_storage(LayerSettings(), tmp_path),
    ):
        pass


def test_one_of_other_code_can_be_moved_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def upgrade(_address: str) -> list[str]:
        raise Refusal("It is of other code.")

    stand_in(monkeypatch)
    monkeypatch.setattr(operations, "upgrade", upgrade)

    with pytest.raises(Refusal) as refusal, local_storage(LayerSettings(), tmp_path):
        pass

    assert str(refusal.value).startswith(f"It is of other code. Or move {tmp_path} away")


def test_migrate_brings_the_named_database_up_to_date(
    upgraded: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", ADDRESS)

    commands.migrate()

    assert upgraded == [ADDRESS]
    assert capsys.readouterr().out == (
        "Applied 20260105090000_add_items.sql.\nThe database is up to date.\n"
    )


def test_migrate_needs_an_address(upgraded: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.migrate()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("DATABASE_URL is not set.")
    assert upgraded == []


def test_the_address_is_not_shown() -> None:
    assert "secret" not in repr(LayerSettings(database_url=ADDRESS)).replace("jwt_secret", "")
