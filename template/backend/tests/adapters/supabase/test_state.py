"""In which state a project is, as `uv run dev` and `/health/ready` find it."""

import httpx
import pytest

from app.adapters.supabase.client import open_project
from app.adapters.supabase.settings import LayerSettings
from app.adapters.supabase.state import State, state_of
from app.adapters.supabase.storage import Storage

SETTINGS = LayerSettings(
    supabase_url="https://shop.supabase.co", supabase_publishable_key="sb_publishable_x"
)
DENIED = {"code": "42501", "message": "permission denied for table items"}


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (401, DENIED, State.READY),
        (200, [], State.READY),
        (404, {"code": "PGRST205", "message": "Could not find the table"}, State.EMPTY),
        (401, {"message": "Invalid API key"}, State.KEY),
        (540, {"message": "Project paused"}, State.PAUSED),
        (503, {"code": "PGRST002"}, State.AWAY),
        (500, {"code": "XX000"}, State.AWAY),
        (404, "<html>", State.AWAY),
        (404, [], State.AWAY),
    ],
)
async def test_a_project_is_asked_for_a_row_that_nobody_may_have(
    status: int, body: object, state: State
) -> None:
    def project(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/rest/v1/items"
        assert "Authorization" not in request.headers
        if isinstance(body, str):
            return httpx.Response(status, text=body)
        return httpx.Response(status, json=body)

    async with open_project(SETTINGS, httpx.MockTransport(project)) as opened:
        assert await state_of(opened.probe) is state
        assert await Storage(opened).answers() is (state is State.READY)


async def test_a_project_that_cannot_be_reached_is_away() -> None:
    def project(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to it", request=request)

    async with open_project(SETTINGS, httpx.MockTransport(project)) as opened:
        assert await state_of(opened.probe) is State.AWAY


async def test_the_project_of_the_tests_is_ready(storage: Storage) -> None:
    assert await storage.answers()
