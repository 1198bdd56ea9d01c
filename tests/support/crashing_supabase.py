"""A Supabase project whose PostgREST is killed and started again where it was."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.request import Request, urlopen

from tests.support.backend import Backend
from tests.support.crashing import Crashing
from tests.support.served import PATIENCE, USER, free_port, program, serving

# It runs in the environment of the backend, and uses what the backend has for its own project: the
# same Postgres, the same Lite. What `local.py` would tidy up, this one kills.
KEEP = """
import asyncio, json, subprocess, sys
from pathlib import Path
from app.adapters.postgres.local import local_postgres
from app.adapters.supabase.local import find_lite, find_node, prepare
from app.adapters.supabase.upgrade import upgrade
folder, port, secret = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
node = find_node()
program = [node, "--no-warnings", find_lite(node) / "project.mjs"]

def start(address):
    server = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    server.stdin.write(json.dumps({
        "database": address, "port": port, "jwt_secret": secret,
        "publishable_key": "sb_publishable_x", "secret_key": "sb_secret_x",
    }) + "\\n")
    server.stdin.flush()
    assert int(server.stdout.readline()) == port
    return server

with local_postgres(folder) as address:
    asyncio.run(prepare(address))
    server = start(address)
    upgrade(address)
    print(address, flush=True)
    for line in sys.stdin:
        if line == "kill\\n":
            server.kill()
            server.wait()
        else:
            server = start(address)
        print("done", flush=True)
    server.kill()
"""
SECRET = "a secret that only this run knows"  # noqa: S105


@dataclass(frozen=True)
class CrashingProject:
    """Where it is, and how its PostgREST is killed."""

    url: str
    crashing: Crashing

    @property
    def variables(self) -> Mapping[str, str]:
        """What the backend is told of it."""
        return {
            "SUPABASE_URL": self.url,
            "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x",
            "JWT_SECRET": SECRET,
            "ENVIRONMENT": "production",
        }

    def sign_up(self) -> str:
        """Registers a user, and gives their access token."""
        headers = {"Content-Type": "application/json", "apikey": "sb_publishable_x"}
        request = Request(f"{self.url}/auth/v1/signup", json.dumps(USER).encode(), headers)  # noqa: S310
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return cast("str", json.load(answer)["access_token"])


@contextmanager
def crashing_project(backend: Backend) -> Iterator[CrashingProject]:
    """Runs it with its tables until the end of the block."""
    port = free_port()
    command = (str(program(backend, "python")), "-c", KEEP)
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        backend.keeping(*command, folder, str(port), SECRET) as (address, keeper),
    ):
        yield CrashingProject(f"http://127.0.0.1:{port}", Crashing(address, keeper))


@contextmanager
def serving_on(backend: Backend, project: CrashingProject, log: Path) -> Iterator[int]:
    """Serves the backend on a project as production does, and gives the port."""
    port = free_port()
    given = {**project.variables, "PORT": str(port)}
    serve = program(backend, "serve")
    with serving([serve], backend.project / "backend", port, log, **given):
        yield port
