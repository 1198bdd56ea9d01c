"""Shapes of who calls."""

from uuid import UUID

from pydantic import BaseModel


class MeResponse(BaseModel):
    """The signed-in user, as the token tells it."""

    id: UUID
    email: str
    scopes: list[str]
