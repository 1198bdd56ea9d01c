from collections.abc import Mapping

import pytest
from fastapi import FastAPI

from app.accounts.passwords import recommended_passwords
from app.accounts.ports import Account
from app.accounts.service import SCOPES, utc_now
from app.ids import uuid7
from app.layer import Storage
from app.main import create_app
from app.settings import Settings
from tests.accounts.fakes import cheap_passwords
from tests.auth.sign import bearer, token_of
from tests.security.routes import Operation, operations_of

ENOUGH = 10**6


@pytest.fixture
def settings() -> Settings:
    """Limits are no matter here, but for that of a body."""
    return Settings(
        register_limit=ENOUGH,
        sign_in_limit=ENOUGH,
        refresh_limit=ENOUGH,
        body_limit=100_000,
        cors_origins=("https://app.example.com",),
    )


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """The application, with passwords that cost nothing to hash."""
    app.dependency_overrides[recommended_passwords] = cheap_passwords
    return app


@pytest.fixture(scope="session")
def every_operation() -> list[Operation]:
    """Every route."""
    return operations_of(create_app(Settings.model_construct()))


@pytest.fixture(scope="session")
def operations(every_operation: list[Operation]) -> list[Operation]:
    """Every route whose answer ends: a client without a network waits for that."""
    return [operation for operation in every_operation if operation.ends]


async def sign_in(storage: Storage, settings: Settings, name: str) -> Mapping[str, str]:
    account = await storage.accounts().add_account(
        Account(uuid7(), f"{name}@example.com", "-", SCOPES, utc_now())
    )
    return bearer(token_of(settings, sub=str(account.id), email=account.email))


@pytest.fixture
async def ann(storage: Storage, settings: Settings) -> Mapping[str, str]:
    """A user who has something to lose."""
    return await sign_in(storage, settings, "ann")


@pytest.fixture
async def mallory(storage: Storage, settings: Settings) -> Mapping[str, str]:
    """Another user, who means no good."""
    return await sign_in(storage, settings, "mallory")
