import asyncio
import math
from uuid import UUID

import pytest
from structlog.typing import EventDict

from app.events import channels
from app.events import hub as hubs
from app.events.channels import Channel
from app.events.hub import Hub
from app.events.messages import reload
from app.events.streams import Found, Stream
from tests.events.conftest import Hear
from tests.events.fakes import FakeLogs
from tests.events.hearing import hear_until, numbers


async def test_a_stream_begins_with_the_next_event(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear
) -> None:
    kept.add(ann, 3)
    stream = await hub.join(ann, None, math.inf)
    kept.add(ann)

    assert stream.number == 3
    assert numbers(await hear(stream)) == [4]


async def test_a_stream_goes_on_after_the_event_that_a_client_has(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear
) -> None:
    kept.add(ann, 3)
    stream = await hub.join(ann, 1, math.inf)

    assert numbers(await hear(stream)) == [2, 3]
    kept.add(ann)
    assert numbers(await hear(stream)) == [4]


async def test_a_user_hears_nothing_of_another(
    hub: Hub, kept: FakeLogs, ann: UUID, ben: UUID, hear: Hear
) -> None:
    stream, other = await hub.join(ann, None, math.inf), await hub.join(ben, None, math.inf)
    kept.add(ben, 2)
    kept.add(ann)

    assert numbers(await hear(stream)) == [1]
    assert numbers(await hear(other)) == [1, 2]


async def test_what_many_wait_for_is_read_once(
    hub: Hub, kept: FakeLogs, ann: UUID, ben: UUID, hear: Hear
) -> None:
    streams = [await hub.join(ann, None, math.inf) for _ in range(3)]
    kept.reads.clear()
    kept.add(ben)
    kept.add(ann)

    assert len({await hear(stream) for stream in streams}) == 1
    assert kept.reads == [[(ann, 0)]]


async def test_those_who_come_back_at_once_are_answered_at_once(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear
) -> None:
    kept.add(ann, 3)
    streams = [await hub.join(ann, 1, math.inf) for _ in range(3)]
    kept.reads.clear()

    heard = await asyncio.gather(*map(hear, streams))
    assert list(map(numbers, heard)) == [[2, 3]] * 3
    assert kept.reads == [[(ann, 1)]]


async def test_an_event_during_a_read_is_not_missed(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear
) -> None:
    stream = await hub.join(ann, None, math.inf)
    kept.reads.clear()
    kept.gate.clear()
    kept.add(ann)
    await asyncio.sleep(0.005)
    assert kept.reads == [[(ann, 0)]]
    kept.add(ann)
    kept.gate.set()

    assert await hear_until(hear, stream, 2) == [1, 2]


async def test_more_than_a_page_is_read_on(hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear) -> None:
    kept.page = 2
    stream = await hub.join(ann, None, math.inf)
    kept.add(ann, 5)

    assert await hear_until(hear, stream, 5) == [1, 2, 3, 4, 5]


async def test_a_stream_that_lags_behind_reads_the_log_itself(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear
) -> None:
    count = channels.RECENT + 5
    slow, quick = [await hub.join(ann, None, math.inf) for _ in range(2)]
    for number in range(1, count + 1):
        kept.add(ann)
        assert numbers(await hear(quick)) == [number]

    assert await hear_until(hear, slow, count) == list(range(1, count + 1))
    assert kept.reads[-1] == [(ann, 0)]


async def test_more_places_than_one_look_has_are_all_found(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "AT_ONCE", 2)
    kept.add(ann, 6)
    streams = [await hub.join(ann, number, math.inf) for number in range(5)]

    heard = await asyncio.gather(*map(hear, streams))
    assert [numbers(one)[0] for one in heard] == [1, 2, 3, 4, 5]


async def test_a_lost_log_is_opened_again_and_nothing_is_lost(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, logs: list[EventDict]
) -> None:
    stream = await hub.join(ann, None, math.inf)
    kept.add(ann)
    assert numbers(await hear(stream)) == [1]
    kept.lose()
    kept.add(ann, 2)
    await asyncio.sleep(0.02)
    kept.reachable = True

    assert await hear_until(hear, stream, 3) == [2, 3]
    assert "the log of events is out of reach" in {entry["event"] for entry in logs}


async def test_a_fault_of_its_own_does_not_silence_the_hub(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await hub.join(ann, None, math.inf)
    monkeypatch.setattr(hubs, "found_at", None)
    kept.add(ann)
    await asyncio.sleep(0.02)
    monkeypatch.undo()

    assert await hear_until(hear, stream, 1) == [1]


@pytest.mark.parametrize("place", [(3, 1), (4, 1), (0, 9)])
async def test_who_lacks_what_is_gone_is_told_to_load_anew(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, place: tuple[int, int]
) -> None:
    gone, after = place
    kept.add(ann, 4)
    del kept.logs[ann][:gone]
    stream = await hub.join(ann, after, math.inf)

    assert await hear(stream) == reload(4).decode()
    kept.add(ann)
    assert numbers(await hear(stream)) == [5]


async def test_a_database_of_yesterday_makes_clients_load_anew(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear
) -> None:
    kept.add(ann, 4)
    stream = await hub.join(ann, None, math.inf)
    del kept.logs[ann][2:]
    kept.last[ann] = 2
    kept.tell(ann)

    assert await hear(stream) == reload(2).decode()


async def test_an_event_of_an_unknown_kind_makes_clients_load_anew(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await hub.join(ann, None, math.inf)
    monkeypatch.setattr("app.events.messages.SHAPES", {})
    kept.add(ann)

    assert await hear(stream) == reload(1).decode()


async def test_an_event_of_another_shape_makes_clients_load_anew(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, logs: list[EventDict]
) -> None:
    row = '{"name": "Lamp"}'
    stream = await hub.join(ann, None, math.inf)
    kept.add(ann, row=row)

    assert await hear(stream) == reload(1).decode()
    assert "an event does not fit its shape" in {entry["event"] for entry in logs}
    kept.add(ann)
    assert numbers(await hear(stream)) == [2]


def test_a_channel_that_went_back_knows_nothing_of_what_follows(ann: UUID) -> None:
    channel = Channel(ann)
    channel.begin(4)
    channel.begin(2)

    assert (channel.since(4), channel.since(2)) == (None, ())


async def test_while_the_log_is_asked_only_its_answer_moves_a_stream_on(ann: UUID) -> None:
    channel, asked = Channel(ann), list[Stream]()
    channel.begin(1)
    stream = Stream(channel, 1, math.inf, asked.append)
    channel.listeners.add(stream)
    stream.answer(Found(3, [b"2", b"3"]))
    heard = [await stream.next_message()]

    waiting = asyncio.create_task(stream.next_message())
    await asyncio.sleep(0)
    assert asked == [stream]
    channel.go_on([b"2", b"3", b"4"])
    await asyncio.sleep(0)
    stream.answer(Found(4, [b"4"]))
    heard.append(await waiting)
    channel.go_on([b"5"])
    heard.append(await stream.next_message())

    assert heard == [b"23", b"4", b"5"]
    assert stream.number == 5
