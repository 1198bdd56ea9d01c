"""Many careful clients that write at once: each asks until its write is acknowledged."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from uuid import uuid4

PATIENCE = 10.0  # seconds for an answer
ATTEMPTS = 100  # a write that is not acknowledged by then is a fault of its own


@dataclass
class Seen:
    """What the clients were told."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # what was written, and its id
    given_up: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    replays: int = 0
    without_retry_after: int = 0
    unexpected: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Writer:
    """One client. Every fourth answer it does not wait for, as where a network breaks."""

    port: int
    token: str
    seen: Seen
    enough: threading.Event
    with_keys: bool

    def __call__(self) -> None:
        while not self.enough.is_set():
            self.write(f"write {uuid4()}")

    def write(self, what: str) -> None:
        """Ask until it is acknowledged: always the same, under the same key."""
        key, dice = str(uuid4()), random.Random()  # noqa: S311 - nothing is secret
        for attempt in range(ATTEMPTS):
            patience = dice.choice([dice.uniform(0.005, 0.5), PATIENCE, PATIENCE, PATIENCE])
            connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
            try:
                if self.attempt(connection, what, key, attempt):
                    return
            except (OSError, HTTPException):
                self.seen.statuses[0] += 1  # no answer: nobody knows whether it was written
            finally:
                connection.close()
        self.seen.given_up.append(what)

    def attempt(self, connection: HTTPConnection, what: str, key: str, attempt: int) -> bool:
        """Ask once, and say whether it is done. Where the service asks for patience, have it."""
        # Without a key a client that wants to be sure can only write again, under another name.
        name = what if self.with_keys else f"{what}, attempt {attempt}"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if self.with_keys:
            headers["Idempotency-Key"] = key
        body = json.dumps({"name": name, "description": what})
        connection.request("POST", "/api/v1/items", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        self.seen.statuses[answer.status] += 1
        if answer.status == 201:
            self.seen.acknowledged[what] = json.loads(text)["id"]
            self.seen.replays += answer.headers["Idempotency-Replayed"] is not None
            return True
        after = answer.headers["Retry-After"]
        if answer.status >= 500 and after is None:
            self.seen.without_retry_after += 1
        elif answer.status != 503:
            self.seen.unexpected.append(f"{answer.status} {text.decode()}")
            return True
        time.sleep(float(after or 1))
        return False


@contextmanager
def writing(port: int, token: str, writers: int, *, with_keys: bool = True) -> Iterator[Seen]:
    """Lets them write during the block; at its end each finishes what it has begun."""
    seen, enough = Seen(), threading.Event()
    writer = Writer(port, token, seen, enough, with_keys)
    threads = [threading.Thread(target=writer, daemon=True) for _ in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        enough.set()
        for thread in threads:
            thread.join(ATTEMPTS * PATIENCE)
