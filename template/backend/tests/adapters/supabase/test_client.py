"""What becomes of an answer that is none, or one that says no."""

import asyncio

import httpx
import pytest
from postgrest import APIError

from app.adapters.supabase.client import Project, constraint_of, open_project, translated
from app.adapters.supabase.settings import LayerSettings
from app.auth.tokens import Caller
from app.errors import (
    AppError,
    ConflictError,
    ForbiddenError,
    UnauthorizedError,
    UnavailableError,
)
from app.ids import uuid7

SETTINGS = LayerSettings(
    supabase_url="https://shop.supabase.co", supabase_publishable_key="sb_publishable_x"
)
ANN = Caller(uuid7(), "ann@example.com", frozenset(), "the.token.of-ann")
TAKEN = {"uq_notes_title": lambda: ConflictError("It is taken.")}


async def ask(answer: httpx.Response | Exception) -> None:
    """Ask a project that answers so."""

    def project(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        assert request.url.host == "shop.supabase.co"
        assert request.headers["apikey"] == "sb_publishable_x"
        assert request.headers["Authorization"] == "Bearer the.token.of-ann"
        return answer

    async with open_project(SETTINGS, httpx.MockTransport(project)) as opened:
        with translated(TAKEN):
            await opened.acting_as(ANN).from_("notes").select("id").execute()


def said(status: int, code: str, message: str = "") -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": message})


async def test_an_answer_is_an_answer() -> None:
    await ask(httpx.Response(200, json=[]))


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (httpx.ConnectError("no route"), UnavailableError),
        (httpx.ReadTimeout("too slow"), UnavailableError),
        (httpx.PoolTimeout("too many"), UnavailableError),
        (httpx.RemoteProtocolError("cut off"), UnavailableError),
        *((httpx.Response(status, text="<html>"), UnavailableError) for status in (429, 502, 503)),
        *((httpx.Response(status, text="<html>"), UnavailableError) for status in (504, 522, 540)),
        (said(500, "57014", "canceling statement due to statement timeout"), UnavailableError),
        (said(500, "40P01", "deadlock detected"), UnavailableError),
        (said(400, "PGRST003", "Timed out acquiring connection"), UnavailableError),
        (said(401, "PGRST301", "No suitable key"), UnauthorizedError),
        (said(401, "PGRST303", "JWT expired"), UnauthorizedError),
        (said(403, "42501", "new row violates row-level security policy"), ForbiddenError),
        (said(409, "23505", 'duplicate key violates "uq_notes_title"'), ConflictError),
    ],
)
async def test_a_refusal_and_a_failure_mean_something(
    answer: httpx.Response | Exception, meaning: type[AppError]
) -> None:
    with pytest.raises(meaning) as error:
        await ask(answer)

    assert error.value.__cause__


@pytest.mark.parametrize(
    "answer",
    [
        said(409, "23505", 'duplicate key violates "uq_another"'),
        said(404, "PGRST205", "Could not find the table"),
        said(500, "XX000", "internal error"),
        httpx.Response(401, json={"message": "Invalid API key"}),
        httpx.Response(500, text="<html>"),
    ],
)
async def test_what_nobody_foresaw_is_a_fault_of_this_code(answer: httpx.Response) -> None:
    with pytest.raises(APIError):
        await ask(answer)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ('duplicate key value violates unique constraint "uq_notes_title"', "uq_notes_title"),
        ('insert on table "notes" violates foreign key constraint "fk_notes"', "fk_notes"),
        ("uq_notes_title", "uq_notes_title"),
        (None, ""),
    ],
)
def test_the_constraint_is_read_from_the_message(message: str | None, name: str) -> None:
    assert constraint_of(APIError({"code": "23505", "message": message})) == name


async def test_who_waits_too_long_for_a_place_is_told_to_try_again() -> None:
    begun, enough = asyncio.Event(), asyncio.Event()

    async def project(_request: httpx.Request) -> httpx.Response:
        begun.set()
        await enough.wait()
        return httpx.Response(200, json=[])

    async def list_notes(opened: Project) -> None:
        with translated():
            await opened.acting_as(ANN).from_("notes").select("id").execute()

    one = SETTINGS.model_copy(update={"supabase_connections": 1, "supabase_timeout": 0.05})
    async with open_project(one, httpx.MockTransport(project)) as opened:
        first = asyncio.create_task(list_notes(opened))
        await begun.wait()

        with pytest.raises(UnavailableError):
            await list_notes(opened)

        enough.set()
        await first
        await list_notes(opened)
