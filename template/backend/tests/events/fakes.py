"""Logs of events that keep the promises of the port in memory."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from app.errors import UnavailableError
from app.events.ports import Event, OnChange, Page, Place

ROW = (
    '{"id": "0198f2a0-0000-7000-8000-00000000000f", "name": "Lamp", "description": "",'
    ' "status": "draft", "version": 1, "created_at": "2026-01-01T00:00:00Z",'
    ' "updated_at": "2026-01-01T00:00:00Z", "owner_id": "a secret"}'
)


class FakeLogs:
    """The logs of all users, and the one connection to them, which may be lost."""

    def __init__(self) -> None:
        self.logs: defaultdict[UUID, list[Event]] = defaultdict(list)
        self.last: defaultdict[UUID, int] = defaultdict(int)
        self.listening: list[OnChange] = []
        self.reachable = True
        self.page = 100
        self.reads: list[Sequence[Place]] = []
        self.looks = 0  # reads, and those of nothing too
        self.opened = 0
        self.readable = True
        self.cleanable = True
        self.old_parts = 0
        self.cleanings: list[int] = []  # after how many looks each of them came
        self.gate = asyncio.Event()
        self.gate.set()

    @asynccontextmanager
    async def open_log(self, on_change: OnChange) -> AsyncIterator["FakeLogs"]:
        self.require_reachable()
        self.opened += 1
        self.listening.append(on_change)
        yield self

    async def read_events(self, places: Sequence[Place]) -> Sequence[Page]:
        self.require_reachable()
        if not self.readable:
            raise UnavailableError("The events cannot be read.")
        self.looks += 1
        if places:
            self.reads.append(places)
        pages = [self.page_of(*place) for place in places]
        await self.gate.wait()  # what happens from here on, this read does not see
        return pages

    async def forget_old_events(self) -> bool:
        self.cleanings.append(self.looks)
        if not self.cleanable:
            raise UnavailableError("The events cannot be removed.")
        self.old_parts -= 1
        return self.old_parts > 0

    def page_of(self, user_id: UUID, after: int | None) -> Page:
        found = [
            event for event in self.logs[user_id] if after is not None and event.number > after
        ]
        return Page(self.last[user_id], found[: self.page])

    def add(self, user_id: UUID, count: int = 1, row: str = ROW) -> None:
        """Have something change, and tell it if somebody can hear it."""
        for _ in range(count):
            self.last[user_id] += 1
            self.logs[user_id].append(Event(self.last[user_id], "item", "created", row))
        self.tell(user_id)

    def tell(self, user_id: UUID | None) -> None:
        if self.reachable:
            for listening in self.listening:
                listening(user_id)

    def lose(self) -> None:
        """Break the connection."""
        self.tell(None)
        self.reachable = False

    def require_reachable(self) -> None:
        if not self.reachable:
            self.listening.clear()
            raise UnavailableError("The events are out of reach.")
