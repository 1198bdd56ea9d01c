from http import HTTPStatus

import pytest
from fastapi import APIRouter, HTTPException, Request
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.types import Message, Receive, Scope, Send
from structlog.typing import EventDict

from app.errors import AppError, ConflictError, NotFoundError, UnavailableError, UnexpectedErrors
from app.layer import Storage
from app.main import create_app
from app.settings import Settings

SECRET = "postgresql://user:secret@host"  # noqa: S105 - what must not leak


class OverloadedError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "overloaded"


ROUTES = APIRouter()
FAULTS: dict[str, Exception] = {
    "/missing": NotFoundError("There is no such thing."),
    "/taken": ConflictError("The name is taken.", field="body.name"),
    "/overloaded": OverloadedError("Try again later."),
    "/framework": HTTPException(401, "Who are you?", headers={"WWW-Authenticate": "Bearer"}),
    "/bug": RuntimeError(SECRET),
    "/away": UnavailableError("The database does not answer."),
}
FAULTS["/away"].__cause__ = ConnectionRefusedError()


async def fail(request: Request) -> None:
    raise FAULTS[request.url.path]


for path in FAULTS:
    ROUTES.add_api_route(path, fail)


@ROUTES.post("/numbers")
async def create_number(number: int, name: str) -> None: ...


@pytest.fixture
def more_routes() -> APIRouter:
    return ROUTES


def told(response: Response) -> tuple[int, str, str]:
    """Say which error a response tells of: status, code, detail."""
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == response.status_code
    return response.status_code, problem["code"], problem["detail"]


async def test_a_services_fault_has_its_status_and_code(client: AsyncClient) -> None:
    response = await client.get("/missing")

    assert told(response) == (404, "not_found", "There is no such thing.")
    assert response.json()["title"] == "Not Found"
    assert response.json()["errors"] == []


async def test_a_fault_names_the_field_it_is_about(client: AsyncClient) -> None:
    response = await client.get("/taken")

    assert told(response) == (409, "conflict", "The name is taken.")
    assert response.json()["errors"] == [{"field": "body.name", "detail": "The name is taken."}]


async def test_an_unknown_route_is_a_problem_too(client: AsyncClient) -> None:
    assert told(await client.get("/nowhere")) == (404, "http_404", "Not Found")


async def test_what_the_framework_refuses_keeps_its_headers(client: AsyncClient) -> None:
    response = await client.get("/framework")

    assert told(response) == (401, "http_401", "Who are you?")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_refused_input_names_every_field_and_repeats_no_value(client: AsyncClient) -> None:
    response = await client.post("/numbers", params={"number": SECRET})

    assert told(response)[:2] == (422, "invalid_input")
    assert [fault["field"] for fault in response.json()["errors"]] == ["query.number", "query.name"]
    assert "secret" not in response.text


async def test_a_bug_tells_the_caller_nothing_and_is_logged_once_with_its_trace(
    client: AsyncClient, logs: list[EventDict]
) -> None:
    response = await client.get("/bug")

    assert told(response) == (500, "internal", "Something failed here. It was logged.")
    assert "secret" not in response.text
    [event] = [event for event in logs if event["log_level"] == "error"]
    assert event["event"] == "request failed"
    assert str(event["exc_info"]) == SECRET
    assert event["request_id"] == response.headers["x-request-id"]


async def test_with_debug_on_a_bug_is_told_to_the_caller(storage: Storage) -> None:
    app = create_app(Settings(debug=True))
    app.state.storage = storage

    @app.get("/bug")
    async def fail() -> None:
        raise RuntimeError(SECRET)

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/bug")

    assert told(response) == (500, "internal", f"RuntimeError: {SECRET}")


async def test_a_fault_of_the_service_itself_is_logged_and_a_callers_is_not(
    client: AsyncClient, logs: list[EventDict]
) -> None:
    await client.get("/missing")
    assert told(await client.get("/overloaded")) == (503, "overloaded", "Try again later.")

    [event] = [event for event in logs if event["event"] == "request failed"]
    assert isinstance(event["exc_info"], OverloadedError)


async def test_what_passes_by_itself_says_when_to_try_again_and_is_logged_by_its_cause(
    client: AsyncClient, logs: list[EventDict]
) -> None:
    response = await client.get("/away")

    assert told(response) == (503, "unavailable", "The database does not answer.")
    assert response.headers["retry-after"] == "1"
    [event] = [event for event in logs if event["event"] == "request failed"]
    assert isinstance(event["exc_info"], ConnectionRefusedError)


async def test_an_answer_that_has_begun_is_cut_off_rather_than_mixed_with_another() -> None:
    sent: list[Message] = []

    async def break_off(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(SECRET)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError):
        await UnexpectedErrors(break_off)({"type": "http"}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]
