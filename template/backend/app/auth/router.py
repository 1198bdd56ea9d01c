"""The route by which a client learns who it is."""

from fastapi import APIRouter

from app.auth.schemas import MeResponse
from app.contract import problems
from app.errors import UnauthorizedError
from app.wiring import CurrentUser

router = APIRouter(tags=["auth"], responses=problems(UnauthorizedError))


@router.get("/me")
async def read_me(user: CurrentUser) -> MeResponse:
    """Say who is signed in, and what they may do."""
    return MeResponse(id=user.id, email=user.email, scopes=sorted(user.scopes))
