"""Word that the process is told to stop. A server tells the application only when all are gone."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object]


@contextmanager
def on_stop(tell: Callable[[], None]) -> Iterator[None]:
    """Call something when a signal stops the process, and then what the server does about it."""
    loop = asyncio.get_running_loop()

    def before(handler: Handler) -> Handler:
        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(tell)
            handler(number, frame)

        return handle

    handlers: dict[signal.Signals, Handler] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            if callable(handler := signal.getsignal(number)):
                handlers[number] = handler
                signal.signal(number, before(handler))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
