"""Tokens of a hosted project, which publishes its keys: here it does so on this machine."""

import asyncio
import time

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.adapters.supabase import keys
from app.adapters.supabase.keys import FRESH, PAUSE, ProjectKeys
from app.auth.tokens import Trust, Verifier
from app.errors import UnavailableError
from tests.adapters.supabase.published import (
    CLAIMS,
    ISSUER,
    Clock,
    Published,
    is_valid,
    public,
    signed,
)
from tests.auth.sign import bearer


@pytest.mark.parametrize("name", ["first", "rsa"])
async def test_a_token_by_a_published_key_is_valid(
    name: str, verifier: Verifier, published: Published
) -> None:
    published.keys = [public("first"), public("rsa")]

    caller = await verifier.caller_of(signed(CLAIMS, name))

    assert caller is not None
    assert caller.email == "ann@example.com"


async def test_keys_are_fetched_once_for_everybody_who_asks_at_once(
    verifier: Verifier, published: Published
) -> None:
    published.delay = 0.02
    tokens = [signed({**CLAIMS, "session_id": str(number)}, "first") for number in range(20)]

    assert all(await asyncio.gather(*(is_valid(verifier, token) for token in tokens)))
    assert published.asked == 1


async def test_a_token_is_verified_once(verifier: Verifier) -> None:
    token = signed(CLAIMS, "first")
    caller = await verifier.caller_of(token)

    assert await verifier.caller_of(token) is caller


async def test_after_a_rotation_new_tokens_are_valid_at_once_and_old_ones_still(
    verifier: Verifier, published: Published, clock: Clock
) -> None:
    old = signed(CLAIMS, "first")
    assert await is_valid(verifier, old)
    published.keys = [public("second"), public("first")]
    clock.now += PAUSE

    assert await is_valid(verifier, signed(CLAIMS, "second"))
    assert await is_valid(verifier, old)
    assert published.asked == 2


async def test_a_key_that_is_withdrawn_is_soon_no_longer_trusted(
    verifier: Verifier, published: Published, clock: Clock
) -> None:
    token = signed(CLAIMS, "first")
    assert await is_valid(verifier, token)
    published.keys = [public("second")]
    clock.now += FRESH

    assert await is_valid(verifier, token)  # nobody waits for the look that this begins

    for _ in range(1000):
        if not await is_valid(verifier, token):
            break
        await asyncio.sleep(0.001)
    assert not await is_valid(verifier, token)
    assert published.asked == 2


async def test_old_keys_are_looked_after_when_a_new_token_comes(
    verifier: Verifier, published: Published, clock: Clock
) -> None:
    assert await is_valid(verifier, signed(CLAIMS, "first"))
    clock.now += FRESH

    assert await is_valid(verifier, signed({**CLAIMS, "session_id": "2"}, "first"))

    for _ in range(1000):
        if published.asked == 2:
            break
        await asyncio.sleep(0.001)
    assert published.asked == 2


async def test_an_unknown_key_is_looked_for_and_then_refused(
    verifier: Verifier, published: Published, clock: Clock
) -> None:
    assert not await is_valid(verifier, signed(CLAIMS, "unknown"))
    assert published.asked == 1
    for _ in range(50):
        assert not await is_valid(verifier, signed(CLAIMS, "unknown"))
    assert published.asked == 1
    clock.now += PAUSE
    assert not await is_valid(verifier, signed(CLAIMS, "unknown"))
    assert published.asked == 2


async def test_while_the_keys_are_away_the_known_ones_are_trusted_and_nobody_waits(
    verifier: Verifier, published: Published, clock: Clock
) -> None:
    assert await is_valid(verifier, signed(CLAIMS, "first"))
    published.delay = 60
    clock.now += FRESH * 10

    begun = time.monotonic()
    assert await is_valid(verifier, signed(CLAIMS, "first"))
    assert await is_valid(verifier, signed({**CLAIMS, "session_id": "2"}, "first"))
    assert time.monotonic() - begun < 1


async def test_nobody_waits_for_keys_that_hang_any_longer_than_said(
    verifier: Verifier, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PATIENCE", 0.05)
    published.delay = 60

    begun = time.monotonic()
    with pytest.raises(UnavailableError):
        await verifier.caller_of(signed(CLAIMS, "first"))
    assert 0.05 <= time.monotonic() - begun < 1
    with pytest.raises(UnavailableError):  # nor is it tried again at once
        await verifier.caller_of(signed(CLAIMS, "first"))
    assert published.asked <= 1


@pytest.mark.slow
async def test_two_seconds_are_the_longest_that_a_request_waits_for_dead_keys(
    app: FastAPI, client: AsyncClient, published: Published
) -> None:
    published.delay = 60
    app.state.verifier = Verifier(
        Trust(ProjectKeys(None, published.address), "authenticated", ISSUER)
    )

    begun = time.monotonic()
    answers = await asyncio.gather(
        *(client.get("/api/v1/me", headers=bearer(signed(CLAIMS, "first"))) for _ in range(20))
    )

    assert time.monotonic() - begun < 2.5
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.headers["retry-after"] for answer in answers} == {"1"}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": 1}'),
        (200, b" " * 200_000),
    ],
)
async def test_an_answer_that_is_none_is_a_project_that_is_away(
    status: int, body: bytes, verifier: Verifier, published: Published, clock: Clock
) -> None:
    published.status, published.body = status, body

    with pytest.raises(UnavailableError):
        await verifier.caller_of(signed(CLAIMS, "first"))

    published.status, published.body = 200, None
    clock.now += PAUSE
    assert await is_valid(verifier, signed(CLAIMS, "first"))


async def test_where_nobody_listens_it_is_said_so(clock: Clock) -> None:
    away = ProjectKeys(None, "http://127.0.0.1:1/jwks.json", clock)

    with pytest.raises(UnavailableError):
        await Verifier(Trust(away, "authenticated")).caller_of(signed(CLAIMS, "first"))
