"""What streams need from the storage: a log of each user's events, and word that one has grown."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID


class Place(NamedTuple):
    """A user's log, and the last event of it that somebody has; None for one who has just come."""

    user_id: UUID
    after: int | None


@dataclass(frozen=True, slots=True)
class Event:
    """A change: its number in the user's log, what happened to which kind of thing, and the row."""

    number: int
    kind: str
    action: str
    row: str


@dataclass(frozen=True, slots=True)
class Page:
    """What follows a place: the number of the log's last event, and the next events, in order."""

    last: int
    events: Sequence[Event]

    def follows(self, after: int | None) -> bool:
        """Say whether this goes on where somebody was, so that nothing between is lost."""
        if after is None or after == self.last:
            return True
        found = [event.number for event in self.events]
        return bool(found) and found == list(range(after + 1, after + 1 + len(found)))


class EventLog(Protocol):
    """The logs of all users.

    A user's events are numbered from 1, without a gap, in the order in which they were committed:
    who has number 7 sees that 8 is next, and that it is gone if 9 comes. Only the oldest ever go.

    Each method raises UnavailableError once the storage is out of reach; the log is then of no more
    use, and another is opened.
    """

    async def read_events(self, places: Sequence[Place]) -> Sequence[Page]:
        """Give what follows each place, up to a page of it, as one look at the storage."""
        ...

    async def forget_old_events(self) -> bool:
        """Remove a part of what is too old to be asked for, and say whether there may be more."""
        ...


# Called with a user whose log has grown, and with None when anything may have happened.
OnChange = Callable[[UUID | None], None]
OpenLog = Callable[[OnChange], AbstractAsyncContextManager[EventLog]]
