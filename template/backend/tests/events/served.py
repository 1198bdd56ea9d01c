"""The application behind a real server: without one, a client would wait for the last event."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from uvicorn.server import ServerState

from app.commands.connections import Connection

EVENTS = "/api/v1/events"


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serve the application, and give its address."""
    config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none")
    config.load()
    state = ServerState()
    async with app.router.lifespan_context(app):
        start = asyncio.get_running_loop().create_server
        with closing(await start(lambda: Connection(config, state, {}), "127.0.0.1", 0)) as server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass
class Heard:
    """One message of a stream: its fields, as `EventSource` reads them."""

    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def item(self) -> Mapping[str, object]:
        """What changed."""
        found: Mapping[str, object] = json.loads(self.fields["data"])
        return found


class Listening:
    """A client of a stream."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.lines = response.aiter_lines()

    async def hear(self) -> Heard:
        """Wait for the next message."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self.lines:
                if not line:
                    return Heard(fields)
                name, _, value = line.partition(": ")
                fields[name] = value
        raise EOFError

    async def hear_end(self) -> None:
        """Wait for the end of the stream."""
        async with asyncio.timeout(10):
            async for _ in self.lines:
                pass


@asynccontextmanager
async def listening(
    client: AsyncClient, query: str = "", **headers: str
) -> AsyncIterator[Listening]:
    """Open a stream, past what it says at its opening."""
    async with client.stream("GET", EVENTS + query, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        listener = Listening(response)
        opening = await listener.hear()
        assert opening.fields.keys() == {"retry", "id"}
        yield listener
