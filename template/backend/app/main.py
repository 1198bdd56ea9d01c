"""The application factory: settings go in, the API comes out."""

import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from app import layer
from app.auth.tokens import Verifier
from app.contract import ANY_ERROR, Api, refuse_method
from app.errors import handle_errors
from app.features import ROUTERS
from app.health.router import add_health_routes
from app.limits import Limits
from app.middleware import add_middleware
from app.settings import Settings
from app.telemetry import TELEMETRY

OpenStorage = Callable[[Settings], AbstractAsyncContextManager[layer.Storage]]


def create_app(
    settings: Settings | None = None, open_storage: OpenStorage = layer.open_storage
) -> FastAPI:
    """Make the application, from the environment unless settings are given."""
    settings = settings or Settings()
    about = tomllib.loads(Path(__file__).with_name("about.toml").read_text(encoding="utf-8"))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_storage(settings) as app.state.storage:
            yield

    app = Api(
        title=about["title"],
        description=about["description"],
        version=about["version"],
        openapi_url="/openapi.json" if settings.serve_docs else None,
        responses=ANY_ERROR,
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
        redirect_slashes=False,  # a redirect would go where the Host header says
        telemetry=TELEMETRY,
    )
    app.state.settings = settings
    app.state.limits = Limits()
    app.state.verifier = Verifier(settings.trust())
    handle_errors(app)
    app.add_exception_handler(405, refuse_method)
    add_middleware(app, settings)
    add_health_routes(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    return app
