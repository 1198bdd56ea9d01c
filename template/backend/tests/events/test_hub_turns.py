"""What the reader of the log does turn by turn, where nothing makes it wait."""

import asyncio

import pytest

from app.events import hub as hubs
from app.events.hub import Hub
from tests.events.fakes import FakeLogs


class Clock:
    """Tells the time that a test sets."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def turns(kept: FakeLogs) -> None:
    """Have the log looked at, and whatever follows of it."""
    for _ in range(10):
        await asyncio.sleep(0)
    kept.tell(None)
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_log_that_cannot_be_read_is_opened_less_and_less_often(
    kept: FakeLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "BACK_OFF", (0.0, 0.0, 0.0, 60.0))
    kept.readable = False
    async with Hub(kept.open_log).running():
        await turns(kept)

    assert kept.opened == 4


async def test_old_events_are_forgotten_now_and_then(kept: FakeLogs) -> None:
    clock = Clock()
    async with Hub(kept.open_log, clock).running():
        await turns(kept)
        await turns(kept)
        assert len(kept.cleanings) == 1
        clock.now += hubs.CLEANING
        await turns(kept)

    assert len(kept.cleanings) == 2


async def test_many_old_events_are_forgotten_in_parts_with_a_look_between(kept: FakeLogs) -> None:
    kept.old_parts = 3
    async with Hub(kept.open_log).running():
        await turns(kept)

    first = kept.cleanings[0]
    assert kept.cleanings == [first, first + 1, first + 2]


async def test_a_cleaning_that_fails_is_tried_again_when_it_is_time(
    kept: FakeLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "BACK_OFF", (0.0, 60.0))
    kept.cleanable = False
    clock = Clock()
    async with Hub(kept.open_log, clock).running():
        await turns(kept)
        await turns(kept)
        assert (kept.opened, len(kept.cleanings)) == (2, 1)
        clock.now += hubs.CLEANING
        await turns(kept)

    assert (kept.opened, len(kept.cleanings)) == (3, 2)
