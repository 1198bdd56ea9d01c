"""What streams say, as tests ask for it."""

import asyncio
import re

from app.events.streams import Stream
from tests.events.conftest import Hear


def numbers(heard: str) -> list[int]:
    """Give the numbers of events."""
    return list(map(int, re.findall("^id: ([0-9]+)$", heard, re.MULTILINE)))


async def hear_until(hear: Hear, stream: Stream, number: int) -> list[int]:
    """Give the numbers of all events up to one."""
    heard: list[int] = []
    while not heard or heard[-1] < number:
        heard += numbers(await hear(stream))
    return heard


async def until_over(stream: Stream) -> None:
    """Wait for the end of a stream."""
    async with asyncio.timeout(5):
        while await stream.next_message() is not None:
            pass
