"""An HTTP client that asks as fast as it is answered, over many connections, and only counts.

It runs in a process of its own with nothing but the standard library, and uvloop where that is. Its
work is one JSON object on the command line, as is what it prints. It knows as much HTTP as the two
servers speak: a status line, headers, a body of a stated length.
"""

import asyncio
import json
import re
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from typing import TypedDict, cast

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
END = b"\r\n\r\n"


class Work(TypedDict):
    """What to ask, where, and for how long."""

    port: int
    path: str
    token: str
    connections: int
    seconds: float


class Found(TypedDict):
    """What was answered, in how many microseconds each, and how busy this process was."""

    seconds: float
    latencies: list[int]
    refused: int
    busy: float


class Connection(asyncio.Protocol):
    """One connection that stays open: the next request goes out when an answer is complete."""

    def __init__(self, request: bytes, found: Found) -> None:
        self.request = request
        self.found = found
        self.received = b""
        self.stopped = False
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        self.ask()

    def ask(self) -> None:
        self.asked = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head = self.received.find(END)
        if head < 0:
            return
        length = LENGTH.search(self.received, 0, head + 2)
        if length is None:
            raise ValueError(f"an answer without a length: {self.received[:head]!r}")
        if len(self.received) < head + len(END) + int(length[1]):
            return
        self.found["latencies"].append(round((time.perf_counter() - self.asked) * 1e6))
        self.found["refused"] += not self.received.startswith(b"HTTP/1.1 200 ")
        self.received = b""
        if self.stopped:
            self.transport.close()
        else:
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.stopped:
            self.found["refused"] += 1
        if not self.closed.done():
            self.closed.set_result(exc)


async def load(work: Work) -> Found:
    """Ask over all connections until the time is up, then let each answer come in."""
    headers = [f"GET {work['path']} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if work["token"]:
        headers.append(f"Authorization: Bearer {work['token']}")
    request = "\r\n".join([*headers, "", ""]).encode()
    found = Found(seconds=0, latencies=[], refused=0, busy=0)
    loop = asyncio.get_running_loop()
    start, used = time.perf_counter(), time.process_time()
    made = [
        loop.create_connection(lambda: Connection(request, found), "127.0.0.1", work["port"])
        for _ in range(work["connections"])
    ]
    connections = [protocol for _, protocol in await asyncio.gather(*made)]
    await asyncio.sleep(work["seconds"])
    for connection in connections:
        connection.stopped = True
    await asyncio.wait_for(asyncio.gather(*(one.closed for one in connections)), 30)
    found["seconds"] = time.perf_counter() - start
    found["busy"] = (time.process_time() - used) / found["seconds"]
    return found


def main() -> None:
    run = import_module("uvloop").run if find_spec("uvloop") else asyncio.run
    print(json.dumps(run(load(json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
