"""A rendered backend as it runs in production: migrated, behind its own server, asked over HTTP."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from tests.support.backend import Backend, environment

PATIENCE = 30.0  # seconds until a server answers
USER = {"email": "user@example.com", "password": "a password of some length"}


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@contextmanager
def serving(
    command: Sequence[str | Path], folder: Path, port: int, log: Path, **variables: str
) -> Iterator[int]:
    """Runs a server until the end of the block, and gives its port once it takes connections."""
    with (
        log.open("ab") as output,
        subprocess.Popen(
            command, cwd=folder, env=environment(**variables), stdout=output, stderr=output
        ) as server,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while not listens(port):
                assert server.poll() is None, f"the server ended: {log.read_text()}"
                assert time.monotonic() < deadline, f"the server does not listen: {log.read_text()}"
                time.sleep(0.02)
            yield port
        finally:
            server.terminate()


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def production(backend: Backend, address: str, log: Path, **variables: str) -> Iterator[int]:
    """Migrates a database, serves the backend on it as production does, and gives the port."""
    port = free_port()
    given = {
        "DATABASE_URL": address,
        "ENVIRONMENT": "production",
        "JWT_SECRET": "a secret that only this run knows",
        "PORT": str(port),
        **variables,
    }
    Backend(backend.project, given).passes("uv", "run", "--quiet", "migrate")
    serve = program(backend, "serve")
    with serving([serve], backend.project / "backend", port, log, **given):
        yield port


def program(backend: Backend, name: str) -> Path:
    """A program of the backend's environment: started by itself, it is the process to stop."""
    scripts = backend.project / "backend" / ".venv"
    [found] = (*scripts.glob(f"bin/{name}"), *scripts.glob(f"Scripts/{name}.exe"))
    return found


def sign_up(port: int) -> str:
    """Registers a user, and gives their access token."""
    ask(port, "accounts", USER)
    return cast("str", ask(port, "sessions", USER)["access_token"])


def ask(port: int, path: str, body: Mapping[str, str]) -> Mapping[str, object]:
    """The answer to a POST, which has to succeed."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        return cast("Mapping[str, object]", json.load(answer))


def status_of(port: int, path: str) -> int:
    """The status that a GET is answered with; 0 where there is no answer."""
    try:
        url = f"http://127.0.0.1:{port}{path}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return cast("int", answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
