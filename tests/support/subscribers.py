"""Many clients that follow their events as the `EventSource` of a browser does.

One that is disconnected comes back after a pause, to any of the servers, and says which event it
had last. What was sent of an event when the connection broke does not count.
"""

import asyncio
import json
import random
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.support.tokens import access_token

PAUSES = 0.05, 0.5  # seconds before it comes back; a browser takes those that `retry` says


class Seen(NamedTuple):
    """An event as it came."""

    number: int
    name: str
    item: str
    version: int


@dataclass(eq=False)
class Subscriber:
    """One client of one user."""

    user: str
    ports: Sequence[int]
    dice: random.Random
    last_id: str = ""
    begun_at: int | None = None
    connected: int = 0
    seen: list[Seen] = field(default_factory=list)

    @property
    def number(self) -> int:
        """What it has seen last, or where it began."""
        return int(self.last_id or -1)

    async def follow(self) -> None:
        """Connect, again and again."""
        while True:
            with suppress(OSError, EOFError):
                await self.connect(self.dice.choice(self.ports))
            await asyncio.sleep(self.dice.uniform(*PAUSES))

    async def connect(self, port: int) -> None:
        """Read one stream until it ends, or an answer that is none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            path = f"/api/v1/events?access_token={access_token(self.user)}"
            lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream"]
            if self.last_id:
                lines.append(f"Last-Event-ID: {self.last_id}")
            writer.write("\r\n".join([*lines, "", ""]).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"HTTP/1.1 200 "):
                self.connected += 1
                async for block in blocks(reader):
                    self.take(block)
        finally:
            writer.transport.abort()

    def take(self, block: str) -> None:
        """What a browser does with the lines of an event."""
        pairs = (line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        fields = dict(pair for pair in pairs if len(pair) == 2)
        self.last_id = fields.get("id", self.last_id)
        if self.begun_at is None:
            self.begun_at = self.number
        if "data" in fields:
            data = json.loads(fields["data"])
            item, version = data.get("id", ""), data.get("version", 0)
            self.seen.append(Seen(self.number, fields["event"], item, version))


async def blocks(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    """What stands between two blank lines, of a body that comes in chunks."""
    rest = ""
    while length := int(await reader.readuntil(b"\r\n"), 16):
        chunk = await reader.readexactly(length + 2)
        *whole, rest = (rest + chunk[:-2].decode()).split("\n\n")
        for block in whole:
            yield block


@contextmanager
def subscribed(
    users: Sequence[str], each: int, ports: Sequence[int], seed: int
) -> Iterator[Sequence[Subscriber]]:
    """Some subscribers for each user, in a thread of their own, until the end of the block."""
    dice = random.Random(seed)  # noqa: S311 - nothing is secret
    subscribers = [
        Subscriber(user, ports, random.Random(dice.random()))  # noqa: S311
        for user in users
        for _ in range(each)
    ]
    enough = threading.Event()

    async def follow() -> None:
        tasks = [asyncio.create_task(subscriber.follow()) for subscriber in subscribers]
        await asyncio.to_thread(enough.wait)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        gave_up = [one for one in ended if not isinstance(one, asyncio.CancelledError)]
        assert not gave_up, f"subscribers gave up: {gave_up[:3]}"

    thread = threading.Thread(target=asyncio.run, args=[follow()], daemon=True)
    thread.start()
    try:
        yield subscribers
    finally:
        enough.set()
        thread.join(30)
