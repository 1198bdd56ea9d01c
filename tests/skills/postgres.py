"""A real Postgres: the one that a rendered backend brings along."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.backend import Backend

SERVE = """
import sys
from pathlib import Path
from app.adapters.postgres.local import local_postgres
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
    command = ("uv", "run", "--quiet", "python", "-c", SERVE)
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        backend.keeping(*command, folder) as (address, _),
    ):
        yield address


def refusal(backend: Backend, address: str, sql: str) -> str:
    """Runs statements in one transaction. What the database says against them, or nothing."""
    done = backend.ran("uv", "run", "--quiet", "python", "-c", ASK, address, sql)
    return done.stdout.strip().splitlines()[-1] if done.returncode else ""
