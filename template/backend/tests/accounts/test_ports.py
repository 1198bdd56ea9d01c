"""What the port promises, held against the fake and against the real storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.accounts.ports import Account, Accounts, RefreshToken
from app.errors import ConflictError
from app.ids import uuid7
from app.layer import Storage
from tests.accounts.fakes import FakeAccounts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BETTER = "a better hash"


@pytest.fixture(params=["fake", "real"])
def accounts(request: pytest.FixtureRequest) -> Accounts:
    if request.param == "fake":
        return FakeAccounts()
    storage: Storage = request.getfixturevalue("storage")
    return storage.accounts()


@pytest.fixture
async def ada(accounts: Accounts) -> Account:
    return await accounts.add_account(
        Account(uuid7(), "ada@example.com", "a hash", ("items:read", "items:write"), NOW)
    )


def token_of(account_id: UUID, token_hash: bytes = b"first") -> RefreshToken:
    return RefreshToken(uuid7(), uuid7(), account_id, token_hash, NOW, NOW + DAY)


async def rotate(
    accounts: Accounts, token: bytes, successor: bytes, at: datetime = NOW
) -> Account | None:
    return await accounts.rotate_refresh_token(token, successor, uuid7(), at, at + DAY)


async def test_an_account_is_found_by_its_address(accounts: Accounts, ada: Account) -> None:
    assert await accounts.find_account("ada@example.com") == ada
    assert await accounts.find_account("bob@example.com") is None


async def test_an_address_has_one_account(accounts: Accounts, ada: Account) -> None:
    with pytest.raises(ConflictError) as conflict:
        await accounts.add_account(replace(ada, id=uuid7()))

    assert conflict.value.field == "body.email"
    assert await accounts.find_account(ada.email) == ada


async def test_a_session_begins_with_or_without_a_better_hash(
    accounts: Accounts, ada: Account
) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)
    assert await accounts.find_account(ada.email) == ada

    await accounts.add_refresh_token(token_of(ada.id, b"second"), BETTER)
    assert await accounts.find_account(ada.email) == replace(ada, password_hash=BETTER)


async def test_a_token_is_traded_once_for_its_successor(accounts: Accounts, ada: Account) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)

    assert await rotate(accounts, b"first", b"second") == ada
    assert await rotate(accounts, b"second", b"third") == ada


async def test_a_token_that_was_traded_before_ends_its_session_and_no_other(
    accounts: Accounts, ada: Account
) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)
    await accounts.add_refresh_token(token_of(ada.id, b"elsewhere"), None)
    await rotate(accounts, b"first", b"second")

    assert await rotate(accounts, b"first", b"stolen") is None
    assert await rotate(accounts, b"second", b"third") is None
    assert await rotate(accounts, b"stolen", b"third") is None
    assert await rotate(accounts, b"elsewhere", b"further") == ada


async def test_an_unknown_token_is_worth_nothing(accounts: Accounts) -> None:
    assert await rotate(accounts, b"unknown", b"second") is None


async def test_an_expired_token_is_worth_nothing(accounts: Accounts, ada: Account) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)

    assert await rotate(accounts, b"first", b"second", at=NOW + DAY) is None
    assert await rotate(accounts, b"second", b"third", at=NOW + DAY) is None


async def test_a_successor_lasts_as_long_as_it_was_given(accounts: Accounts, ada: Account) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)
    almost = NOW + DAY - timedelta(seconds=1)

    assert await rotate(accounts, b"first", b"second", at=almost) == ada
    assert await rotate(accounts, b"second", b"third", at=NOW + DAY) == ada


async def test_a_traded_token_that_has_expired_ends_no_session(
    accounts: Accounts, ada: Account
) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)
    await rotate(accounts, b"first", b"second", at=NOW + DAY - timedelta(seconds=1))

    assert await rotate(accounts, b"first", b"third", at=NOW + DAY) is None
    assert await rotate(accounts, b"second", b"fourth", at=NOW + DAY) == ada


async def test_a_new_session_removes_what_expired_and_nothing_else(
    accounts: Accounts, ada: Account
) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)
    await accounts.add_refresh_token(
        replace(token_of(ada.id, b"long"), expires_at=NOW + 9 * DAY), None
    )

    await accounts.add_refresh_token(
        replace(token_of(ada.id, b"new"), created_at=NOW + DAY, expires_at=NOW + 2 * DAY), None
    )

    assert await rotate(accounts, b"first", b"second") is None
    assert await rotate(accounts, b"long", b"longer") == ada
    assert await rotate(accounts, b"new", b"newer") == ada


@pytest.mark.parametrize("known", [b"first", b"second"])
async def test_signing_out_ends_the_session_of_any_of_its_tokens(
    accounts: Accounts, ada: Account, known: bytes
) -> None:
    await accounts.add_refresh_token(token_of(ada.id), None)
    await accounts.add_refresh_token(token_of(ada.id, b"elsewhere"), None)
    await rotate(accounts, b"first", b"second")

    await accounts.end_session(known)
    await accounts.end_session(b"unknown")

    assert await rotate(accounts, b"second", b"third") is None
    assert await rotate(accounts, b"elsewhere", b"further") == ada
