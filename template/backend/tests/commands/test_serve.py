import socket
from collections.abc import Iterator

import pytest
import uvicorn

from app import layer
from app.commands import running, serve
from app.refusal import Refusal
from app.settings import Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[uvicorn.Config]:
    """What was served, had it been a process of its own."""
    served: list[uvicorn.Config] = []
    monkeypatch.setattr(
        uvicorn, "run", lambda *args, **options: served.append(uvicorn.Config(*args, **options))
    )
    monkeypatch.setattr(running, "configure_logs", lambda **_how: None)
    monkeypatch.setattr(layer, "require_storage", lambda _settings: None)
    return served


@pytest.fixture
def port() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_it_serves_as_the_settings_say(
    served: list[uvicorn.Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "127.0.0.2")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.0/8")

    serve.serve()

    [config] = served
    assert (config.host, config.port, config.workers) == ("127.0.0.2", 8123, 3)
    assert (config.proxy_headers, config.forwarded_allow_ips) == (True, "10.0.0.0/8")
    assert (config.timeout_graceful_shutdown, config.server_header) == (3, False)
    config.load()


def test_it_refuses_settings_that_are_unfit(
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JWT_SECRET", "s" * 32)
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DEBUG", "true")

    with pytest.raises(SystemExit) as ended:
        serve.serve()

    assert ended.value.code == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith("DEBUG is on.")
    assert served == []


def test_it_refuses_to_run_without_storage(
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(_settings: Settings) -> None:
        raise Refusal("No storage.", code=2)

    monkeypatch.setattr(layer, "require_storage", refuse)

    with pytest.raises(SystemExit) as ended:
        serve.serve()

    assert ended.value.code == 2
    assert capsys.readouterr().err == "No storage.\n"
    assert served == []


def test_it_refuses_a_port_in_use(
    port: int,
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PORT", str(port))

    with pytest.raises(SystemExit) as ended:
        serve.serve()

    assert ended.value.code == 1
    assert f"port {port}" in capsys.readouterr().err
    assert served == []
