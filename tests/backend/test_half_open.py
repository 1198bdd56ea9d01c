"""Ten thousand clients who connect and then do nothing, or half of something."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.backend import Backend
from tests.support.crashing import crashing_postgres
from tests.support.render import copy
from tests.support.served import free_port, production, program, serving, sign_up, status_of

CLIENTS = 10_000
HALVES = (b"", b"GET /api/v1/ev", b"POST /api/v1/items HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
ANSWERED_WITHIN = 2.0  # seconds, while all of them are connected
GONE_WITHIN = 30.0  # seconds after the last of them has come
# The server as anybody runs it who does not use this project's command.
PLAIN = ("uvicorn", "--factory", "app.commands.running:make_app", "--port")
SOCKETS = Path("/proc/net/tcp")
OPEN = ("01", "08")  # established, or given up by the client alone
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SOCKETS.exists(), reason="it counts as Linux does"),
]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    project = tmp_path_factory.mktemp("half-open") / "made"
    copy({}, project)
    backend = Backend(project)
    backend.passes("uv", "sync", "--quiet")
    return backend


@pytest.fixture(autouse=True)
def _many_files() -> Iterator[None]:
    """So many connections are so many open files here as well."""
    import resource  # noqa: PLC0415 - it is not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < CLIENTS + 1000:
        pytest.skip(f"a process may have {hard} open files here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_clients_who_do_nothing_hold_nothing_up(backend: Backend, tmp_path: Path) -> None:
    with (
        crashing_postgres(backend) as database,
        production(backend, database.address, tmp_path / "log") as port,
    ):
        sign_up(port)
        with half_open(port):
            assert connected(port) >= CLIENTS
            started = time.monotonic()
            assert status_of(port, "/health/ready") == 200
            assert status_of(port, "/api/v1/items") == 401
            took = time.monotonic() - started
            seconds = gone_after(port)
    print(f"answered in {took:.2f} s, all closed after {seconds:.0f} s")  # noqa: T201 - with -s
    assert took < ANSWERED_WITHIN
    assert seconds < GONE_WITHIN


def test_without_the_deadline_they_stay(backend: Backend, tmp_path: Path) -> None:
    port = free_port()
    command: list[str | Path] = [program(backend, PLAIN[0]), *PLAIN[1:], str(port)]
    with (
        crashing_postgres(backend) as database,
        serving(
            command,
            backend.project / "backend",
            port,
            tmp_path / "log",
            DATABASE_URL=database.address,
        ),
        half_open(port, clients=100),
    ):
        assert gone_after(port) >= GONE_WITHIN


@contextmanager
def half_open(port: int, clients: int = CLIENTS) -> Iterator[None]:
    """Keeps so many connections open on which no request is ever complete."""
    with ExitStack() as opened:
        for number in range(clients):
            client = opened.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            client.sendall(HALVES[number % len(HALVES)])
        yield


def connected(port: int) -> int:
    """How many connections the server on a port has."""
    local = f":{port:04X}"
    rows = map(str.split, SOCKETS.read_text().splitlines())
    return sum(row[1].endswith(local) and row[3] in OPEN for row in rows)


def gone_after(port: int) -> float:
    """After how many seconds the server has closed them all, or that it did not in time."""
    started = time.monotonic()
    while connected(port) and time.monotonic() < started + GONE_WITHIN:
        time.sleep(0.5)
    return time.monotonic() - started
