"""The command that only this layer has: `uv run migrate`, the step before a deploy."""

import sys

from app.adapters.supabase.upgrade import upgrade
from app.commands.running import log_as_settings_say, read_settings, told
from app.refusal import Refusal


def migrate() -> None:
    """Bring the tables of DATABASE_URL up to date. Run it before the new code is served."""
    with told():
        settings = read_settings()
        if settings.database_url is None:
            raise Refusal(
                "DATABASE_URL is not set. It is the session pooler's address in the project's "
                "settings, under Connect.",
                code=2,
            )
        log_as_settings_say(settings)
        for name in upgrade(settings.database_url):
            sys.stdout.write(f"Applied {name}.\n")
        sys.stdout.write("The database is up to date.\n")
