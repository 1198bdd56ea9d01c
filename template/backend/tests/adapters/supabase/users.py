"""Who uses the service in tests, and how they sign in: as this layer has it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import asyncpg  # type: ignore[import-untyped] # it ships no types
import httpx2
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import SecretStr

from app.adapters.supabase.local import LocalProject
from app.auth.tokens import Caller, Verifier
from app.ids import uuid7
from app.layer import Storage
from app.settings import Settings
from tests import NO_TLS
from tests.adapters.supabase import SECRET
from tests.auth.sign import NewUser, token_of

ISSUER = "https://project.example.com/auth/v1"
ANN = {"email": "ann@example.com", "password": "a password of Ann"}


@pytest.fixture
def of_tests() -> Mapping[str, object]:
    """What the settings of a test say that those of a project do not."""
    return {"jwt_secret": SecretStr(SECRET), "jwt_issuer": ISSUER}


@pytest.fixture
def unlimited() -> Mapping[str, object]:
    """Settings by which nobody asks too often: this layer has no limits."""
    return {}


@pytest.fixture
def new_user(settings: Settings, database: asyncpg.Connection) -> NewUser:
    """What makes a user, and gives them as the API sees them."""

    async def make(
        _storage: Storage, name: str = "ann", scope: str = "items:read items:write"
    ) -> Caller:
        user, email = uuid7(), f"{name}@example.com"
        await add_user(database, user, email)
        token = token_of(settings, sub=str(user), email=email, scope=scope)
        return Caller(user, email, frozenset(scope.split()), token)

    return make


async def add_user(database: asyncpg.Connection, user: UUID, email: str) -> None:
    """Add a user who never signed up, which takes a hash of a password."""
    await database.execute("insert into auth.users (id, email) values ($1, $2)", user, email)


def sign_up(project: LocalProject, path: str, user: Mapping[str, str]) -> str:
    """Give the access token that the project's own sign-in gives."""
    headers = {"apikey": project.publishable_key}
    answer = httpx2.post(f"{project.url}/auth/v1/{path}", headers=headers, json=user, verify=NO_TLS)
    token: str = answer.json()["access_token"]
    return token


@pytest.fixture
def sign_in(project: LocalProject) -> Callable[[AsyncClient], Awaitable[str]]:
    """What makes a user on a running service, and gives their access token."""

    async def sign_up_there(_client: AsyncClient) -> str:
        return sign_up(project, "signup", ANN)

    return sign_up_there


@pytest.fixture
def cheap_sign_in() -> Mapping[Callable[..., object], Callable[..., object]]:
    """What the application does without in tests, by what it has instead."""
    return {}


@pytest.fixture
def sign_in_first_user(
    app: FastAPI, project: LocalProject, settings: Settings
) -> Callable[[str, str], Awaitable[str]]:
    """What gives the access token of the user whom `uv run dev` makes."""
    own = settings.model_copy(update={"jwt_issuer": None})
    app.state.verifier = Verifier(own.trust())

    async def begin_session(email: str, password: str) -> str:
        user = {"email": email, "password": password}
        return sign_up(project, "token?grant_type=password", user)

    return begin_session


@pytest.fixture
def sign_in_to_dev() -> Callable[[str, str, Mapping[str, str]], str]:
    """The same for a command that runs: from the address of its API and what it printed."""

    def begin_session(_api: str, printed: str, user: Mapping[str, str]) -> str:
        found = re.search(r"POST (\S+), with the header apikey: (\S+)", printed)
        assert found
        answer = httpx2.post(found[1], headers={"apikey": found[2]}, json=user)
        token: str = answer.json()["access_token"]
        return token

    return begin_session


@pytest.fixture
def open_routes() -> set[str]:
    """The routes that this layer adds and anybody may call."""
    return set()


@pytest.fixture
def away() -> Mapping[str, str]:
    """The variables of a production server whose project is away."""
    return {
        "ENVIRONMENT": "production",
        "SUPABASE_URL": "http://127.0.0.1:1",
        "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_of_nothing",
    }
