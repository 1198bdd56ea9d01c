import httpx
import pytest

from app.adapters.supabase.settings import LayerSettings
from app.adapters.supabase.storage import open_storage

SETTINGS = LayerSettings(
    supabase_url="https://shop.supabase.co", supabase_publishable_key="sb_publishable_x"
)


@pytest.mark.parametrize(("status", "answers"), [(200, True), (401, False), (503, False)])
async def test_the_project_is_asked_for_its_health_with_its_key(
    status: int, *, answers: bool
) -> None:
    def project(request: httpx.Request) -> httpx.Response:
        assert request.url == "https://shop.supabase.co/auth/v1/health"
        assert request.headers["apikey"] == "sb_publishable_x"
        return httpx.Response(status)

    async with open_storage(SETTINGS, httpx.MockTransport(project)) as storage:
        assert await storage.answers() is answers


async def test_a_project_that_cannot_be_reached_does_not_answer() -> None:
    def project(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to it", request=request)

    async with open_storage(SETTINGS, httpx.MockTransport(project)) as storage:
        assert await storage.answers() is False


async def test_where_no_project_is_named_none_is_missed() -> None:
    async with open_storage(LayerSettings()) as storage:
        assert await storage.answers() is True
