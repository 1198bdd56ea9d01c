import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import uvicorn

from app import layer
from app.commands import dev, running
from app.layer import Storage
from app.refusal import Refusal
from app.settings import Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[uvicorn.Config]:
    """What was served, had it been a process of its own."""
    served: list[uvicorn.Config] = []
    monkeypatch.setattr(
        uvicorn, "run", lambda *args, **options: served.append(uvicorn.Config(*args, **options))
    )
    monkeypatch.setattr(running, "configure_logs", lambda **_how: None)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setattr(dev, "FOLDER", tmp_path)
    monkeypatch.setenv("PORT", "8123")
    return served


def offer(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> list[str]:
    """Stand in for the storage that `uv run dev` starts. Gives what happens to it."""
    happened: list[str] = []

    @contextmanager
    def local_storage(_settings: Settings, folder: Path) -> Iterator[Mapping[str, str]]:
        happened.append(f"started in {folder.name}")
        yield variables
        happened.append("stopped")

    @asynccontextmanager
    async def open_storage(settings: Settings) -> AsyncIterator[str]:
        yield f"port {settings.port}"

    async def add_sample(storage: Storage, _settings: Settings) -> str:
        return f"Sample:   on {storage}"

    monkeypatch.setattr(layer, "local_storage", local_storage)
    monkeypatch.setattr(layer, "open_storage", open_storage)
    monkeypatch.setattr(dev, "SAMPLES", [add_sample])
    return happened


def test_it_starts_storage_says_where_everything_is_serves_and_stops_it_again(
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    happened = offer(monkeypatch, {"PORT": "8124", "A_SECRET": "x", "A_URL": "where it is"})

    dev.dev()

    assert capsys.readouterr().out.splitlines() == [
        "The API:  http://127.0.0.1:8123/docs",
        f"The data: where it is, kept in {tmp_path}",
        "Sample:   on port 8124",
    ]
    assert happened == [f"started in {tmp_path.name}", "stopped"]
    [config] = served
    assert (config.host, config.port, config.should_reload) == ("127.0.0.1", 8123, True)
    assert config.reload_dirs == [dev.ROOT / "app"]


def test_storage_that_the_settings_name_gets_no_samples(
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    offer(monkeypatch, {})
    monkeypatch.setenv("SERVE_DOCS", "false")

    dev.dev()

    assert capsys.readouterr().out.splitlines() == [
        "The API:  http://127.0.0.1:8123/health/live",
        "The data: where your settings say",
    ]
    assert len(served) == 1


def test_what_stands_in_the_way_is_said_in_one_line(
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def local_storage(_settings: Settings, _folder: Path) -> None:
        raise Refusal("There is another one.")

    monkeypatch.setattr(layer, "local_storage", local_storage)

    with pytest.raises(SystemExit) as ended:
        dev.dev()

    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "There is another one.\n")
    assert served == []
