import pytest
from httpx2 import AsyncClient

from tests.items.calls import ITEMS, NOWHERE, refused


async def test_what_was_sent_is_changed_and_the_rest_stays(client: AsyncClient, lamp: str) -> None:
    old = (await client.get(lamp)).json()

    changed = await client.patch(lamp, json={"status": "archived"}, headers={"If-Match": '"1"'})

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    new = changed.json()
    assert {key for key in new if new[key] != old[key]} == {"status", "version", "updated_at"}
    assert (await client.get(lamp)).json() == new


@pytest.mark.parametrize("expected", ['"1"', '"3", "1"', 'W/"3", "1"', "*"])
async def test_the_version_that_the_client_read_is_written_over(
    client: AsyncClient, lamp: str, expected: str
) -> None:
    changed = await client.patch(lamp, json={"name": "Torch"}, headers={"If-Match": expected})

    assert changed.status_code == 200


async def test_another_version_is_neither_written_over_nor_deleted(
    client: AsyncClient, lamp: str
) -> None:
    for expected in ('"2"', 'W/"1"', '"one"', '"99999999999999999999"'):
        match = {"If-Match": expected}
        changed = await client.patch(lamp, json={"name": "Torch"}, headers=match)
        deleted = await client.delete(lamp, headers=match)

        for answer in (changed, deleted):
            assert refused(answer) == (412, "precondition_failed", ["header.If-Match"]), expected
    assert (await client.get(lamp)).json()["version"] == 1


async def test_who_does_not_say_which_version_is_told_to(client: AsyncClient, lamp: str) -> None:
    for answer in (await client.patch(lamp, json={"name": "Torch"}), await client.delete(lamp)):
        assert refused(answer) == (428, "precondition_required", ["header.If-Match"])


async def test_a_condition_that_is_none_is_refused(client: AsyncClient, lamp: str) -> None:
    answer = await client.delete(lamp, headers={"If-Match": "1"})

    assert refused(answer) == (422, "invalid_input", ["header.If-Match"])


async def test_what_is_no_change_is_refused(client: AsyncClient) -> None:
    wrong: list[tuple[object, str]] = [
        ({}, "body"),
        ([], "body"),
        ({"name": None}, "body.name"),
        ({"description": None}, "body.description"),
        ({"status": None}, "body.status"),
        ({"version": 7}, "body.version"),
    ]
    for body, field in wrong:
        answer = await client.patch(NOWHERE, json=body, headers={"If-Match": '"1"'})
        assert refused(answer) == (422, "invalid_input", [field]), body


async def test_another_items_name_is_a_conflict(client: AsyncClient, lamp: str) -> None:
    desk = await client.post(ITEMS, json={"name": "Desk"})

    answer = await client.patch(
        desk.headers["Location"], json={"name": "Lamp"}, headers={"If-Match": "*"}
    )

    assert refused(answer) == (409, "conflict", ["body.name"])
    assert (await client.get(lamp)).json()["name"] == "Lamp"


async def test_its_own_name_is_no_conflict(client: AsyncClient, lamp: str) -> None:
    changed = await client.patch(lamp, json={"name": "Lamp"}, headers={"If-Match": '"1"'})

    assert (changed.status_code, changed.json()["version"]) == (200, 2)


async def test_a_deleted_item_is_gone(client: AsyncClient, lamp: str) -> None:
    gone = await client.delete(lamp, headers={"If-Match": '"1"'})

    assert (gone.status_code, gone.content) == (204, b"")
    assert refused(await client.get(lamp))[0] == 404
    assert (await client.get(ITEMS)).json()["total"] == 0


async def test_an_item_that_is_not_there_is_not_found(client: AsyncClient) -> None:
    match = {"If-Match": '"1"'}
    changed = await client.patch(NOWHERE, json={"name": "Torch"}, headers=match)
    deleted = await client.delete(NOWHERE, headers=match)

    assert refused(changed) == refused(deleted) == (404, "not_found", [])


async def test_an_item_names_all_its_methods(client: AsyncClient) -> None:
    answer = await client.put(NOWHERE, json={})

    assert refused(answer) == (405, "http_405", [])
    assert answer.headers["Allow"] == "DELETE, GET, PATCH"
