from datetime import timedelta
from uuid import UUID

import pytest

from app.accounts.ports import Account
from app.auth.tokens import Caller
from app.ids import uuid7
from app.items.ports import Attempt, Item, Items, ItemStatus, NewItem
from app.layer import Storage
from tests.items.fakes import FakeItems
from tests.items.port import NOW, Add


@pytest.fixture(params=["fake", "real"])
def storage_of_items(request: pytest.FixtureRequest) -> Storage | None:
    """The real storage, or None for the fake, which needs no database."""
    if request.param == "fake":
        return None
    storage: Storage = request.getfixturevalue("storage")
    return storage


async def make_owner(storage: Storage | None) -> UUID:
    owner = uuid7()
    if storage:
        await storage.accounts().add_account(Account(owner, f"{owner}@example.com", "", (), NOW))
    return owner


@pytest.fixture
async def owner(storage_of_items: Storage | None) -> UUID:
    return await make_owner(storage_of_items)


@pytest.fixture
async def stranger(storage_of_items: Storage | None) -> UUID:
    return await make_owner(storage_of_items)


@pytest.fixture
def items(storage_of_items: Storage | None, owner: UUID) -> Items:
    if storage_of_items is None:
        return FakeItems()
    return storage_of_items.items(Caller(owner, "", frozenset(), ""))


@pytest.fixture
def add(items: Items, owner: UUID) -> Add:
    async def add_one(
        name: str = "Lamp",
        *,
        owner_id: UUID = owner,
        status: ItemStatus = ItemStatus.DRAFT,
        attempt: Attempt | None = None,
        seconds: int = 0,
    ) -> Item:
        created = NOW + timedelta(seconds=seconds)
        return await items.add_item(
            NewItem(uuid7(), owner_id, name, "It shines.", status, created), attempt
        )

    return add_one
