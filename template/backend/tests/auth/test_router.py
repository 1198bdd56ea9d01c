from typing import Annotated

import pytest
from fastapi import APIRouter, Security
from httpx2 import AsyncClient

from app.auth.tokens import Caller
from app.settings import Settings
from app.wiring import current_user
from tests.auth.sign import ANN, bearer, token_of

ROUTES = APIRouter()


@ROUTES.get("/scoped")
async def read_scoped(
    user: Annotated[Caller, Security(current_user, scopes=["items:read", "items:write"])],
) -> str:
    return user.email


@pytest.fixture
def more_routes() -> APIRouter:
    return ROUTES


async def test_who_is_signed_in_learns_who_they_are(
    client: AsyncClient, settings: Settings
) -> None:
    response = await client.get("/api/v1/me", headers=bearer(token_of(settings)))

    assert response.status_code == 200
    assert response.json() == {
        "id": str(ANN),
        "email": "ann@example.com",
        "scopes": ["items:read", "items:write"],
    }


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic eA=="}]
)
async def test_without_a_token_the_answer_says_how_to_sign_in(
    header: dict[str, str], client: AsyncClient
) -> None:
    response = await client.get("/api/v1/me", headers=header)

    assert (response.status_code, response.json()["code"]) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_token_that_is_not_valid_is_called_so(client: AsyncClient) -> None:
    response = await client.get("/api/v1/me", headers=bearer("made.up.token"))

    assert (response.status_code, response.json()["code"]) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_token_that_lacks_a_scope_is_told_which(
    client: AsyncClient, settings: Settings
) -> None:
    refused = await client.get("/scoped", headers=bearer(token_of(settings, scope="items:read")))
    served = await client.get("/scoped", headers=bearer(token_of(settings)))

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert refused.headers["www-authenticate"] == (
        'Bearer error="insufficient_scope", scope="items:read items:write"'
    )
    assert (served.status_code, served.json()) == (200, "ann@example.com")
