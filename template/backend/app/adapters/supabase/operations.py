"""What the commands need of this layer: a project on a developer's machine, or a given one."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.adapters.supabase.client import open_project
from app.adapters.supabase.local import PORT, LocalProjectError, local_project
from app.adapters.supabase.settings import LayerSettings
from app.adapters.supabase.state import State, state_of
from app.adapters.supabase.upgrade import upgrade
from app.refusal import Refusal

HOW = """\
Tokens:   POST {url}/auth/v1/token?grant_type=password, with the header apikey: {key}
A hosted project instead: npx supabase@3 link, npx supabase@3 db push --remote,
          then its address and key as SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY in .env
"""


def require_storage(settings: LayerSettings) -> None:
    """Refuse settings that name no project."""
    if settings.supabase_url is None:
        raise Refusal(
            "SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY are not set. Both are in the project's "
            "settings, under API keys.",
            code=2,
        )


@contextmanager
def local_storage(settings: LayerSettings, folder: Path) -> Iterator[Mapping[str, str]]:
    """Have a project for as long as this lasts, and give the variables that say where it is.

    One that the settings name is used as it is: it may be more than a developer's own. Otherwise
    one is started here, which keeps its data in this folder, and migrated.
    """
    if settings.supabase_url is not None:
        require_ready(settings)
        yield {}
        return
    try:
        with local_project(folder, port=PORT) as project:
            upgrade_local(project.database_url, folder)
            sys.stdout.write(HOW.format(url=project.url, key=project.publishable_key))
            yield project.variables
    except LocalProjectError as error:
        raise Refusal(f"{error} Or set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY.") from error


def require_ready(settings: LayerSettings) -> None:
    """Refuse a project that cannot be worked with."""

    async def ask() -> State:
        async with open_project(settings) as project:
            return await state_of(project.probe)

    state = asyncio.run(ask())
    if state is not State.READY:
        raise Refusal(f"The project at {settings.supabase_url} cannot be used. {state}")


def upgrade_local(address: str, folder: Path) -> None:
    """Bring a developer's own database up to date, or say how to begin with an empty one."""
    try:
        upgrade(address)
    except Refusal as refusal:
        raise Refusal(f"{refusal} Or move {folder} away to begin with an empty one.") from refusal
