"""The application factory: settings go in, the API comes out."""

import tomllib
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from pydantic.json_schema import models_json_schema

from app.errors import MEDIA_TYPE, Problem, handle_errors
from app.health import router as health
from app.settings import Settings

# The resources of the API, each by its router: `api.include_router(items.router)`.
api = APIRouter(prefix="/api/v1")

SCHEMAS = "#/components/schemas/"
ANY_ERROR = {
    "description": "What went wrong.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS + Problem.__name__}}},
}


class Service(FastAPI):
    """FastAPI, with the shape of its errors in the contract."""

    # The document is JSON of any shape, and typed as FastAPI types it.
    def openapi(self) -> dict[str, Any]:
        """Add what `ANY_ERROR` points to: FastAPI knows only the models of its routes."""
        document = super().openapi()
        _, problem = models_json_schema(
            [(Problem, "serialization")], ref_template=SCHEMAS + "{model}"
        )
        document["components"]["schemas"].update(problem["$defs"])
        return document


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application, from the environment unless settings are given."""
    settings = settings or Settings()
    about = tomllib.loads(Path(__file__).with_name("about.toml").read_text(encoding="utf-8"))
    app = Service(
        title=about["title"],
        description=about["description"],
        version=about["version"],
        openapi_url="/openapi.json" if settings.serve_docs else None,
        responses={"default": ANY_ERROR},
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    handle_errors(app)
    app.include_router(health.router)
    app.include_router(api)
    return app
