from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from app.auth.tokens import Caller
from app.ids import uuid7
from app.items.ports import Attempt, Item, Items, ItemStatus, NewItem
from app.layer import Storage
from tests.auth.sign import NewUser
from tests.items.fakes import FakeItems
from tests.items.port import NOW, Add


@pytest.fixture(params=["fake", "real"])
def storage_of_items(request: pytest.FixtureRequest) -> Storage | None:
    """The real storage, or None for the fake, which needs no database."""
    if request.param == "fake":
        return None
    storage: Storage = request.getfixturevalue("storage")
    return storage


@pytest.fixture
async def users(storage_of_items: Storage | None, new_user: NewUser) -> list[Caller]:
    """The owner of the items, and a stranger."""
    if storage_of_items is None:
        return [Caller(uuid7(), "", frozenset(), "") for _ in range(2)]
    return [await new_user(storage_of_items, name) for name in ("owner", "stranger")]


@pytest.fixture
def owner(users: list[Caller]) -> UUID:
    return users[0].id


@pytest.fixture
def stranger(users: list[Caller]) -> UUID:
    return users[1].id


@pytest.fixture
def items_of(storage_of_items: Storage | None, users: list[Caller]) -> Mapping[UUID, Items]:
    """The port as each user has it."""
    if storage_of_items is None:
        return dict.fromkeys((user.id for user in users), FakeItems())
    return {user.id: storage_of_items.items(user) for user in users}


@pytest.fixture
def items(items_of: Mapping[UUID, Items], owner: UUID) -> Items:
    return items_of[owner]


@pytest.fixture
def add(items_of: Mapping[UUID, Items], owner: UUID) -> Add:
    async def add_one(
        name: str = "Lamp",
        *,
        owner_id: UUID = owner,
        status: ItemStatus = ItemStatus.DRAFT,
        attempt: Attempt | None = None,
        seconds: int = 0,
    ) -> Item:
        created = NOW + timedelta(seconds=seconds)
        return await items_of[owner_id].add_item(
            NewItem(uuid7(), owner_id, name, "It shines.", status, created), attempt
        )

    return add_one
