"""What one process knows of a user's log, for all of the user's open streams."""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Protocol
from uuid import UUID

from app.events.ports import Place

RECENT = 100  # events that are kept for a stream that lags behind; an older one is read again


class Listener(Protocol):
    """Who waits for a channel."""

    def wake(self) -> None:
        """Look whether there is something to send."""
        ...

    def lose_place(self) -> None:
        """Have the log read again: what the channel knows no longer joins what the client has."""
        ...


class Channel:
    """The end of a user's log, as messages ready to be sent, and who waits for more."""

    def __init__(self, user_id: UUID) -> None:
        """Begin without knowing where the log ends."""
        self.user_id = user_id
        self.last = 0
        self.known = asyncio.Event()
        self.listeners: set[Listener] = set()
        self._recent: deque[bytes] = deque(maxlen=RECENT)

    @property
    def place(self) -> Place:
        """Say up to where the log was read."""
        return Place(self.user_id, self.last if self.known.is_set() else None)

    def since(self, number: int) -> Sequence[bytes] | None:
        """Give what follows an event, or None where that is not known here."""
        missed = self.last - number
        if not 0 <= missed <= len(self._recent):
            return None
        if missed == 1:  # as nearly always
            return (self._recent[-1],)
        return list(islice(self._recent, len(self._recent) - missed, None)) if missed > 0 else ()

    def go_on(self, messages: Sequence[bytes]) -> None:
        """Take the next messages of the log, and wake the streams."""
        self.last += len(messages)
        self._recent.extend(messages)
        for listener in self.listeners:
            listener.wake()

    def begin(self, last: int) -> None:
        """Go on after this event, whatever was before. Each stream has to find its place again."""
        self.last = last
        self.known.set()
        self._recent.clear()
        for listener in self.listeners:
            listener.lose_place()
