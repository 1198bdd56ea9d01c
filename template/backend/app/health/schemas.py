"""Shapes of the health routes."""

from typing import Literal

from pydantic import BaseModel


class HealthResponse(BaseModel):
    """That the process answers."""

    status: Literal["ok"]
