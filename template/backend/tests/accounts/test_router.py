import json
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from app.settings import Settings

ANN = {"email": "ann@example.com", "password": "correct horse battery"}


async def post(client: AsyncClient, path: str, body: object) -> Response:
    return await client.post(
        f"/api/v1/{path}",
        content=json.dumps(body),  # as ASCII, so that half a character gets there too
        headers={"Content-Type": "application/json"},
    )


async def sign_in(client: AsyncClient) -> Response:
    await post(client, "accounts", ANN)
    return await post(client, "sessions", ANN)


def refresh_token_of(response: Response) -> dict[str, str]:
    return {"refresh_token": response.json()["refresh_token"]}


async def test_an_account_is_opened_and_shows_no_secret(client: AsyncClient) -> None:
    response = await post(client, "accounts", ANN | {"email": "Ann@Example.com"})

    assert response.status_code == 201
    account = response.json()
    assert account.pop("id")
    opened_at = datetime.fromisoformat(account.pop("created_at"))
    assert abs((datetime.now(UTC) - opened_at).total_seconds()) < 5
    assert account == {"email": "ann@example.com", "scopes": ["items:read", "items:write"]}


async def test_an_address_in_capitals_is_the_same_address(client: AsyncClient) -> None:
    await post(client, "accounts", ANN)

    response = await post(client, "accounts", ANN | {"email": "ANN@EXAMPLE.COM"})

    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert [fault["field"] for fault in response.json()["errors"]] == ["body.email"]


async def test_who_signs_in_can_use_the_api(client: AsyncClient) -> None:
    response = await sign_in(client)

    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    session = response.json()
    assert (session["token_type"], session["expires_in"]) == ("bearer", 900)
    me = await client.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {session['access_token']}"}
    )
    assert (me.status_code, me.json()["email"]) == (200, "ann@example.com")


async def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(
    client: AsyncClient,
) -> None:
    await post(client, "accounts", ANN)

    wrong = await post(client, "sessions", ANN | {"password": "wrong"})
    unknown = await post(client, "sessions", ANN | {"email": "bob@example.com"})

    assert (wrong.status_code, wrong.json()["code"]) == (401, "unauthorized")
    assert wrong.json() == unknown.json()
    assert wrong.headers["www-authenticate"] == unknown.headers["www-authenticate"] == "Bearer"


async def test_a_refresh_gives_a_new_pair_once(client: AsyncClient) -> None:
    first = refresh_token_of(await sign_in(client))

    renewed = await post(client, "sessions/refresh", first)
    again = await post(client, "sessions/refresh", first)
    ended = await post(client, "sessions/refresh", refresh_token_of(renewed))

    assert renewed.status_code == 200
    assert renewed.headers["cache-control"] == "no-store"
    assert refresh_token_of(renewed) != first
    assert (again.status_code, ended.status_code) == (401, 401)


async def test_who_signed_out_cannot_refresh_and_may_sign_out_again(client: AsyncClient) -> None:
    token = refresh_token_of(await sign_in(client))

    ended = [await post(client, "sessions/end", token) for _ in range(2)]
    refused = await post(client, "sessions/refresh", token)

    assert [response.status_code for response in ended] == [204, 204]
    assert refused.status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("accounts", ANN | {"password": "a" * 14}, "body.password"),
        ("accounts", ANN | {"password": "a" * 129}, "body.password"),
        ("accounts", ANN | {"password": "half \ud800 a character"}, "body.password"),
        ("accounts", ANN | {"email": "ann"}, "body.email"),
        ("accounts", ANN | {"scopes": ["admin"]}, "body.scopes"),
        ("accounts", {"email": "ann@example.com"}, "body.password"),
        ("sessions", ANN | {"password": "a" * 129}, "body.password"),
        ("sessions", ANN | {"password": None}, "body.password"),
        ("sessions/refresh", {"refresh_token": "a" * 129}, "body.refresh_token"),
        ("sessions/end", {"refresh_token": "\ud800"}, "body.refresh_token"),
        ("sessions/end", {}, "body.refresh_token"),
    ],
)
async def test_what_is_refused_is_named_and_not_repeated(
    path: str, body: dict[str, str], field: str, client: AsyncClient
) -> None:
    response = await post(client, path, body)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_input")
    assert [fault["field"] for fault in response.json()["errors"]] == [field]
    assert "aaaa" not in response.text


@pytest.mark.parametrize("password", ["a" * 15, "päßwörter 東京 👩‍🚀", "a\x00b" * 5, " " * 15])
async def test_any_character_may_stand_in_a_password(password: str, client: AsyncClient) -> None:
    await post(client, "accounts", ANN | {"password": password})

    signed_in = await post(client, "sessions", ANN | {"password": password})
    cut_short = await post(client, "sessions", ANN | {"password": password[:-1]})

    assert (signed_in.status_code, cut_short.status_code) == (201, 401)


class TestLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        limits = {"register_limit": 2, "sign_in_limit": 3, "refresh_limit": 4}
        return settings.model_copy(update=limits)

    @pytest.mark.parametrize(
        ("path", "limit"),
        [("accounts", 2), ("sessions", 3), ("sessions/refresh", 4), ("sessions/end", 4)],
    )
    async def test_an_address_may_call_a_public_route_so_often(
        self, path: str, limit: int, client: AsyncClient
    ) -> None:
        for _ in range(limit):
            assert (await post(client, path, {})).status_code == 422

        response = await post(client, path, {})

        assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
        assert int(response.headers["retry-after"]) == 60 // limit

    async def test_many_addresses_may_not_guess_the_password_of_one_user(
        self, app: FastAPI
    ) -> None:
        statuses = []
        for host in range(5):
            transport = ASGITransport(app, client=(f"192.0.2.{host}", 1))
            async with AsyncClient(transport=transport, base_url="http://test") as client:
                response = await post(client, "sessions", ANN | {"password": "guess"})
                other = await post(client, "sessions", ANN | {"email": f"bob{host}@example.com"})
            statuses.append((response.status_code, other.status_code))

        assert statuses == [(401, 401)] * 3 + [(429, 401)] * 2

    async def test_the_limit_of_a_user_holds_in_capitals_too(self, app: FastAPI) -> None:
        app.state.settings.sign_in_limit = 1
        for host, (email, status) in enumerate([("ann@x.org", 401), ("ANN@x.org", 429)]):
            transport = ASGITransport(app, client=(f"192.0.2.{host}", 1))
            async with AsyncClient(transport=transport, base_url="http://test") as client:
                response = await post(client, "sessions", ANN | {"email": email})
            assert response.status_code == status
