"""How many clients the server has, and how patient it is with those that do nothing."""

import asyncio
import math
from contextlib import suppress

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SENDING = 20.0  # seconds in which a request has to be here, with its body
TAKING = 10.0  # seconds in which what waits for a client has to become less
FILES = 65_536  # connections and other files that a process may have open, if the system lets it


def allow_many_connections() -> None:
    """Raise the limit of open files, often 1024: beyond it a server takes no more connections."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit, others a lower
        import resource  # noqa: PLC0415

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


class Connection(HttpToolsProtocol):
    """A connection of the server, which is closed where its client does neither.

    Without it, whoever opens connections and leaves them open holds them for ever.
    """

    transport: asyncio.Transport
    awaited: asyncio.TimerHandle | None = None
    taken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self.awaited = self.loop.call_later(SENDING, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self.stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for a whole request. The first one has begun when the connection was made."""
        super().on_message_begin()
        if self.awaited is None:
            self.awaited = self.loop.call_later(SENDING, self.transport.abort)

    def on_message_complete(self) -> None:
        """Take as long as it takes to answer."""
        self.stop_waiting()
        super().on_message_complete()

    def stop_waiting(self) -> None:
        """Give a client back its time."""
        if self.awaited:
            self.awaited.cancel()
            self.awaited = None

    def pause_writing(self) -> None:
        """Wait for the client to take what was sent."""
        super().pause_writing()
        self.look_at_what_waits(math.inf)

    def look_at_what_waits(self, before: float) -> None:
        """Give up who has taken nothing since the last look. A slow client gets the whole."""
        waiting = self.transport.get_write_buffer_size()
        if waiting < before:
            self.taken = self.loop.call_later(TAKING, self.look_at_what_waits, waiting)
        else:
            self.transport.abort()

    def resume_writing(self) -> None:
        """Go on sending."""
        if self.taken:
            self.taken.cancel()
            self.taken = None
        super().resume_writing()
