"""Streams as they are often written, which lose events: `number > the last one seen`.

Numbers come from a sequence when a row is written, and streams read what has a higher number than
the last. Of two transactions the one with the lower number may commit last, and nobody looks back.
"""

NUMBERED_WHEN_WRITTEN = (
    "CREATE SEQUENCE numbers",
    "DROP TRIGGER record_change ON items",
    """
    CREATE OR REPLACE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        changed jsonb := to_jsonb(COALESCE(NEW, OLD));
        owner uuid := changed ->> 'owner_id';
        action text := CASE TG_OP
            WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END;
    BEGIN
        INSERT INTO events (user_id, number, kind, action, state)
        VALUES (owner, nextval('numbers'), TG_ARGV[0], action, changed);
        PERFORM pg_notify('events', owner::text);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON items
    FOR EACH ROW EXECUTE FUNCTION record_change('item')
    """,
)
# The server with another hub: it loses its connection and comes back as the real one does.
SERVE = """
import asyncio
from contextlib import asynccontextmanager
import asyncpg
from app.commands.serve import serve
from app.events import router
from app.events.messages import message_of
from app.events.ports import Event

LAST = "SELECT coalesce(max(number), 0) FROM events WHERE user_id = $1"
READ = '''
SELECT number, kind, action, state FROM events WHERE user_id = $1 AND number > $2 ORDER BY number
'''
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

class Stream:
    def __init__(self, hub, user_id, number):
        self.hub, self.user_id, self.number = hub, user_id, number
        self.over, self.woken = False, asyncio.Event()

    def end(self):
        self.over = True
        self.woken.set()

    async def next_message(self):
        while not self.over:
            self.woken.clear()
            rows = await self.hub.read(READ, self.user_id, self.number)
            if rows:
                self.number = rows[-1]["number"]
                return b"".join(message_of(Event(*row)) for row in rows)
            await self.woken.wait()

class Hub:
    def __init__(self, open_log):
        [self.address], self.streams, self.lock = open_log.args, set(), asyncio.Lock()
        self.connection = None

    def end(self):
        for stream in self.streams:
            stream.end()

    def wake(self, *_):
        for stream in self.streams:
            stream.woken.set()

    def leave(self, stream):
        self.streams.discard(stream)

    async def join(self, user_id, after, until):
        if after is None:
            [[after]] = await self.read(LAST, user_id)
        stream = Stream(self, user_id, after)
        self.streams.add(stream)
        return stream

    async def read(self, sql, *given):
        while True:
            try:
                async with self.lock:
                    if self.connection is None or self.connection.is_closed():
                        self.connection = await asyncpg.connect(self.address, timeout=3)
                        self.connection.add_termination_listener(self.wake)
                        await self.connection.add_listener("events", self.wake)
                        self.wake()
                    return await self.connection.fetch(sql, *given)
            except LOST:
                await asyncio.sleep(0.2)

    @asynccontextmanager
    async def running(self):
        yield

router.Hub = Hub
serve()
"""
