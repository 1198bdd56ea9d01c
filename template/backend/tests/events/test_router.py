import time
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import cast

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.auth.tokens import LEEWAY, Verifier
from app.events.router import keep_hub
from app.events.sample import add_sample
from app.layer import Storage
from app.main import create_app
from app.settings import Settings
from tests import NO_TLS
from tests.auth.sign import NewUser, bearer, token_of
from tests.events.served import EVENTS, listening, served

ITEMS = "/api/v1/items"


@pytest.fixture(scope="session")
async def service(database_url: str) -> AsyncIterator[tuple[FastAPI, str]]:
    """The whole service, which a test gives its storage, and where it is."""
    app = create_app(
        Settings.model_construct(database_url=database_url),
        open_storage=lambda _: nullcontext(cast("Storage", None)),
    )
    async with served(app) as address:
        yield app, address


@pytest.fixture
async def user(
    service: tuple[FastAPI, str], shared_storage: Storage, settings: Settings, new_user: NewUser
) -> AsyncIterator[AsyncClient]:
    """A client of the service, signed in."""
    app, address = service
    app.state.storage, app.state.verifier = shared_storage, Verifier(settings.trust())
    headers = bearer((await new_user(shared_storage)).token)
    async with AsyncClient(base_url=address, headers=headers, timeout=10, verify=NO_TLS) as client:
        yield client


async def test_a_user_hears_what_changes(user: AsyncClient) -> None:
    async with listening(user) as stream:
        made = (await user.post(ITEMS, json={"name": "Lamp"})).json()
        path, version = f"{ITEMS}/{made['id']}", {"If-Match": "*"}
        changed = (await user.patch(path, json={"name": "Light"}, headers=version)).json()
        await user.delete(path, headers=version)
        heard = [await stream.hear() for _ in range(3)]

    assert [(one.fields["id"], one.fields["event"], one.item) for one in heard] == [
        ("1", "item.created", made),
        ("2", "item.updated", changed),
        ("3", "item.deleted", changed),
    ]
    assert stream.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert stream.response.headers["Cache-Control"] == "no-store"


async def test_who_comes_back_gets_what_was_missed(user: AsyncClient) -> None:
    for name in ("Lamp", "Desk", "Chair"):
        await user.post(ITEMS, json={"name": name})

    async with listening(user, "?last_event_id=1") as stream:
        assert (await stream.hear()).item["name"] == "Desk"
    async with listening(user, "?last_event_id=1", **{"Last-Event-ID": "2"}) as stream:
        assert (await stream.hear()).item["name"] == "Chair"


async def test_a_forged_number_shows_nothing_and_says_so(user: AsyncClient) -> None:
    await user.post(ITEMS, json={"name": "Lamp"})

    async with listening(user, f"?last_event_id={10**18 - 1}") as stream:
        assert (await stream.hear()).fields == {"id": "1", "event": "reload", "data": "{}"}


@pytest.mark.parametrize("number", ["-1", "1.5", "one", "9" * 19, "1;2"])
async def test_what_is_no_number_is_refused(
    client: AsyncClient, settings: Settings, number: str
) -> None:
    client.headers.update(bearer(token_of(settings)))
    header = await client.get(EVENTS, headers={"Last-Event-ID": number})
    query = await client.get(EVENTS, params={"last_event_id": number})

    assert [header.status_code, query.status_code] == [422, 422]
    assert header.json()["errors"][0]["field"] == "header.Last-Event-ID"
    assert query.json()["errors"][0]["field"] == "query.last_event_id"


async def test_a_token_may_be_in_the_address(user: AsyncClient) -> None:
    token = user.headers.pop("Authorization").removeprefix("Bearer ")

    async with listening(user, f"?access_token={token}"):
        pass


@pytest.mark.parametrize(
    ("place", "claims", "status"),
    [
        ("header", {"scope": "items:write"}, 403),
        ("address", {"scope": "items:write"}, 403),
        ("header", {"exp": 1}, 401),
        ("address", {"exp": 1}, 401),
        ("nowhere", {}, 401),
    ],
)
async def test_nobody_listens_without_a_token_that_allows_it(
    client: AsyncClient, settings: Settings, place: str, claims: dict[str, object], status: int
) -> None:
    token = token_of(settings, **claims)
    headers = bearer(token) if place == "header" else {}
    query = f"?access_token={token}" if place == "address" else ""

    assert (await client.get(EVENTS + query, headers=headers)).status_code == status


async def test_a_stream_is_open_for_as_long_as_its_token_is_valid(
    service: tuple[FastAPI, str], user: AsyncClient, settings: Settings
) -> None:
    app, _ = service
    expires = int(time.time()) + 100
    user.headers.update(bearer(token_of(settings, exp=expires)))

    async with listening(user):
        assert [stream.until for stream in app.state.hub.streams] == [expires + LEEWAY]


@pytest.mark.slow
async def test_a_stream_ends_when_its_token_does(user: AsyncClient, settings: Settings) -> None:
    user.headers.update(bearer(token_of(settings, exp=int(time.time()) - LEEWAY + 2)))

    async with listening(user) as stream:
        await stream.hear_end()
    assert (await user.get(EVENTS)).status_code == 401


@pytest.mark.parametrize(("environment", "status"), [("development", 200), ("production", 404)])
async def test_the_page_is_for_developers(
    settings: Settings, database_url: str, environment: str, status: int
) -> None:
    update = {"database_url": database_url, "environment": environment}
    app = create_app(settings.model_copy(update=update))
    transport = ASGITransport(app)
    async with keep_hub(app), AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get("/dev/events")

    assert page.status_code == status
    assert ("EventSource" in page.text) is (status == 200)


async def test_a_developer_is_told_where_the_page_is(storage: Storage, settings: Settings) -> None:
    assert await add_sample(storage, settings) == "Events:   http://127.0.0.1:8000/dev/events"
