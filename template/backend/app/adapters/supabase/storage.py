"""What the application opens: the ports of every feature, on one Supabase project."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

from app.adapters.supabase.client import Project, open_project
from app.adapters.supabase.items import SupabaseItems
from app.adapters.supabase.settings import SCOPES, LayerSettings
from app.adapters.supabase.state import State, state_of
from app.auth.tokens import Caller
from app.items.ports import Items


class Storage:
    """The ports of every feature, on one project."""

    def __init__(self, project: Project) -> None:
        """Take the project that all of them share."""
        self._project = project

    def items(self, caller: Caller) -> Items:
        """Give the items, as this caller has them."""
        return SupabaseItems(self._project.acting_as(caller))

    async def add_first_user(self, email: str, password: str) -> Caller | None:
        """Sign somebody up to begin with, unless the address has an account: then give None."""
        user = {"email": email, "password": password}
        answer = await self._project.client.post("/auth/v1/signup", json=user)
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            return None
        session = answer.raise_for_status().json()
        return Caller(UUID(session["user"]["id"]), email, SCOPES, session["access_token"])

    async def answers(self) -> bool:
        """Say whether the project answers now, and has the tables."""
        return await state_of(self._project.probe) is State.READY


@asynccontextmanager
async def open_storage(settings: LayerSettings) -> AsyncIterator[Storage]:
    """Open the connections that the requests of this process share, and close them at the end."""
    async with open_project(settings) as project:
        yield Storage(project)
