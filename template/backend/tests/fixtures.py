"""What every test may ask for, whatever stores the data."""

from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache

import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.auth.tokens import Verifier
from app.contract import Part
from app.layer import Storage
from app.limits import Limits
from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session", autouse=True)
def _no_environment() -> Iterator[None]:
    """Keep the machine's variables and a developer's `.env` out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.model_config, "env_file", None)
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        yield


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What the application logs in this test, none of which is printed."""
    with capture_logs(processors=[merge_contextvars]) as events:
        yield events


@cache
def defaults() -> Settings:
    """What holds where nothing is set: read once, since that takes as long as a test."""
    return Settings()


@pytest.fixture
def settings(of_tests: Mapping[str, object]) -> Settings:
    return defaults().model_copy(update=of_tests)


@pytest.fixture(scope="session")
def described() -> Part:
    """What the application says of itself in OpenAPI, which takes as long as many tests."""
    return create_app(Settings.model_construct()).openapi()


@pytest.fixture
def more_routes() -> APIRouter | None:
    """What a module's tests ask beside the routes of the application: nothing, unless it says."""
    return None


@pytest.fixture(scope="session")
def made() -> list[tuple[Settings, APIRouter | None, FastAPI]]:
    """The applications of this run, each with what it was made of."""
    return []


@pytest.fixture
def app(
    settings: Settings,
    more_routes: APIRouter | None,
    storage: Storage,
    made: list[tuple[Settings, APIRouter | None, FastAPI]],
) -> FastAPI:
    """The application on the storage of this test, with nothing that another test left in it.

    Tests of equal settings share one: its routes get ready when they are first asked, which takes
    longer than most tests.
    """
    same = (app for known, more, app in made if known == settings and more is more_routes)
    app = next(same, None)
    if app is None:
        app = create_app(settings)
        if more_routes:
            app.include_router(more_routes)
        made.append((settings.model_copy(), more_routes, app))
    app.state.settings, app.state.storage, app.state.limits = settings, storage, Limits()
    app.state.verifier = Verifier(settings.trust())
    app.dependency_overrides.clear()
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client that calls the application without a network."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
