"""What the application opens: the ports of every feature, on one Supabase project."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import AsyncBaseTransport, AsyncClient, HTTPError

from app.adapters.supabase.settings import LayerSettings

TIMEOUT = 5.0  # seconds for the whole way to the project and back


class Storage:
    """The ports of every feature. There is none yet."""

    def __init__(self, project: AsyncClient | None) -> None:
        """Take the way to the project, if the settings name one."""
        self._project = project

    async def answers(self) -> bool:
        """Say whether the project answers now. Where none is named, nothing needs it."""
        if self._project is None:
            return True
        try:
            response = await self._project.get("/auth/v1/health")
        except HTTPError:
            return False
        return response.is_success


@asynccontextmanager
async def open_storage(
    settings: LayerSettings, transport: AsyncBaseTransport | None = None
) -> AsyncIterator[Storage]:
    """Open the connections that the requests of this process share, and close them at the end."""
    if settings.supabase_url is None:
        yield Storage(None)
        return
    async with AsyncClient(
        base_url=settings.supabase_url,
        headers={"apikey": settings.supabase_publishable_key or ""},
        timeout=TIMEOUT,
        transport=transport,
    ) as project:
        yield Storage(project)
