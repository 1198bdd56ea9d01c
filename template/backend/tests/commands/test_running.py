import socket
from pathlib import Path

import pytest

from app.commands.running import make_app, read_settings, require_free_port, told
from app.refusal import Refusal
from app.settings import Settings


def test_a_refusal_is_one_line_and_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, told():
        raise Refusal("No.", code=2)

    assert ended.value.code == 2
    assert capsys.readouterr() == ("", "No.\n")


def test_ctrl_c_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, told():
        raise KeyboardInterrupt

    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "eighty", "PORT: Input should be a valid integer"),
        ("ENVIRONMENT", "prod", "ENVIRONMENT: Input should be 'development' or 'production'"),
        ("CORS_ORIGINS", "here", "CORS_ORIGINS: an origin is https:// and a host"),
        ("ENVIRONMENT", "production", "DEBUG is on. Turn it off"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(
    name: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_SECRET", "s" * 32)
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv(name, value)

    with pytest.raises(Refusal) as refusal:
        read_settings()

    assert str(refusal.value).startswith(line)
    assert str(refusal.value).endswith(". `.env.example` explains each variable.")
    assert "\n" not in str(refusal.value)
    assert refusal.value.code == 2


def test_two_wrong_values_are_both_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=0\nDEBUG=perhaps\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", file)

    with pytest.raises(Refusal, match=r"DEBUG: .+; PORT: "):
        read_settings()


def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"JWT_SECRET=\xff\n")
    monkeypatch.setitem(Settings.model_config, "env_file", file)

    with pytest.raises(Refusal, match=r"\.env: .+decode"):
        read_settings()


def test_a_port_in_use_is_refused_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(Refusal, match=rf"Cannot listen on 127\.0\.0\.1, port {port}: "):
            require_free_port(Settings(port=port))

    require_free_port(Settings(port=port))


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(Refusal, match=r"Cannot listen on 192\.0\.2\.1, port 8000: "):
        require_free_port(Settings(host="192.0.2.1"))


def test_each_process_of_the_server_logs_and_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[dict[str, bool]] = []
    monkeypatch.setattr("app.commands.running.configure_logs", lambda **how: logged.append(how))
    monkeypatch.setenv("PORT", "8123")

    app = make_app()

    assert app.state.settings.port == 8123
    assert logged == [{"as_json": False, "debug": False}]
