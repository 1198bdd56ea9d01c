"""What a page of another origin may do, where the settings name its origin."""

import pytest
from fastapi import APIRouter
from httpx2 import ASGITransport, AsyncClient

from app.contract import Part
from app.main import create_app
from app.settings import Settings

ORIGIN = "https://shop.example"
ROUTES = APIRouter()


@ROUTES.get("/bug")
async def fail() -> None:
    raise RuntimeError


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"cors_origins": (ORIGIN,)})


@pytest.fixture
def more_routes() -> APIRouter:
    return ROUTES


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/nowhere", 404)])
async def test_a_named_origin_may_read_answers_and_errors(
    path: str, status: int, client: AsyncClient
) -> None:
    response = await client.get(path, headers={"Origin": ORIGIN})

    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-expose-headers"] == (
        "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-ID"
    )
    assert "access-control-allow-credentials" not in response.headers


async def test_a_named_origin_may_read_that_there_was_a_bug(client: AsyncClient) -> None:
    response = await client.get("/bug", headers={"Origin": ORIGIN})

    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == ORIGIN


async def test_a_named_origin_may_send_what_the_api_needs(client: AsyncClient) -> None:
    response = await client.options(
        "/api/v1/items",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization, if-match, idempotency-key",
        },
    )

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["x-request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_named_origin_may_send_every_header_of_the_contract(
    client: AsyncClient, described: Part
) -> None:
    parameters = [
        parameter
        for path in described["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", [])
    ]
    named = sorted({one["name"] for one in parameters if one["in"] == "header"})
    response = await client.options(
        "/api/v1/items",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": ", ".join(["Authorization", *named]),
        },
    )

    assert response.status_code == 200, response.text


async def test_any_other_origin_may_not(client: AsyncClient) -> None:
    response = await client.get("/health/live", headers={"Origin": "https://evil.example"})

    assert "access-control-allow-origin" not in response.headers


async def test_unless_origins_are_named_none_may() -> None:
    app = create_app(Settings())

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/health/live", headers={"Origin": ORIGIN})

    assert not [name for name in response.headers if name.startswith("access-control")]
