import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.commands import connections
from app.commands.connections import Connection, allow_many_connections

REQUEST = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n"
Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]
LARGE = 1_000_000  # bytes, more than the system keeps for a client
AT_ONCE = 50_000  # of them, which a client takes
KEPT = 50_000  # of them, which the system keeps on either side


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a body with itself, and `much` with more than anybody takes at once."""
    assert scope["type"] == "http"
    body = b""
    while not body.endswith((b"echo", b"much")):
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    answer = body if body == b"echo" else bytes(LARGE)
    await send({"type": "http.response.body", "body": answer, "more_body": True})
    await send({"type": "http.response.body"})


class SlowTransport(asyncio.Transport):
    """Has less waiting with each look, as somebody takes it, and in the end has as much."""

    def __init__(self, waiting: Sequence[int]) -> None:
        super().__init__()
        self.waiting = list(waiting)
        self.aborted = asyncio.Event()

    def get_write_buffer_size(self) -> int:
        return self.waiting.pop(0)

    def abort(self) -> None:
        self.aborted.set()


@pytest.fixture(scope="session")
def config() -> uvicorn.Config:
    config = uvicorn.Config(echo, lifespan="off", log_config=None, ws="none")
    config.load()
    return config


@pytest.fixture(scope="session")
async def echoing(config: uvicorn.Config) -> AsyncIterator[tuple[str, int]]:
    """A server of such connections, and where it is."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(config, ServerState(), {}), "127.0.0.1", 0
    )
    server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KEPT)
    yield server.sockets[0].getsockname()
    server.close()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SENDING", 0.02)
    monkeypatch.setattr(connections, "TAKING", 0.02)


@asynccontextmanager
async def connected(address: tuple[str, int]) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection(*address, limit=AT_ONCE)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KEPT)
    async with asyncio.timeout(5):
        yield reader, writer
    writer.transport.abort()


@pytest.fixture
async def client(echoing: tuple[str, int]) -> AsyncIterator[Client]:
    async with connected(echoing) as client:
        yield client


async def is_closed(reader: asyncio.StreamReader) -> bool:
    try:
        return not await reader.read()
    except ConnectionResetError:
        return True


def test_a_server_may_have_as_many_connections_as_the_system_lets_it() -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        allow_many_connections()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("_impatient")
async def test_a_request_that_does_not_come_is_not_waited_for(echoing: tuple[str, int]) -> None:
    async def send(part: bytes) -> bool:
        async with connected(echoing) as (reader, writer):
            writer.write(part)
            return await is_closed(reader)

    parts = (b"", REQUEST[:9], REQUEST, REQUEST + b"ech")
    assert await asyncio.gather(*map(send, parts)) == [True] * len(parts)


@pytest.mark.usefixtures("_impatient")
async def test_one_that_begins_after_an_answer_is_not_waited_for_either(
    echoing: tuple[str, int],
) -> None:
    async with connected(echoing) as (reader, writer):
        writer.write(REQUEST + b"echo")
        answer = await reader.readuntil(b"0\r\n\r\n")
        writer.write(REQUEST)

        assert answer.startswith(b"HTTP/1.1 200")
        assert await is_closed(reader)


@pytest.mark.slow
@pytest.mark.usefixtures("_impatient")
async def test_an_answer_that_is_not_taken_is_not_kept(client: Client) -> None:
    reader, writer = client
    writer.write(REQUEST + b"much")
    await asyncio.sleep(0.15)
    taken = 0
    while part := await reader.read(AT_ONCE):
        taken += len(part)

    assert taken < LARGE


async def test_who_takes_an_answer_bit_by_bit_gets_all_of_it(client: Client) -> None:
    reader, writer = client
    writer.write(REQUEST + b"much")
    await reader.readuntil(b"\r\n\r\n")
    taken = bytearray()
    while not taken.endswith(b"0\r\n\r\n"):
        await asyncio.sleep(0.001)
        taken += await reader.read(AT_ONCE)

    assert len(taken) > LARGE


@pytest.mark.slow
async def test_who_takes_an_answer_slowly_gets_all_of_it_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TAKING", 0.3)
    reader, writer = client
    writer.write(REQUEST + b"much")
    await reader.readuntil(b"\r\n\r\n")
    taken = bytearray()
    while part := await reader.read(AT_ONCE):
        taken += part
        if taken.endswith(b"0\r\n\r\n"):
            break
        await asyncio.sleep(0.03)

    assert len(taken) > LARGE


async def test_only_who_has_taken_nothing_since_the_last_look_is_given_up(
    config: uvicorn.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TAKING", 0.001)
    transport = SlowTransport([9, 5, 1, 1, 0])
    connection = Connection(config, ServerState(), {})
    connection.connection_made(transport)
    connection.pause_writing()
    await asyncio.wait_for(transport.aborted.wait(), 5)
    connection.connection_lost(ConnectionAbortedError())

    assert transport.waiting == [0]
