import asyncio

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.health import router
from app.layer import Storage


class Answers:
    """The health of a storage, as a test wants it."""

    def __init__(self, *, answers: bool = True, after: float = 0) -> None:
        self.answer = answers
        self.after = after

    async def answers(self) -> bool:
        await asyncio.sleep(self.after)
        return self.answer


async def test_a_running_process_says_that_it_is_alive(client: AsyncClient) -> None:
    response = await client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


async def test_it_is_alive_even_while_the_database_is_away(
    app: FastAPI, client: AsyncClient
) -> None:
    app.state.storage = Answers(answers=False)

    assert (await client.get("/health/live")).status_code == 200


async def test_it_is_ready_while_the_database_answers(client: AsyncClient) -> None:
    response = await client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


async def test_it_is_not_ready_while_the_database_is_away_and_ready_again_by_itself(
    app: FastAPI, client: AsyncClient, storage: Storage
) -> None:
    app.state.storage = Answers(answers=False)
    away = await client.get("/health/ready")
    app.state.storage = storage
    back = await client.get("/health/ready")

    assert away.status_code == 503
    assert away.headers["content-type"] == "application/problem+json"
    assert away.headers["retry-after"] == "1"
    assert away.json()["detail"] == "The database does not answer."
    assert back.status_code == 200


async def test_a_database_that_hangs_does_not_hold_up_the_probe(
    app: FastAPI, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "PATIENCE", 0.01)
    app.state.storage = Answers(after=60)

    assert (await client.get("/health/ready")).status_code == 503
