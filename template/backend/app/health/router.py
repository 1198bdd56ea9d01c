"""Routes for whoever watches over the process. They carry no version: a probe never changes."""

from fastapi import APIRouter

from app.health.schemas import HealthResponse

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def check_liveness() -> HealthResponse:
    """Answer as long as the process runs. It asks nothing of the database."""
    return HealthResponse(status="ok")
