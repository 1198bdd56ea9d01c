from collections.abc import Mapping

import pytest
from httpx2 import AsyncClient

from app.layer import Storage
from tests.auth.sign import NewUser, bearer
from tests.items.calls import ITEMS, LAMP

Headers = Mapping[str, str]


@pytest.fixture
async def ann(storage: Storage, new_user: NewUser) -> Headers:
    """The headers of a user who may do everything with items."""
    return bearer((await new_user(storage, "ann")).token)


@pytest.fixture
async def ben(storage: Storage, new_user: NewUser) -> Headers:
    """The headers of another one."""
    return bearer((await new_user(storage, "ben")).token)


@pytest.fixture
async def reader(storage: Storage, new_user: NewUser) -> Headers:
    """The headers of a user who may only read."""
    return bearer((await new_user(storage, "reader", "items:read")).token)


@pytest.fixture
async def client(client: AsyncClient, ann: Headers) -> AsyncClient:
    """A client of Ann, unless a request says otherwise."""
    client.headers.update(ann)
    return client


@pytest.fixture
async def lamp(client: AsyncClient) -> str:
    """The path of a lamp of Ann, in its first version."""
    made = await client.post(ITEMS, json=LAMP)
    return str(made.headers["Location"])
