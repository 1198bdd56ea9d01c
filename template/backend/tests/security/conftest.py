from collections.abc import Callable, Mapping

import pytest
from fastapi import FastAPI

from app.contract import Part
from app.layer import Storage
from app.settings import Settings
from tests.auth.sign import NewUser, bearer
from tests.security.routes import Operation, operations_of


@pytest.fixture
def settings(settings: Settings, unlimited: Mapping[str, object]) -> Settings:
    """Limits are no matter here, but for that of a body."""
    mine = {"body_limit": 100_000, "cors_origins": ("https://app.example.com",)}
    return settings.model_copy(update={**unlimited, **mine})


@pytest.fixture
def app(
    app: FastAPI, cheap_sign_in: Mapping[Callable[..., object], Callable[..., object]]
) -> FastAPI:
    """The application, in which signing in costs nothing."""
    app.dependency_overrides.update(cheap_sign_in)
    return app


@pytest.fixture(scope="session")
def every_operation(described: Part) -> list[Operation]:
    """Every route."""
    return operations_of(described)


@pytest.fixture(scope="session")
def operations(every_operation: list[Operation]) -> list[Operation]:
    """Every route whose answer ends: a client without a network waits for that."""
    return [operation for operation in every_operation if operation.ends]


@pytest.fixture
async def ann(storage: Storage, new_user: NewUser) -> Mapping[str, str]:
    """A user who has something to lose."""
    return bearer((await new_user(storage, "ann")).token)


@pytest.fixture
async def mallory(storage: Storage, new_user: NewUser) -> Mapping[str, str]:
    """Another user, who means no good."""
    return bearer((await new_user(storage, "mallory")).token)
