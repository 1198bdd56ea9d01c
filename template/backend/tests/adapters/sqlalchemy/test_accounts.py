"""What only a real database can show: what happens at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.ports import Account, RefreshToken
from app.adapters.sqlalchemy.accounts import RefreshTokenRow, SessionRow
from app.adapters.sqlalchemy.storage import Storage
from app.errors import ConflictError
from app.ids import uuid7

pytestmark = pytest.mark.slow
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


async def make_account(storage: Storage) -> Account:
    account = Account(uuid7(), "ada@example.com", "a hash", (), NOW)
    return await storage.accounts().add_account(account)


async def begin_session(storage: Storage, account: Account, at: datetime = NOW) -> None:
    token = RefreshToken(uuid7(), uuid7(), account.id, b"first", at, at + DAY)
    await storage.accounts().add_refresh_token(token, None)


async def rotate(
    storage: Storage, token: bytes, successor: bytes, at: datetime = NOW
) -> Account | None:
    return await storage.accounts().rotate_refresh_token(token, successor, uuid7(), at, at + DAY)


async def count(engine: AsyncEngine, row: type[SessionRow | RefreshTokenRow]) -> int:
    async with engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(row))).scalar_one()


async def test_of_two_rotations_at_once_one_wins_and_the_session_ends(
    shared_storage: Storage, engine: AsyncEngine
) -> None:
    ada = await make_account(shared_storage)
    await begin_session(shared_storage, ada)

    results = await asyncio.gather(
        *(rotate(shared_storage, b"first", bytes([number])) for number in range(8))
    )

    assert [result for result in results if result] == [ada]
    assert await count(engine, SessionRow) == 0
    assert await count(engine, RefreshTokenRow) == 0


async def test_a_replay_ends_the_session_of_a_rotation_that_is_on_its_way(
    shared_storage: Storage, engine: AsyncEngine
) -> None:
    ada = await make_account(shared_storage)
    await begin_session(shared_storage, ada)
    await rotate(shared_storage, b"first", b"second")

    await asyncio.gather(
        rotate(shared_storage, b"second", b"third"), rotate(shared_storage, b"first", b"stolen")
    )

    assert await rotate(shared_storage, b"third", b"fourth") is None
    assert await count(engine, SessionRow) == 0


async def test_of_two_registrations_at_once_one_wins(shared_storage: Storage) -> None:
    results = await asyncio.gather(
        *(make_account(shared_storage) for _ in range(4)), return_exceptions=True
    )

    assert sum(isinstance(result, Account) for result in results) == 1
    assert sum(isinstance(result, ConflictError) for result in results) == 3


async def test_what_expired_does_not_pile_up(shared_storage: Storage, engine: AsyncEngine) -> None:
    ada = await make_account(shared_storage)
    await begin_session(shared_storage, ada)
    await rotate(shared_storage, b"first", b"second", at=NOW + DAY / 2)

    await rotate(shared_storage, b"second", b"third", at=NOW + DAY)
    assert await count(engine, RefreshTokenRow) == 2

    await begin_session(shared_storage, ada, at=NOW + 3 * DAY)
    assert await count(engine, SessionRow) == 1
    assert await count(engine, RefreshTokenRow) == 1
