from collections.abc import AsyncIterator

import pytest

from app.adapters.supabase.keys import ProjectKeys
from app.auth.tokens import Trust, Verifier
from tests.adapters.supabase.published import ISSUER, Clock, Published, publishing


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def published() -> AsyncIterator[Published]:
    async with publishing("first") as published:
        yield published


@pytest.fixture
def verifier(published: Published, clock: Clock) -> Verifier:
    trusted = ProjectKeys(None, published.address, clock)
    return Verifier(Trust(trusted, "authenticated", ISSUER))
