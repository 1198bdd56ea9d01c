"""An open stream: what one client still has to get, and the response that sends it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Response
from starlette.types import Receive, Scope, Send

from app.events.channels import Channel
from app.events.messages import HEARTBEAT, opening, reload
from app.events.ports import Place


@dataclass(frozen=True, slots=True)
class Found:
    """What the log had after a place: its last event, and messages unless some were lost."""

    last: int
    messages: Sequence[bytes] | None


class Stream:
    """Fills `Listener`: what a client has, and whether its channel has more."""

    __slots__ = (
        "_ask",
        "_asked",
        "_due",
        "_found",
        "_placed",
        "_waiting",
        "channel",
        "idle",
        "number",
        "over",
        "until",
    )

    def __init__(
        self, channel: Channel, after: int, until: float, ask: Callable[["Stream"], None]
    ) -> None:
        """Go on after an event, once the log was asked for it. `ask` has it read at the place."""
        self.channel = channel
        self.number = after
        self.until = until
        self.idle = 0.0
        self.over = False
        self._ask = ask
        self._asked = False
        self._due = False
        self._found: Found | None = None
        self._placed = False
        self._waiting: asyncio.Future[None] | None = None

    @property
    def place(self) -> Place:
        """Say what the client has."""
        return Place(self.channel.user_id, self.number)

    def begin_here(self) -> None:
        """Go on with the next event, whatever was before."""
        self.number = self.channel.last
        self._placed = True

    def wake(self) -> None:
        """Look whether there is something to send."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def beat(self) -> None:
        """Send a sign of life."""
        self._due = True
        self.wake()

    def end(self) -> None:
        """Send nothing more."""
        self.over = True
        self.wake()

    def lose_place(self) -> None:
        """Have the log read again: what the channel knows no longer joins what the client has."""
        self._placed = False
        self.wake()

    def answer(self, found: Found) -> None:
        """Take what the log had."""
        self._found = found
        self.wake()

    async def next_message(self) -> bytes | None:
        """Wait for something to send. None: the stream is over."""
        while not self.over:
            message = self._read(self._found) if self._found else self._hear()
            if not message and self._due:
                message = HEARTBEAT
            if message:
                self._due, self.idle = False, 0.0
                return message
            # An asyncio.Event does the same, and makes a message cost half as much again.
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return None

    def _hear(self) -> bytes:
        """Go on with what the channel has, or have the log read where that is not enough."""
        missed = self.channel.since(self.number) if self._placed else None
        if missed is None:
            self._placed = False  # the channel may catch up before the log has answered
            if not self._asked:
                self._asked = True
                self._ask(self)
            return b""
        self.number += len(missed)
        return b"".join(missed)

    def _read(self, found: Found) -> bytes:
        """Go on with what the log had, or tell the client that something is gone."""
        self._found, self._asked, self._placed = None, False, True
        if found.messages is None:
            self.number = found.last
            return reload(found.last)
        self.number += len(found.messages)
        return b"".join(found.messages)


class EventStream(Response):
    """Sends a stream until it is over or the client goes."""

    media_type = "text/event-stream"

    def __init__(self, stream: Stream, leave: Callable[[Stream], None]) -> None:
        """Take the stream, and what is done with it in the end."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self.stream = stream
        self.leave = leave

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is as soon as it is there."""
        watching = asyncio.create_task(self.watch(receive))
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            message: bytes | None = opening(self.stream.number)
            while message is not None:
                await send({"type": "http.response.body", "body": message, "more_body": True})
                message = await self.stream.next_message()
            await send({"type": "http.response.body"})
        finally:
            self.leave(self.stream)
            watching.cancel()

    async def watch(self, receive: Receive) -> None:
        """End the stream when the client goes."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.stream.end()
