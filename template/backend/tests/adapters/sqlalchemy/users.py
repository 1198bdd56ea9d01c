"""Who uses the service in tests, and how they sign in: as this layer has it."""

from collections.abc import Awaitable, Callable, Mapping

import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.accounts.passwords import recommended_passwords
from app.accounts.ports import Account
from app.accounts.service import utc_now
from app.adapters.sqlalchemy import storage as of_layer
from app.auth.tokens import Caller
from app.ids import uuid7
from app.layer import Storage
from app.settings import Settings
from tests.accounts.fakes import cheap_passwords
from tests.auth.sign import NewUser, token_of

PLENTY = 1_000_000
ANN = {"email": "ann@example.com", "password": "a password of Ann"}


@pytest.fixture
def of_tests() -> Mapping[str, object]:
    """What the settings of a test say that those of a project do not."""
    return {}


@pytest.fixture
def unlimited() -> Mapping[str, object]:
    """Settings by which nobody asks too often."""
    return dict.fromkeys(("register_limit", "sign_in_limit", "refresh_limit"), PLENTY)


@pytest.fixture
def new_user(settings: Settings) -> NewUser:
    """What makes a user, and gives them as the API sees them."""

    async def make(
        storage: Storage, name: str = "ann", scope: str = "items:read items:write"
    ) -> Caller:
        account = Account(uuid7(), f"{name}@example.com", "-", tuple(scope.split()), utc_now())
        await storage.accounts().add_account(account)
        token = token_of(settings, sub=str(account.id), email=account.email, scope=scope)
        return Caller(account.id, account.email, frozenset(account.scopes), token)

    return make


@pytest.fixture
def sign_in() -> Callable[[AsyncClient], Awaitable[str]]:
    """What makes a user on a running service, and gives their access token."""

    async def register_and_sign_in(client: AsyncClient) -> str:
        await client.post("/api/v1/accounts", json=ANN)
        session = await client.post("/api/v1/sessions", json=ANN)
        token: str = session.json()["access_token"]
        return token

    return register_and_sign_in


@pytest.fixture
def cheap_sign_in() -> Mapping[Callable[..., object], Callable[..., object]]:
    """What the application does without in tests, by what it has instead."""
    return {recommended_passwords: cheap_passwords}


@pytest.fixture
def sign_in_first_user(
    app: FastAPI,
    cheap_sign_in: Mapping[Callable[..., object], Callable[..., object]],
    client: AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, str], Awaitable[str]]:
    """What gives the access token of the user whom `uv run dev` makes."""
    app.dependency_overrides.update(cheap_sign_in)
    monkeypatch.setattr(of_layer, "recommended_passwords", cheap_passwords)

    async def begin_session(email: str, password: str) -> str:
        user = {"email": email, "password": password}
        token: str = (await client.post("/api/v1/sessions", json=user)).json()["access_token"]
        return token

    return begin_session


@pytest.fixture
def sign_in_to_dev() -> Callable[[str, str, Mapping[str, str]], str]:
    """The same for a command that runs: from the address of its API and what it printed."""

    def begin_session(api: str, _printed: str, user: Mapping[str, str]) -> str:
        token: str = httpx2.post(f"{api}/api/v1/sessions", json=user).json()["access_token"]
        return token

    return begin_session


@pytest.fixture
def open_routes() -> set[str]:
    """The routes that this layer adds and anybody may call."""
    paths = ("accounts", "sessions", "sessions/refresh", "sessions/end")
    return {f"POST /api/v1/{path}" for path in paths}


@pytest.fixture
def away() -> Mapping[str, str]:
    """The variables of a production server whose database is away."""
    return {
        "ENVIRONMENT": "production",
        "JWT_SECRET": "s" * 32,
        "DATABASE_URL": "postgresql://app:secret@127.0.0.1:1/shop",
    }
