import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from app.events import hub as hubs
from app.events.hub import Hub
from app.events.streams import Stream
from app.ids import uuid7
from tests.events.fakes import FakeLogs

# Gives what a stream sends next, as text.
Hear = Callable[[Stream], Awaitable[str]]


@pytest.fixture
def ann() -> UUID:
    return uuid7()


@pytest.fixture
def ben() -> UUID:
    return uuid7()


@pytest.fixture
def kept() -> FakeLogs:
    """The logs that the hub reads."""
    return FakeLogs()


@pytest.fixture
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here takes long."""
    monkeypatch.setattr(hubs, "BACK_OFF", (0.0, 0.001))
    monkeypatch.setattr(hubs, "CHECK", 0.002)
    monkeypatch.setattr(hubs, "TICK", 0.002)


@pytest.fixture
async def hub(kept: FakeLogs, _no_patience: None) -> AsyncIterator[Hub]:
    hub = Hub(kept.open_log)
    async with hub.running():
        yield hub


@pytest.fixture
def hear() -> Hear:
    async def hear(stream: Stream) -> str:
        async with asyncio.timeout(5):
            message = await stream.next_message()
        assert message is not None, "the stream is over"
        return message.decode()

    return hear
