from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, Request, Response
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from structlog.typing import EventDict

from app.main import create_app
from app.middleware import Requests
from app.settings import Settings

LIMIT = 100


ROUTES = APIRouter()


@ROUTES.post("/echo")
async def echo(request: Request) -> int:
    return len(await request.body())


@ROUTES.post("/shape")
async def shape(body: dict[str, str]) -> int:
    return len(body)


@ROUTES.get("/page")
async def show() -> Response:
    return Response(headers={"Content-Security-Policy": "default-src 'self'"})


@ROUTES.get("/bug")
async def fail() -> None:
    raise RuntimeError


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"body_limit": LIMIT})


@pytest.fixture
def more_routes() -> APIRouter:
    return ROUTES


def lines(logs: list[EventDict]) -> list[EventDict]:
    """Give the access lines."""
    return [event for event in logs if event["event"] == "request"]


async def test_each_request_has_an_id_in_its_answer_and_its_line(
    client: AsyncClient, logs: list[EventDict]
) -> None:
    first, second = await client.get("/nowhere"), await client.get("/nowhere")

    ids = [response.headers["x-request-id"] for response in (first, second)]
    assert len(set(ids)) == 2
    assert [event["request_id"] for event in lines(logs)] == ids


async def test_a_harmless_id_of_the_caller_is_kept(client: AsyncClient) -> None:
    response = await client.get("/nowhere", headers={"X-Request-ID": "Order-7_a.b"})

    assert response.headers["x-request-id"] == "Order-7_a.b"


@pytest.mark.parametrize("harmful", ["", "a b", "a\tb", "<script>", "é", "x" * 65, "a,b"])
async def test_any_other_id_is_replaced(harmful: str, client: AsyncClient) -> None:
    response = await client.get("/nowhere", headers={b"X-Request-ID": harmful.encode()})

    assert len(response.headers["x-request-id"]) == 32


async def test_the_line_says_what_was_asked_and_how_it_ended_but_no_secret(
    client: AsyncClient, logs: list[EventDict]
) -> None:
    await client.get("/nowhere?token=secret", headers={"Authorization": "Bearer secret"})

    [line] = lines(logs)
    assert line.pop("ms") >= 0
    assert line.pop("request_id")
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/nowhere",
        "status": 404,
    }


async def test_probes_have_a_line_only_in_detail(
    client: AsyncClient, logs: list[EventDict]
) -> None:
    await client.get("/health/live")

    assert [line["log_level"] for line in lines(logs)] == ["debug"]


@pytest.mark.parametrize("path", ["/api/v1/items", "/nowhere", "/bug", "/openapi.json"])
async def test_every_answer_has_the_security_headers(path: str, client: AsyncClient) -> None:
    headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_the_documentation_may_load_its_scripts(path: str, client: AsyncClient) -> None:
    response = await client.get(path)

    assert response.status_code == 200
    assert "content-security-policy" not in response.headers


async def test_a_page_with_a_policy_of_its_own_keeps_to_that(client: AsyncClient) -> None:
    response = await client.get("/page")

    assert response.headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["x-frame-options"] == "DENY"


async def test_in_production_browsers_are_told_to_stay_with_https() -> None:
    app = create_app(Settings(environment="production", jwt_secret=SecretStr("s" * 32)))

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/health/live")

    assert response.headers["strict-transport-security"] == "max-age=63072000"


@pytest.mark.parametrize("path", ["/echo", "/shape"])
async def test_a_body_that_says_it_is_too_long_is_refused(path: str, client: AsyncClient) -> None:
    response = await client.post(path, content=b"x" * (LIMIT + 1))

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "http_413"
    assert response.json()["detail"] == f"The body is longer than {LIMIT} bytes."
    assert response.headers["x-request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_body_of_no_said_length_is_refused_once_it_is_too_long(
    client: AsyncClient,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b"x" * 60

    response = await client.post("/echo", content=endless())

    assert response.status_code == 413
    assert sent < 1000


async def test_a_body_of_the_greatest_length_is_taken(client: AsyncClient) -> None:
    response = await client.post("/echo", content=b"x" * LIMIT)

    assert response.json() == LIMIT


async def test_a_length_that_is_no_number_is_not_believed(client: AsyncClient) -> None:
    response = await client.post("/echo", content=b"x", headers={"Content-Length": "many"})

    assert response.json() == 1


async def test_a_bug_has_its_id_too(client: AsyncClient, logs: list[EventDict]) -> None:
    response = await client.get("/bug")

    assert response.status_code == 500
    assert [line["status"] for line in lines(logs)] == [500]
    assert {event["request_id"] for event in logs} == {response.headers["x-request-id"]}


async def test_what_is_no_request_passes_as_it_is() -> None:
    passed: list[object] = []

    async def inner(*call: object) -> None:
        passed.extend(call)

    async def receive() -> dict[str, object]:
        return {}

    async def send(_message: object) -> None: ...

    await Requests(inner, LIMIT, https=False)({"type": "lifespan"}, receive, send)

    assert passed == [{"type": "lifespan"}, receive, send]
