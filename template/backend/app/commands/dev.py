"""The server of a developer: `uv run dev`."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from app import layer
from app.commands.connections import Connection
from app.commands.running import (
    APP,
    log_as_settings_say,
    read_settings,
    require_free_port,
    told,
)
from app.commands.serve import GRACE
from app.features import SAMPLES
from app.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".local"


def dev() -> None:
    """Serve the API on this machine, and again whenever its code changes."""
    with told():
        settings = read_settings()
        require_free_port(settings)
        log_as_settings_say(settings)
        with layer.local_storage(settings, FOLDER) as variables:
            os.environ.update(variables)  # the server is a process of its own
            sys.stdout.write("\n".join(describe(settings, variables)) + "\n")
            sys.stdout.flush()
            uvicorn.run(
                APP,
                factory=True,
                http=Connection,
                host=settings.host,
                port=settings.port,
                reload=True,
                reload_dirs=[str(ROOT / "app")],
                timeout_graceful_shutdown=GRACE,
                server_header=False,
                access_log=False,
                log_config=None,
                log_level="info",
            )


def describe(settings: Settings, variables: Mapping[str, str]) -> list[str]:
    """Say where the API is, where the data is, and how to sign in."""
    page = "docs" if settings.serve_docs else "health/live"
    lines = [f"The API:  http://{settings.host}:{settings.port}/{page}"]
    if not variables:
        return [*lines, "The data: where your settings say"]
    places = [value for name, value in variables.items() if name.endswith("_URL")]
    lines += [f"The data: {place}, kept in {FOLDER}" for place in places]
    return lines + asyncio.run(add_samples(read_settings()))


async def add_samples(settings: Settings) -> list[str]:
    """Add something to look at where there is none yet, and say what it is."""
    async with layer.open_storage(settings) as storage:
        return [await add_sample(storage, settings) for add_sample in SAMPLES]
