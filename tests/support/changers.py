"""Users who change their items all the while, through any of the servers, and are sure of it.

Each asks until a change is acknowledged. A change whose answer got lost may have been made twice.
"""

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from uuid import uuid4

from tests.support.tokens import access_token

# Runs in the environment of the backend. Of two transactions of one user that are open at once, the
# one that wrote first commits last, long after others were told of the second.
OVERLAP = """
import asyncio, json, sys
from contextlib import suppress
from itertools import cycle
import asyncpg
ADD = '''
INSERT INTO items (id, owner_id, name, description, status, version, created_at, updated_at)
SELECT gen_random_uuid(), $1, gen_random_uuid(), '', 'draft', 1, now(), now()
FROM generate_series(1, 2)
'''
async def overlap(user):
    first, second = [await asyncpg.connect(sys.argv[1], timeout=3) for _ in range(2)]
    async with first.transaction():
        await first.execute(ADD, user)
        await second.execute(ADD, user)
        await asyncio.sleep(0.1)
    await first.close()
    await second.close()
LOST = OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError
async def main():
    for user in cycle(json.loads(sys.stdin.readline())):
        with suppress(*LOST, asyncpg.InternalClientError):
            await overlap(user)
asyncio.run(main())
"""
PATIENCE = 10.0  # seconds for an answer
PAUSES = 0.1, 0.4  # seconds between two changes, and before another attempt


class Change(NamedTuple):
    """What was acknowledged: whose item, what happened to it, and which version it has since."""

    user: str
    name: str
    item: str
    version: int


@dataclass
class Changer:
    """One user's client, which creates items, changes each a few times and deletes some."""

    user: str
    ports: Sequence[int]
    dice: random.Random
    enough: threading.Event
    acknowledged: list[Change] = field(default_factory=list)

    def __call__(self) -> None:
        while not self.enough.is_set():
            self.live_an_item()

    def live_an_item(self) -> None:
        created = {"name": f"Item {uuid4()}"}
        item = self.ask("POST", "", created, {"Idempotency-Key": str(uuid4())})
        self.note("item.created", item)
        path = f"/{item['id']}"
        for number in range(self.dice.randrange(4)):
            item = self.ask("PATCH", path, {"description": f"change {number} of {uuid4()}"})
            self.note("item.updated", item)
        if self.dice.random() < 0.3:
            self.ask("DELETE", path, {})
            self.note("item.deleted", item)

    def note(self, name: str, item: Mapping[str, object]) -> None:
        version = item["version"]
        assert isinstance(version, int)
        self.acknowledged.append(Change(self.user, name, str(item["id"]), version))

    def ask(
        self, method: str, path: str, body: Mapping[str, str], more: Mapping[str, str] | None = None
    ) -> Mapping[str, object]:
        """Ask one server or another until it is done."""
        while True:
            time.sleep(self.dice.uniform(*PAUSES))
            connection = HTTPConnection("127.0.0.1", self.dice.choice(self.ports), timeout=PATIENCE)
            headers = {
                "Authorization": f"Bearer {access_token(self.user)}",
                "Content-Type": "application/json",
                "If-Match": "*",
                **(more or {}),
            }
            try:
                connection.request(method, f"/api/v1/items{path}", json.dumps(body), headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, HTTPException):
                continue
            finally:
                connection.close()
            if answer.status < 300 or (method == "DELETE" and answer.status == 404):
                found: Mapping[str, object] = json.loads(text) if answer.status < 204 else {}
                return found
            assert answer.status >= 500, f"{method} {path}: {answer.status} {text.decode()}"


@contextmanager
def changing(users: Sequence[str], ports: Sequence[int], seed: int) -> Iterator[Sequence[Changer]]:
    """Lets one client of each user change items during the block; each ends what it has begun."""
    enough, dice = threading.Event(), random.Random(seed)  # noqa: S311 - nothing is secret
    changers = [Changer(user, ports, random.Random(dice.random()), enough) for user in users]  # noqa: S311
    threads = [threading.Thread(target=changer, daemon=True) for changer in changers]
    for thread in threads:
        thread.start()
    try:
        yield changers
    finally:
        enough.set()
        for thread in threads:
            thread.join(3 * PATIENCE)
