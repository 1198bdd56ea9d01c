"""Where a developer sees events come."""

from app.layer import Storage
from app.settings import Settings


async def add_sample(_storage: Storage, settings: Settings) -> str:
    """Say where the page is. What it shows begins with the next change."""
    return f"Events:   http://{settings.host}:{settings.port}/dev/events"
