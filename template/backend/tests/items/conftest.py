from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from httpx2 import AsyncClient

from app.accounts.ports import Account
from app.ids import uuid7
from app.layer import Storage
from app.settings import Settings
from tests.auth.sign import bearer, token_of
from tests.items.calls import ITEMS, LAMP

Headers = Mapping[str, str]


async def sign_in(storage: Storage, settings: Settings, email: str, scope: str) -> Headers:
    account = Account(uuid7(), email, "-", tuple(scope.split()), datetime.now(UTC))
    await storage.accounts().add_account(account)
    return bearer(token_of(settings, sub=str(account.id), email=email, scope=scope))


@pytest.fixture
async def ann(storage: Storage, settings: Settings) -> Headers:
    """The headers of a user who may do everything with items."""
    return await sign_in(storage, settings, "ann@example.com", "items:read items:write")


@pytest.fixture
async def ben(storage: Storage, settings: Settings) -> Headers:
    """The headers of another one."""
    return await sign_in(storage, settings, "ben@example.com", "items:read items:write")


@pytest.fixture
async def reader(storage: Storage, settings: Settings) -> Headers:
    """The headers of a user who may only read."""
    return await sign_in(storage, settings, "reader@example.com", "items:read")


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
