"""What the port promises, held against the fake and against the real storage."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from app.items.ports import Item

NOW = datetime(2026, 1, 1, tzinfo=UTC)

# The fixture `add`: stores an item, by default a lamp.
Add = Callable[..., Awaitable[Item]]
