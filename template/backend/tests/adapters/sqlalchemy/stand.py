"""The test database: a Postgres of this run's own, or one that `TEST_DATABASE_URL` names.

It starts when pytest reads this file, before anything large is imported.
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from app.adapters.postgres.local import local_postgres
from tests.adapters.postgres import IN_A_HURRY

pytest_plugins = ["tests.adapters.sqlalchemy.fixtures"]

# Alembic brings Mako, which would load what colours its pages of errors. Nobody sees one.
sys.modules["mako.ext.pygmentplugin"] = None  # type: ignore[assignment]

GIVEN = os.environ.get("TEST_DATABASE_URL")
OPENED = ExitStack()
FOLDER = Path(OPENED.enter_context(tempfile.TemporaryDirectory(prefix="backend-tests-")))


def start() -> str:
    """Give the address of a Postgres."""
    return GIVEN or OPENED.enter_context(local_postgres(FOLDER, IN_A_HURRY))


starter = ThreadPoolExecutor(1)
SERVER = starter.submit(start)
starter.shutdown(wait=False)


def pytest_unconfigure() -> None:
    """Stop what was started, even if no test asked for it."""
    SERVER.exception()
    OPENED.close()
