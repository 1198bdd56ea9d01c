from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.settings import Settings
from tests.auth.sign import bearer, token_of
from tests.items.calls import ITEMS, LAMP, refused


async def test_a_new_item_is_shown_and_found_where_it_is_said_to_be(client: AsyncClient) -> None:
    made = await client.post(ITEMS, json=LAMP)
    found = await client.get(made.headers["Location"])

    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert "Idempotency-Replayed" not in made.headers
    assert made.json().items() >= {**LAMP, "version": 1}.items()
    assert made.headers["Location"] == f"{ITEMS}/{made.json()['id']}"
    assert UUID(made.json()["id"]).version == 7
    assert "owner_id" not in made.json()
    assert found.json() == made.json()


async def test_a_name_is_enough(client: AsyncClient) -> None:
    made = await client.post(ITEMS, json={"name": "Lamp"})

    assert made.json().items() >= {"description": "", "status": "draft"}.items()


async def test_what_is_no_item_is_refused_by_field(client: AsyncClient) -> None:
    wrong: list[tuple[object, str]] = [
        ([], "body"),
        ({}, "body.name"),
        ({"name": None}, "body.name"),
        ({"name": ""}, "body.name"),
        ({"name": " Lamp"}, "body.name"),
        ({"name": "La\0mp"}, "body.name"),
        ({"name": "L" * 101}, "body.name"),
        ({**LAMP, "description": "\x1b[2J"}, "body.description"),
        ({**LAMP, "description": "d" * 2001}, "body.description"),
        ({**LAMP, "status": "lost"}, "body.status"),
        ({**LAMP, "owner_id": "me"}, "body.owner_id"),
    ]
    for body, field in wrong:
        answer = await client.post(ITEMS, json=body)
        assert refused(answer) == (422, "invalid_input", [field]), body


async def test_a_second_item_of_a_name_is_a_conflict(client: AsyncClient) -> None:
    await client.post(ITEMS, json=LAMP)

    assert refused(await client.post(ITEMS, json=LAMP)) == (409, "conflict", ["body.name"])


async def test_a_retry_gives_the_same_item_and_says_so(client: AsyncClient) -> None:
    key = {"Idempotency-Key": "attempt-1"}
    first = await client.post(ITEMS, json=LAMP, headers=key)
    again = await client.post(ITEMS, json=dict(reversed(LAMP.items())), headers=key)

    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await client.get(ITEMS)).json()["total"] == 1


async def test_a_key_for_another_body_is_a_conflict(client: AsyncClient) -> None:
    key = {"Idempotency-Key": "attempt-1"}
    await client.post(ITEMS, json=LAMP, headers=key)

    answer = await client.post(ITEMS, json={**LAMP, "name": "Desk"}, headers=key)

    assert refused(answer) == (409, "conflict", ["header.Idempotency-Key"])


async def test_a_key_that_is_none_is_refused(client: AsyncClient) -> None:
    for key in (b"", b"a b", b"k" * 201, b"\xff"):
        answer = await client.post(ITEMS, json=LAMP, headers=[(b"Idempotency-Key", key)])
        assert refused(answer) == (422, "invalid_input", ["header.Idempotency-Key"]), key


async def test_a_token_that_outlives_its_account_makes_nothing(
    client: AsyncClient, settings: Settings
) -> None:
    answer = await client.post(ITEMS, json=LAMP, headers=bearer(token_of(settings)))

    assert refused(answer) == (401, "unauthorized", [])


async def test_behind_a_proxy_the_location_has_its_prefix_and_names_no_host(
    app: FastAPI, ann: Mapping[str, str]
) -> None:
    transport = ASGITransport(app, root_path="/shop")
    async with AsyncClient(transport=transport, base_url="http://evil.example") as client:
        made = await client.post(f"/shop{ITEMS}", json=LAMP, headers=ann)

    location = urlsplit(made.headers["Location"])
    assert (location.netloc, location.path) == ("", f"/shop{ITEMS}/{made.json()['id']}")
