"""What only a real database can show: what happens at once."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.auth.tokens import Caller
from app.errors import ConflictError
from app.ids import uuid7
from app.items.ports import Attempt, Item, ItemQuery, Items, ItemStatus, NewItem
from app.layer import Storage
from tests.auth.sign import NewUser

pytestmark = pytest.mark.slow
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def user(shared_storage: Storage, new_user: NewUser) -> Caller:
    return await new_user(shared_storage)


@pytest.fixture
def owner(user: Caller) -> UUID:
    return user.id


@pytest.fixture
def items(shared_storage: Storage, user: Caller) -> Items:
    return shared_storage.items(user)


def lamp(owner: UUID) -> NewItem:
    return NewItem(uuid7(), owner, "Lamp", "", ItemStatus.DRAFT, NOW)


async def test_of_many_tries_of_one_attempt_at_once_one_stores_the_item(
    items: Items, owner: UUID
) -> None:
    attempt = Attempt("key", "what was sent")

    results = await asyncio.gather(*(items.add_item(lamp(owner), attempt) for _ in range(8)))

    assert len({item.id for item in results}) == 1
    assert (await items.list_items(owner, ItemQuery())).items == results[:1]


async def test_of_many_items_of_one_name_at_once_one_is_stored(items: Items, owner: UUID) -> None:
    results = await asyncio.gather(
        *(items.add_item(lamp(owner), None) for _ in range(4)), return_exceptions=True
    )

    assert sum(isinstance(result, Item) for result in results) == 1
    assert sum(isinstance(result, ConflictError) for result in results) == 3


async def test_of_many_changes_of_one_version_at_once_one_is_made(
    items: Items, owner: UUID
) -> None:
    added = await items.add_item(lamp(owner), None)

    results = await asyncio.gather(
        *(items.change_item(owner, added.id, [1], {"description": str(n)}) for n in range(4))
    )

    assert [result.version for result in results if result] == [2]
