"""The commands as they are run: processes of their own, real signals, a real Postgres."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from app.features import SAMPLES
from app.settings import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the signals are those of Unix"),
]
has_items = pytest.mark.skipif(not SAMPLES, reason="there is nothing to store yet")
PATIENCE = 30.0
SERVE = """
from app.commands.serve import serve
if __name__ == "__main__":
    serve()
"""
DEV = """
import sys, pathlib
from app.commands import dev
if __name__ == "__main__":
    dev.FOLDER = pathlib.Path(sys.argv[1])
    dev.dev()
"""

Run = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


port = pytest.fixture(free_port)


@pytest.fixture
def run(tmp_path: Path, port: int) -> Iterator[Run]:
    """Start commands in an empty folder; at the end none of them may be left."""
    started: list[subprocess.Popen[str]] = []
    inherited = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}

    def start(
        program: str, *arguments: object, variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        file = tmp_path / f"command{len(started)}.py"
        file.write_text(program, encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603 - from above
            [sys.executable, file, *map(str, arguments)],
            cwd=tmp_path,
            env={**inherited, "PORT": str(port), **(variables or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until_served(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx2.TransportError):
            httpx2.get(f"http://127.0.0.1:{port}/health/live")
            return
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its children hold what it says open
    pytest.fail("\n".join(process.communicate()))


def line_of(process: subprocess.Popen[str]) -> str:
    """Give the one line by which a command refused."""
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in {1, 2}
    assert out == ""
    [line] = err.splitlines()
    return line


@has_items
def test_dev_starts_everything_keeps_the_data_and_leaves_nothing_behind(
    run: Run,
    port: int,
    tmp_path: Path,
    sign_in_to_dev: Callable[[str, str, Mapping[str, str]], str],
) -> None:
    api = f"http://127.0.0.1:{port}"
    for items in (3, 4):  # those of the beginning, and one that is added
        dev = run(DEV, tmp_path / "local")
        wait_until_served(port, dev)
        assert httpx2.get(f"{api}/docs").status_code == 200
        user = {"email": "user@example.com", "password": "a password for development"}
        assert dev.stdout
        printed = ""
        while "\nSign in:" not in printed and (line := dev.stdout.readline()):
            printed += line
        bearer = {"Authorization": f"Bearer {sign_in_to_dev(api, printed, user)}"}
        stored = httpx2.get(f"{api}/api/v1/items", headers=bearer).json()
        httpx2.post(f"{api}/api/v1/items", headers=bearer, json={"name": "One more"})
        assert stored["total"] == items

        os.killpg(dev.pid, signal.SIGINT)
        out, err = printed + dev.stdout.read(), dev.communicate(timeout=PATIENCE)[1]

        assert "Traceback" not in out + err
        said = dict(re.findall(r"^([\w ]+): +(.+)$", out, re.MULTILINE))
        assert said["The API"] == f"{api}/docs"
        assert said["Sign in"] == "{email}, {password}".format(**user)
        [database] = re.findall(r":(\d+)/postgres, kept in", out)
        for left in (port, int(database)):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", left))


@has_items
def test_a_second_dev_is_refused_and_the_first_goes_on(run: Run, port: int, tmp_path: Path) -> None:
    first = run(DEV, tmp_path / "local")
    wait_until_served(port, first)

    same_port = run(DEV, tmp_path / "local")
    other_port = run(DEV, tmp_path / "local", variables={"PORT": str(free_port())})

    assert f"port {port}" in line_of(same_port)
    assert "in use by another `uv run dev`" in line_of(other_port)
    assert httpx2.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200


@has_items
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write everywhere")
def test_dev_in_a_folder_that_is_read_only_says_so(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o500)

    assert "Make " in line_of(run(DEV, folder / "local"))


@has_items
def test_serve_finishes_a_request_and_ends_when_it_is_terminated(
    run: Run, port: int, away: Mapping[str, str]
) -> None:
    server = run(SERVE, variables=away)
    wait_until_served(port, server)
    body = json.dumps({"name": "Lamp"}).encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = "POST /api/v1/items HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:5])
        time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(body[5:])
        answer = connection.recv(65536).decode()

    out, err = server.communicate(timeout=PATIENCE)

    assert answer.startswith("HTTP/1.1 401 ")
    assert "\r\nserver:" not in answer.lower()
    events = [json.loads(line) for line in out.splitlines()]
    [line] = [event for event in events if event["event"] == "request"]
    assert (line["path"], line["status"]) == ("/api/v1/items", 401)
    assert line["request_id"] in answer
    assert events[-1]["event"].startswith("Finished server process")
    assert err == ""


def test_several_workers_end_together(run: Run, port: int, away: Mapping[str, str]) -> None:
    server = run(SERVE, variables={**away, "WEB_CONCURRENCY": "2"})
    wait_until_served(port, server)
    server.send_signal(signal.SIGTERM)

    out, err = server.communicate(timeout=PATIENCE)

    assert (server.returncode, err) == (0, "")
    assert "Stopping parent process" in out


def test_serve_refuses_what_production_must_not_have(run: Run, away: Mapping[str, str]) -> None:
    server = run(SERVE, variables={**away, "DEBUG": "true"})

    assert line_of(server).startswith("DEBUG is on.")


def test_a_wrong_value_in_the_file_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BODY_LIMIT=much\n", encoding="utf-8")

    assert line_of(run(SERVE)).startswith("BODY_LIMIT: Input should be a valid integer")


@contextmanager
def receiver() -> Iterator[tuple[str, list[str]]]:
    """Receive telemetry on this machine. Gives the address, and the paths that were called."""
    called: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            called.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", called
        finally:
            server.shutdown()


def test_telemetry_goes_where_the_variable_says(
    run: Run, port: int, away: Mapping[str, str]
) -> None:
    with receiver() as (address, called):
        server = run(SERVE, variables={**away, "OTEL_EXPORTER_OTLP_ENDPOINT": address})
        wait_until_served(port, server)
        httpx2.get(f"http://127.0.0.1:{port}/nowhere")
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=PATIENCE)

    assert {"/v1/traces", "/v1/metrics"} <= set(called)
    events = [json.loads(line) for line in out.splitlines()]
    [line] = [event for event in events if event["event"] == "request"]
    assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"])
    assert re.fullmatch(r"[0-9a-f]{16}", line["span_id"])
    assert err == ""
