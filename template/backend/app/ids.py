"""Identifiers that sort by when they were made: UUIDv7 (RFC 9562), made by the application."""

import secrets
import time
from collections.abc import Callable
from threading import Lock
from uuid import UUID

VERSION = 7 << 76
VARIANT = 0b10 << 62


class UuidSource:
    """Gives UUIDs, each greater than the one before, even if the clock stands still or goes back.

    Python 3.14 has `uuid.uuid7`; this does the same on every version.
    """

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        """Take the time, in nanoseconds, from this clock."""
        self.clock = clock
        self.lock = Lock()
        self.moment = 0

    def __call__(self) -> UUID:
        """Give the next: 48 bits of milliseconds, a counter of 42 bits, 32 random bits."""
        now = self.clock() // 1_000_000
        with self.lock:
            # The counter starts anywhere in its lower half, so that it has room to count.
            moment = self.moment = max(now << 42 | secrets.randbits(41), self.moment + 1)
        milliseconds, counter = divmod(moment, 1 << 42)
        high, low = divmod(counter, 1 << 30)
        random = secrets.randbits(32)
        return UUID(int=milliseconds << 80 | VERSION | high << 64 | VARIANT | low << 32 | random)


uuid7 = UuidSource()
