import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from starlette.types import Message

from app.events.hub import Hub
from app.events.streams import EventStream
from tests.events.fakes import FakeLogs


class Client:
    """What a server tells the application of one client."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.received.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    async def heard(self) -> Message:
        return await asyncio.wait_for(self.sent.get(), 5)


@asynccontextmanager
async def streaming(hub: Hub, user_id: UUID) -> AsyncIterator[tuple[Client, asyncio.Task[None]]]:
    response = EventStream(await hub.join(user_id, None, math.inf), hub.leave)
    client = Client()
    sending = asyncio.create_task(response({}, client.received.get, client.sent.put))
    assert (await client.heard())["status"] == 200
    assert b"\nid: 0\n\n" in (await client.heard())["body"]
    yield client, sending
    assert sending.done()
    assert not hub.streams


async def test_an_event_is_sent_as_it_comes(hub: Hub, kept: FakeLogs, ann: UUID) -> None:
    async with streaming(hub, ann) as (client, sending):
        kept.add(ann)
        message = await client.heard()
        hub.end()
        last = await client.heard()
        await sending

    assert message == {
        "type": "http.response.body",
        "body": b'id: 1\nevent: item.created\ndata: {"id":"0198f2a0-0000-7000-8000-00000000000f",'
        b'"name":"Lamp","description":"","status":"draft","version":1,'
        b'"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}\n\n',
        "more_body": True,
    }
    assert last == {"type": "http.response.body"}


async def test_a_stream_is_over_when_its_client_goes(hub: Hub, ann: UUID) -> None:
    async with streaming(hub, ann) as (client, sending):
        client.received.put_nowait({"type": "http.disconnect"})
        await asyncio.wait_for(sending, 5)


async def test_a_stream_is_left_when_the_server_gives_up(hub: Hub, ann: UUID) -> None:
    async with streaming(hub, ann) as (_, sending):
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
