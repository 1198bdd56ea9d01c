import asyncio
import math
from uuid import UUID

import pytest

from app.errors import TooManyRequestsError, UnavailableError
from app.events import hub as hubs
from app.events.hub import Hub
from app.events.messages import HEARTBEAT
from tests.events.conftest import Hear
from tests.events.fakes import FakeLogs
from tests.events.hearing import hear_until, until_over


async def test_a_silent_stream_gives_a_sign_of_life(
    hub: Hub, ann: UUID, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "HEARTBEAT", 0.005)
    stream = await hub.join(ann, None, math.inf)

    assert await hear(stream) == HEARTBEAT.decode()


async def test_a_stream_gives_signs_of_life_while_the_log_is_out_of_reach(
    hub: Hub, kept: FakeLogs, ann: UUID, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "HEARTBEAT", 0.005)
    kept.add(ann, 2)
    stream = await hub.join(ann, 1, math.inf)
    kept.lose()

    assert await hear(stream) == HEARTBEAT.decode()
    assert await hear(stream) == HEARTBEAT.decode()
    kept.reachable = True
    assert await hear_until(hear, stream, 2) == [2]


async def test_a_stream_ends_when_its_token_has_expired(hub: Hub, ann: UUID) -> None:
    await until_over(await hub.join(ann, None, until=0))

    assert not hub.streams


async def test_a_stream_ends_when_the_process_does(hub: Hub, ann: UUID) -> None:
    stream = await hub.join(ann, None, math.inf)
    hub.end()

    await until_over(stream)
    with pytest.raises(UnavailableError):
        await hub.join(ann, None, math.inf)


async def test_who_comes_while_the_log_is_out_of_reach_is_told_so(
    hub: Hub, kept: FakeLogs, ann: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "PATIENCE", 0.005)
    kept.lose()

    with pytest.raises(UnavailableError):
        await hub.join(ann, None, math.inf)
    monkeypatch.setattr(hubs, "PATIENCE", 5)
    kept.reachable = True
    assert (await hub.join(ann, None, math.inf)).number == 0


async def test_one_user_cannot_have_all_streams(
    hub: Hub, ann: UUID, ben: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "PER_USER", 2)
    streams = [await hub.join(ann, None, math.inf) for _ in range(2)]

    with pytest.raises(TooManyRequestsError):
        await hub.join(ann, None, math.inf)
    await hub.join(ben, None, math.inf)
    hub.leave(streams[0])
    await hub.join(ann, None, math.inf)


async def test_a_process_has_so_many_streams_and_no_more(
    hub: Hub, ann: UUID, ben: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "IN_ALL", 1)
    await hub.join(ann, None, math.inf)

    with pytest.raises(UnavailableError):
        await hub.join(ben, None, math.inf)


async def test_nothing_is_left_of_streams_that_were_left(
    hub: Hub, kept: FakeLogs, ann: UUID
) -> None:
    first, second = [await hub.join(ann, None, math.inf) for _ in range(2)]
    hub.leave(first)
    hub.leave(second)
    hub.leave(second)
    kept.reads.clear()
    kept.add(ann)
    await asyncio.sleep(0.02)

    assert kept.reads == []
