"""Makes changes in a process of its own: in the tables of the backend, or by asking the bare app.

It runs in the environment of the backend. Each line of its standard input names what to do and
with what, and is answered by a line. A change carries the moment before it was sent, and is as long
as any other.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from itertools import cycle, islice

import asyncpg

PEOPLE = """
WITH people AS (
    INSERT INTO accounts (id, email, password_hash, scopes, created_at)
    SELECT gen_random_uuid(), gen_random_uuid() || '@example.com', 'none', '{}', now()
    FROM generate_series(1, $1)
    RETURNING id
)
INSERT INTO items (id, owner_id, name, description, status, version, created_at, updated_at)
SELECT gen_random_uuid(), people.id, 'Item ' || n, '', 'active', 1, now(), now()
FROM people, generate_series(1, $2) AS n
RETURNING owner_id::text, id::text
"""
CHANGE = "UPDATE items SET description = $2, version = version + 1 WHERE id = $1"
CHANGE_ALL = "UPDATE items SET description = $2, version = version + 1 WHERE id = ANY($1::uuid[])"
MANY = """
INSERT INTO items (id, owner_id, name, description, status, version, created_at, updated_at)
SELECT gen_random_uuid(), $1, 'Item ' || gen_random_uuid(), $2, 'active', 1, now(), now()
FROM generate_series(1, $3)
"""
DATA = (
    '{"id":"01a1ff42-e5cb-7542-9df8-0f76e3ea0820","name":"Item 1","description":"%s",'
    '"status":"active","version":1,"created_at":"2026-01-05T17:58:56.715251Z",'
    '"updated_at":"2026-01-05T17:58:56.715251Z"}'
)


def stamp() -> str:
    """A hundred characters that begin with the moment, in nanoseconds."""
    return f"{time.perf_counter_ns():020}" + "." * 80


class Changes:
    """What can be asked for."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def people(self, users: int, items: int) -> list[list[str]]:
        """Add users with some items each; give both ids of each item."""
        connection = await asyncpg.connect(self.address)
        rows = await connection.fetch(PEOPLE, users, items)
        await connection.close()
        return [list(row) for row in rows]

    async def change(self, item: str, events: int, every: float) -> None:
        """Change one item some times, each in a transaction of its own."""
        connection = await asyncpg.connect(self.address)
        change = await connection.prepare(CHANGE)
        for _ in range(events):
            await asyncio.sleep(every)
            await change.fetch(item, stamp())
        await connection.close()

    async def publish(self, port: int, events: int, every: float) -> None:
        """Ask the bare app to hand on an event, some times."""
        connection = HTTPConnection("127.0.0.1", port)
        connection.connect()
        for number in range(events):
            await asyncio.sleep(every)
            body = json.dumps({"number": number, "data": DATA % stamp()})
            connection.request("POST", "/events", body, {"Content-Type": "application/json"})
            connection.getresponse().read()
        connection.close()

    async def add(self, owner: str, events: int) -> int:
        """Add items in one transaction; give the moment when it was committed."""
        connection = await asyncpg.connect(self.address, command_timeout=60)
        await connection.execute(MANY, owner, stamp(), events)
        done = time.perf_counter_ns()
        await connection.close()
        return done

    async def change_all(self, items: Sequence[str], times: int) -> int:
        """Change items, all in one transaction, some times; give the moment before."""
        connection = await asyncpg.connect(self.address)
        change = await connection.prepare(CHANGE_ALL)
        begun = time.perf_counter_ns()
        for _ in range(times):
            await change.fetch(items, stamp())
        await connection.close()
        return begun

    async def write(self, items: Sequence[str], connections: int, seconds: float) -> int:
        """Change items as fast as it goes, each by one connection; give how many times."""
        opened = [await asyncpg.connect(self.address) for _ in range(connections)]
        prepared = [await connection.prepare(CHANGE) for connection in opened]
        until = time.perf_counter() + seconds

        async def work(place: int) -> int:
            for number, item in enumerate(cycle(islice(items, place, None, connections))):
                if time.perf_counter() >= until:
                    return number
                await prepared[place].fetch(item, stamp())
            return 0

        done = await asyncio.gather(*map(work, range(connections)))
        for connection in opened:
            await connection.close()
        return sum(done)

    async def trigger(self, state: str) -> None:
        """Have changes recorded (ENABLE) or not (DISABLE)."""
        connection = await asyncpg.connect(self.address)
        await connection.execute(f"ALTER TABLE items {state} TRIGGER record_change")
        await connection.close()


async def main() -> None:
    changes = Changes(sys.argv[1])
    while line := await asyncio.to_thread(sys.stdin.readline):
        what, given = json.loads(line)
        print(json.dumps(await getattr(changes, what)(**given)), flush=True)


asyncio.run(main())
