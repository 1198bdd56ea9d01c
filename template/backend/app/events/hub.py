"""The hub of one process: its open streams, and the one reader of the log that they share."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from app.errors import TooManyRequestsError, UnavailableError
from app.events.channels import Channel
from app.events.messages import message_of
from app.events.ports import EventLog, OpenLog, Page, Place
from app.events.streams import Found, Stream
from app.logs import get_logger

logger = get_logger(__name__)

PATIENCE = 3.0  # seconds that a client waits for a log that is out of reach
TICK = 1.0  # seconds between looks at all streams
HEARTBEAT = 15.0  # seconds that a stream may be silent; proxies close what is silent for long
CHECK = 5.0  # seconds after which the log is asked for a sign of life
BACK_OFF = (0.1, 0.5, 1.0, 2.0)  # seconds between attempts to reach the log
CLEANING = 600.0  # seconds between looks for old events
AT_ONCE = 200  # places that one look at the log asks for
PER_USER = 100  # streams of one user in this process: tabs, devices, and those that broke unnoticed
IN_ALL = 10_000  # streams in this process, each of them some tens of kilobytes


class Hub:
    """Who listens, and what they get.

    The log is read when a user's has grown who has a stream here, and where a stream goes on from
    an event that is no longer at hand: once for all who wait for the same.
    """

    def __init__(self, open_log: OpenLog, clock: Callable[[], float] = time.time) -> None:
        """Take the way to the log, and the clock that tells when a token has expired."""
        self._open_log = open_log
        self._clock = clock
        self._channels: dict[UUID, Channel] = {}
        self.streams: set[Stream] = set()
        self._grown: set[Channel] = set()
        self._asked: dict[Place, list[Stream]] = {}
        self._work = asyncio.Event()
        self._clean_at = 0.0
        self._ended = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the log until the end of the block, then end all streams."""
        tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._keep_time())]
        try:
            yield
        finally:
            self.end()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def end(self) -> None:
        """End every stream, so that clients go on elsewhere."""
        self._ended = True
        for stream in self.streams:
            stream.end()

    async def join(self, user_id: UUID, after: int | None, until: float) -> Stream:
        """Open a stream, which goes on after an event or begins with the next one.

        UnavailableError: the log is out of reach. TooManyRequestsError: the user has too many.
        """
        channel = self._channels.get(user_id) or Channel(user_id)
        if len(channel.listeners) >= PER_USER:
            raise TooManyRequestsError("You have too many open streams. Close some.", 60)
        if self._ended or len(self.streams) >= IN_ALL:
            raise UnavailableError("This server takes no more streams.")
        self._channels[user_id] = channel
        stream = Stream(channel, after or 0, until, self._ask)
        channel.listeners.add(stream)
        self.streams.add(stream)
        try:
            await self._find_end(channel)
        except BaseException:
            self.leave(stream)
            raise
        if after is None:
            stream.begin_here()
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream, and its channel with the last one."""
        channel = stream.channel
        channel.listeners.discard(stream)
        self.streams.discard(stream)
        if not channel.listeners and self._channels.get(channel.user_id) is channel:
            del self._channels[channel.user_id]

    async def _find_end(self, channel: Channel) -> None:
        """Have a new channel learn where its log ends."""
        if channel.known.is_set():
            return
        self._grown.add(channel)
        self._work.set()
        try:
            async with asyncio.timeout(PATIENCE):
                await channel.known.wait()
        except TimeoutError as error:
            raise UnavailableError("The events are out of reach.") from error

    def _ask(self, stream: Stream) -> None:
        """Have the log read for a stream."""
        self._asked.setdefault(stream.place, []).append(stream)
        self._work.set()

    def _on_change(self, user_id: UUID | None) -> None:
        """Have the log read for a user's channel, or for all where anything may have happened."""
        if user_id is None:
            self._grown.update(self._channels.values())
        elif channel := self._channels.get(user_id):
            self._grown.add(channel)
        else:
            return
        self._work.set()

    async def _follow(self) -> None:
        """Read the log for as long as this runs, and open it again whenever it is lost."""
        failures = 0
        while True:
            try:
                async with self._open_log(self._on_change) as log:
                    self._on_change(None)
                    await self._read_once(log)
                    failures = 0  # not before: a log may open that cannot be read
                    await self._read_on(log)
            except UnavailableError as error:
                logger.warning(
                    "the log of events is out of reach", reason=str(error.__cause__ or error)
                )
            except Exception:
                logger.exception("the log of events was not read")  # streams are open, so go on
            await asyncio.sleep(BACK_OFF[failures])
            failures = min(failures + 1, len(BACK_OFF) - 1)

    async def _read_on(self, log: EventLog) -> None:
        """Read whatever is asked for. While nothing is, see now and then that the log is there."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK):
                    await self._work.wait()
            await self._read_once(log)
            if self._clock() >= self._clean_at:
                await self._clean(log)

    async def _read_once(self, log: EventLog) -> None:
        """Read the log once, for all who wait for it."""
        self._work.clear()
        grown = list(self._grown)[:AT_ONCE]
        self._grown.difference_update(grown)
        asked = list(self._asked)[: AT_ONCE - len(grown)]
        places = [*(channel.place for channel in grown), *asked]
        found = list(map(found_at, places, await log.read_events(places)))
        for channel, place, news in zip(grown, places, found, strict=False):
            self._tell(channel, place, news)
        for place, news in zip(asked, found[len(grown) :], strict=True):
            for stream in self._asked.pop(place):
                stream.answer(news)
        if self._grown or self._asked:
            self._work.set()

    async def _clean(self, log: EventLog) -> None:
        """Remove a part of what is old, and the next part after another look at the log."""
        self._clean_at = self._clock() + CLEANING  # before, since it may fail
        if await log.forget_old_events():
            self._clean_at = 0.0
            self._work.set()

    def _tell(self, channel: Channel, place: Place, news: Found) -> None:
        """Pass on what a channel's log had, and read on where there is more."""
        if place.after is None or news.messages is None:
            channel.begin(news.last)
            return
        channel.go_on(news.messages)
        if channel.last < news.last:
            self._grown.add(channel)

    async def _keep_time(self) -> None:
        """Give silent streams a sign of life, and end those whose token has expired."""
        while True:
            await asyncio.sleep(TICK)
            now = self._clock()
            for stream in tuple(self.streams):
                stream.idle += TICK
                if now >= stream.until:
                    stream.end()
                    self.leave(stream)
                elif stream.idle >= HEARTBEAT:
                    stream.beat()


def found_at(place: Place, page: Page) -> Found:
    """Write what follows a place, unless some of it is gone or no longer fits its shape."""
    if not page.follows(place.after):
        return Found(page.last, None)
    try:
        return Found(page.last, [message_of(event) for event in page.events])
    except (LookupError, ValueError):
        logger.exception("an event does not fit its shape", user_id=str(place.user_id))
        return Found(page.last, None)
