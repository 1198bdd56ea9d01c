from typing import TypedDict

import pytest
from httpx2 import AsyncClient

from tests.items.calls import ITEMS, refused


class Page(TypedDict):
    items: list[dict[str, str]]
    total: int
    next_cursor: str | None


async def ask(client: AsyncClient, **query: str) -> Page:
    page: Page = (await client.get(ITEMS, params=query)).json()
    return page


def names(page: Page) -> list[str]:
    return [item["name"] for item in page["items"]]


@pytest.fixture
async def _three_items(client: AsyncClient) -> None:
    for name, status in [("Lamp", "active"), ("desk", "draft"), ("Desk lamp", "active")]:
        await client.post(ITEMS, json={"name": name, "status": status})


@pytest.mark.usefixtures("_three_items")
async def test_items_are_filtered_and_sorted(client: AsyncClient) -> None:
    asked: list[tuple[dict[str, str], list[str]]] = [
        ({}, ["Desk lamp", "desk", "Lamp"]),
        ({"sort": "created_at"}, ["Lamp", "desk", "Desk lamp"]),
        ({"sort": "name"}, ["Desk lamp", "Lamp", "desk"]),
        ({"sort": "-name"}, ["desk", "Lamp", "Desk lamp"]),
        ({"status": "active"}, ["Desk lamp", "Lamp"]),
        ({"q": "LAMP"}, ["Desk lamp", "Lamp"]),
        ({"q": "desk", "status": "draft"}, ["desk"]),
        ({"q": "%"}, []),
    ]
    for query, found in asked:
        page = await ask(client, **query)
        assert (names(page), page["total"], page["next_cursor"]) == (found, len(found), None)


@pytest.mark.usefixtures("_three_items")
async def test_what_changed_last_comes_first_if_asked(client: AsyncClient) -> None:
    oldest = (await ask(client, sort="created_at"))["items"][0]
    await client.patch(
        f"{ITEMS}/{oldest['id']}", json={"status": "draft"}, headers={"If-Match": "*"}
    )

    assert names(await ask(client, sort="-updated_at")) == ["Lamp", "Desk lamp", "desk"]


@pytest.mark.usefixtures("_three_items")
async def test_pages_give_every_item_once(client: AsyncClient) -> None:
    for sort in ("created_at", "-updated_at", "name", "-name"):
        whole = await ask(client, sort=sort)
        first = await ask(client, sort=sort, limit="2")
        last = await ask(client, sort=sort, limit="2", cursor=first["next_cursor"] or "")

        assert first["items"] + last["items"] == whole["items"], sort
        assert len(first["items"]) == 2
        assert first["total"] == last["total"] == 3
        assert last["next_cursor"] is None


async def test_what_cannot_be_asked_for_is_refused_by_field(client: AsyncClient) -> None:
    wrong = [
        ("limit=0", "query.limit"),
        ("limit=101", "query.limit"),
        ("limit=many", "query.limit"),
        ("sort=owner_id", "query.sort"),
        ("status=lost", "query.status"),
        ("status=", "query.status"),
        ("q=", "query.q"),
        ("q=%00", "query.q"),
        ("cursor=garbage", "query.cursor"),
        ("cursor=", "query.cursor"),
        ("stauts=draft", "query.stauts"),
    ]
    for query, field in wrong:
        answer = await client.get(f"{ITEMS}?{query}")
        assert refused(answer) == (422, "invalid_input", [field]), query


@pytest.mark.usefixtures("_three_items")
async def test_a_cursor_is_for_its_own_sort(client: AsyncClient) -> None:
    page = await ask(client, limit="1")

    answer = await client.get(
        ITEMS, params={"limit": "1", "sort": "created_at", "cursor": page["next_cursor"]}
    )

    assert refused(answer) == (422, "invalid_input", ["query.cursor"])
