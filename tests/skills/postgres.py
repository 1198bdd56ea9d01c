"""A real Postgres: the one that a rendered backend brings along."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.backend import Backend, environment

SERVE = """
import sys
from pathlib import Path
from app.adapters.sqlalchemy.local import local_postgres
with local_postgres(Path(sys.argv[1])) as address:
    print(address, flush=True)
    sys.stdin.read()
"""
ASK = """
import asyncio, sys
import asyncpg
async def ask():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute(sys.argv[2])
    await connection.close()
asyncio.run(ask())
"""


@contextmanager
def postgres(backend: Backend) -> Iterator[str]:
    """Runs a server with an empty database, and gives its address."""
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        subprocess.Popen(
            ["uv", "run", "--quiet", "python", "-c", SERVE, folder],
            cwd=backend.project / "backend",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        ) as server,
    ):
        assert server.stdin
        assert server.stdout
        address = server.stdout.readline().strip()
        assert address, "Postgres did not start"
        try:
            yield address
        finally:
            server.stdin.close()
            server.wait(30)


def refusal(backend: Backend, address: str, sql: str) -> str:
    """Runs statements in one transaction. What the database says against them, or nothing."""
    done = backend.ran("uv", "run", "--quiet", "python", "-c", ASK, address, sql)
    return done.stdout.strip().splitlines()[-1] if done.returncode else ""
