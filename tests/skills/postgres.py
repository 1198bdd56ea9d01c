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


@contextmanager
def postgres(backend: Backend) -> Iterator[str]:
    """Runs a server with an empty database, and gives its address."""
    command = ("uv", "run", "--quiet", "python", "-c", SERVE)
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        backend.keeping(*command, folder) as (address, _),
    ):
        yield address
