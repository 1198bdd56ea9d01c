import asyncio
import signal
import threading
from collections.abc import Iterator

import pytest

from app.events.signals import on_stop


@pytest.fixture
def stopped() -> Iterator[list[int]]:
    """The signals that the server was sent."""
    numbers: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, before)


async def test_the_application_is_told_and_the_server_as_well(stopped: list[int]) -> None:
    told = asyncio.Event()
    with on_stop(told.set):
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(told.wait(), 5)
    signal.raise_signal(signal.SIGTERM)

    assert stopped == [signal.SIGTERM] * 2


async def test_a_signal_that_nobody_handles_keeps_its_meaning(stopped: list[int]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with on_stop(lambda: None):
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    assert stopped == []


def test_beside_the_main_thread_no_signal_is_touched() -> None:
    async def look() -> None:
        with on_stop(lambda: None):
            assert signal.getsignal(signal.SIGINT) is before

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=lambda: asyncio.run(look()))
    thread.start()
    thread.join()
