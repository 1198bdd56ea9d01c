import asyncio
import json
from uuid import UUID

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from app.adapters.postgres import events
from app.adapters.postgres.events import open_log
from app.errors import UnavailableError
from app.events.ports import EventLog, Page, Place
from app.ids import uuid7
from tests.adapters.postgres.conftest import ADD, Connect

Told = asyncio.Queue[UUID | None]


async def read(log: EventLog, user_id: UUID, after: int | None = 0) -> Page:
    [page] = await log.read_events([Place(user_id, after)])
    return page


async def test_what_happens_to_a_thing_is_told_in_order(
    things: asyncpg.Connection, log: EventLog, ann: UUID
) -> None:
    await things.execute(ADD, 1, ann)
    await things.execute("UPDATE things SET id = 2")
    await things.execute("DELETE FROM things")
    page = await read(log, ann)

    assert [(event.number, event.kind, event.action) for event in page.events] == [
        (1, "thing", "created"),
        (2, "thing", "updated"),
        (3, "thing", "deleted"),
    ]
    assert [json.loads(event.row) for event in page.events] == [
        {"id": number, "owner_id": str(ann)} for number in (1, 2, 2)
    ]
    assert page.last == 3


async def test_a_commit_is_announced_and_one_that_is_undone_is_not(
    things: asyncpg.Connection, log: EventLog, told: Told, ann: UUID
) -> None:
    ben = uuid7()
    undone = things.transaction()
    await undone.start()
    await things.execute(ADD, 1, ben)
    await undone.rollback()
    await things.execute(ADD, 1, ann)

    assert await asyncio.wait_for(told.get(), 5) == ann
    assert (await read(log, ben)).last == 0


async def test_numbers_follow_the_commits_and_have_no_gap(
    things: asyncpg.Connection, connect: Connect, log: EventLog, ann: UUID
) -> None:
    async with connect() as slow, connect() as undone:
        first, second = slow.transaction(), undone.transaction()
        await first.start()
        await slow.execute(ADD, 1, ann)
        await second.start()
        await undone.execute(ADD, 2, ann)
        await things.execute(ADD, 3, ann)
        early = await read(log, ann)
        await second.rollback()
        await first.commit()
    page = await read(log, ann)

    assert [json.loads(event.row)["id"] for event in early.events] == [3]
    assert [(event.number, json.loads(event.row)["id"]) for event in page.events] == [
        (1, 3),
        (2, 1),
    ]


@pytest.mark.slow
async def test_numbers_have_no_gap_when_many_write_at_once(
    connect: Connect, log: EventLog, ann: UUID
) -> None:
    async def write(number: int) -> None:
        async with connect() as connection:
            for _ in range(5):
                await connection.execute(ADD, number, ann)

    await asyncio.gather(*map(write, range(5)))
    page = await read(log, ann)

    assert [event.number for event in page.events] == list(range(1, 26))


async def test_each_place_gets_what_follows_it(
    things: asyncpg.Connection, log: EventLog, ann: UUID
) -> None:
    ben, nobody = uuid7(), uuid7()
    for owner in (ann, ben, ann):
        await things.execute(ADD, 1, owner)
    pages = await log.read_events(
        [Place(ann, 1), Place(ben, 0), Place(nobody, 0), Place(ann, None), Place(ann, 7)]
    )

    assert [(page.last, [event.number for event in page.events]) for page in pages] == [
        (2, [2]),
        (1, [1]),
        (0, []),
        (2, []),
        (2, []),
    ]
    assert await log.read_events([]) == []


async def test_a_place_gets_a_page_at_a_time(
    things: asyncpg.Connection, log: EventLog, ann: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PAGE", 2)
    await things.executemany(ADD, [(number, ann) for number in range(3)])
    page = await read(log, ann)

    assert ([event.number for event in page.events], page.last) == ([1, 2], 3)


async def test_what_is_older_than_a_day_is_forgotten_part_by_part(
    things: asyncpg.Connection, log: EventLog, ann: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PART", 3)
    await things.executemany(ADD, [(number, ann) for number in range(5)])
    await things.execute(
        "UPDATE events SET created_at = now() - interval '25 hours' WHERE number < 5"
    )
    more = [await log.forget_old_events()]
    left = [event.number for event in (await read(log, ann)).events]
    more.append(await log.forget_old_events())
    page = await read(log, ann)

    assert (more, left) == ([True, False], [4, 5])
    assert [event.number for event in page.events] == [5]
    assert (page.follows(4), page.follows(3)) == (True, False)


async def test_a_lost_connection_is_told_and_its_log_is_of_no_more_use(
    things: asyncpg.Connection, log: EventLog, told: Told, ann: UUID
) -> None:
    await things.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'events' AND datname = current_database()"
    )

    assert await asyncio.wait_for(told.get(), 5) is None
    with pytest.raises(UnavailableError):
        await read(log, ann)
    with pytest.raises(UnavailableError):
        await log.forget_old_events()


async def test_a_word_that_names_no_user_is_passed_over(
    things: asyncpg.Connection,
    log: EventLog,  # noqa: ARG001 - it listens
    told: Told,
    ann: UUID,
) -> None:
    await things.execute("SELECT pg_notify('events', 'nobody')")
    await things.execute("SELECT pg_notify('events', $1)", str(ann))

    assert await asyncio.wait_for(told.get(), 5) == ann


async def test_a_connection_that_hears_nothing_is_refused(
    database_url: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pooler of transactions swallows LISTEN; so does this."""

    async def swallow(*_arguments: object) -> None: ...

    monkeypatch.setattr(asyncpg.Connection, "add_listener", swallow)
    monkeypatch.setattr(events, "ANSWERING", 0.02)
    with pytest.raises(UnavailableError) as refused:
        async with open_log(database_url, told.put_nowait):
            pytest.fail("it was opened")

    assert "LISTEN needs a session" in str(refused.value.__cause__)


@pytest.mark.parametrize("address", [None, "postgresql://user@127.0.0.1:1/nothing"])
async def test_a_database_that_is_not_there_is_out_of_reach(
    told: Told, address: str | None
) -> None:
    with pytest.raises(UnavailableError):
        async with open_log(address, told.put_nowait):
            pytest.fail("it was opened")
