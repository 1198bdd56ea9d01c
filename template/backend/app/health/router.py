"""Routes for whoever watches over the process. They carry no version: a probe never changes."""

import asyncio

from fastapi import FastAPI

from app.contract import problems
from app.errors import UnavailableError
from app.health.schemas import HealthResponse
from app.wiring import StorageDep

PATIENCE = 2.0  # seconds for the storage: a probe that waits longer is no probe


def add_health_routes(app: FastAPI) -> None:
    """Add them to the application itself: an included router would match each request twice."""
    away = problems(UnavailableError)
    app.add_api_route("/health/live", check_liveness, tags=["health"])
    app.add_api_route("/health/ready", check_readiness, tags=["health"], responses=away)


async def check_liveness() -> HealthResponse:
    """Answer as long as the process runs. It asks nothing of the database."""
    return HealthResponse(status="ok")


async def check_readiness(storage: StorageDep) -> HealthResponse:
    """Answer where requests can be served: the database answers too. If not, 503 until it does."""
    try:
        async with asyncio.timeout(PATIENCE):
            answers = await storage.answers()
    except TimeoutError:
        answers = False
    if not answers:
        raise UnavailableError("The database does not answer.")
    return HealthResponse(status="ok")
