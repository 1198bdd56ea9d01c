"""Many clients of streams of events, in one process that only reads and notes when.

It runs with nothing but the standard library. The first line of its standard input is its work, and
is answered when every client has the beginning of its stream. Each further line says what to wait
for, and is answered by a line that says what came.

A change carries the moment at which it was made, by the machine's own clock, which means the same
in every process.
"""

import json
import re
import selectors
import socket
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

END = b"\n\n"
MADE = re.compile(rb'"description":"0*(\d+)')
AT_ONCE = 100  # clients that wait to be let in
RESET = struct.pack("ii", 1, 0)  # a connection that ends by a reset leaves its port to others


class Work(TypedDict):
    """Where to listen, and with which tokens: one client for each."""

    port: int
    path: str
    tokens: Sequence[str]


class Wait(TypedDict):
    """Until how many events have come, or for how long."""

    events: int
    seconds: float


class Heard(TypedDict):
    """How many microseconds after its change each event came, and what else happened.

    `last` is when the last event came, `gone` how many clients were disconnected. `busy` is the
    part of the time between a change and its last event in which this process worked.
    """

    latencies: list[int]
    gone: int
    beats: int
    last: int
    busy: float


@dataclass(eq=False)
class Client:
    """One connection, and what it read, when."""

    socket: socket.socket
    begun: bool = False
    gone: bool = False
    rest: bytes = b""
    read: list[tuple[int, bytes]] = field(default_factory=list)


class Listeners:
    """All clients, in one thread."""

    def __init__(self, work: Work) -> None:
        """Open the streams, some at a time, and wait until each has begun."""
        self.selector = selectors.DefaultSelector()
        self.clients: list[Client] = []
        self.begun = 0
        for token in work["tokens"]:
            self.open(work["port"], work["path"], token)
            while len(self.clients) - self.begun >= AT_ONCE:
                self.let_begin()
        while self.begun < len(self.clients):
            self.let_begin()

    def open(self, port: int, path: str, token: str) -> None:
        connection = socket.create_connection(("127.0.0.1", port), 30)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        connection.settimeout(0)
        client = Client(connection)
        self.clients.append(client)
        self.selector.register(connection, selectors.EVENT_READ, client)

    def let_begin(self) -> None:
        for key, _ in self.selector.select(30):
            client: Client = key.data
            client.rest += client.socket.recv(65_536)
            if not client.rest.startswith(b"HTTP/1.1 200 "):
                raise ValueError(f"no stream: {client.rest.decode()}")
            if not client.begun and END in client.rest:
                client.begun = True
                client.rest = b""
                self.begun += 1

    def listen(self, wait: Wait) -> Heard:
        """Read until all events have come, or the time is up."""
        due, until = wait["events"], time.monotonic() + wait["seconds"]
        now, used = time.perf_counter_ns, time.process_time_ns()
        while due and (left := until - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                client: Client = key.data
                try:
                    data = client.socket.recv(65_536)
                except OSError:
                    data = b""
                client.read.append((now(), data))
                due -= data.count(b"\ndata: ")
                if not data:
                    client.gone = True
                    self.selector.unregister(client.socket)
        return self.heard(time.process_time_ns() - used)

    def heard(self, used: int) -> Heard:
        """Put together what was read, and forget it."""
        latencies: list[int] = []
        lasted: dict[int, int] = {}
        beats = 0
        for client in self.clients:
            for moment, data in client.read:
                *messages, client.rest = (client.rest + data).split(END)
                for message in messages:
                    beats += b": still here" in message
                    if found := MADE.search(message):
                        made = int(found[1])
                        latencies.append((moment - made) // 1000)
                        lasted[made] = max(lasted.get(made, 0), moment - made)
            client.read.clear()
        return Heard(
            latencies=latencies,
            gone=sum(client.gone for client in self.clients),
            beats=beats,
            last=max((made + took for made, took in lasted.items()), default=0),
            busy=used / sum(lasted.values()) if lasted else 0,
        )


def main() -> None:
    listeners = Listeners(json.loads(sys.stdin.readline()))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(listeners.listen(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
