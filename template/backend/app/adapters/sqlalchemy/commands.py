"""The command that only this layer has: `uv run migrate`, the step before a deploy."""

import sys

from app.adapters.sqlalchemy.operations import require_storage
from app.adapters.sqlalchemy.upgrade import upgrade
from app.commands.running import log_as_settings_say, read_settings, told


def migrate() -> None:
    """Bring the tables of DATABASE_URL up to date. Run it before the new code is served."""
    with told():
        settings = read_settings()
        require_storage(settings)
        log_as_settings_say(settings)
        upgrade(settings)
        sys.stdout.write("The database is up to date.\n")
