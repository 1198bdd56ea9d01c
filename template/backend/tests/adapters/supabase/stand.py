"""The storage under test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from httpx2 import AsyncClient

from app.adapters.supabase.settings import LayerSettings
from app.adapters.supabase.storage import Storage, open_storage
from app.settings import Settings
from tests.auth.sign import token_of


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    async with open_storage(LayerSettings()) as storage:
        yield storage


@pytest.fixture
def shared_storage(storage: Storage) -> Storage:
    """The storage as it runs in production."""
    return storage


@pytest.fixture
def sign_in(settings: Settings) -> Callable[[AsyncClient], Awaitable[str]]:
    """What gives the access token of a user. Nothing asks yet whether there is one."""

    async def make_token(_client: AsyncClient) -> str:
        return token_of(settings)

    return make_token
