from collections.abc import Mapping

from httpx2 import AsyncClient

from tests.items.calls import ITEMS, LAMP, NOWHERE, refused

Headers = Mapping[str, str]


async def test_an_item_carries_its_version(client: AsyncClient, lamp: str) -> None:
    found = await client.get(lamp)

    assert (found.status_code, found.headers["ETag"]) == (200, '"1"')


async def test_an_item_that_the_client_has_is_not_sent_again(
    client: AsyncClient, lamp: str
) -> None:
    for known in ('"1"', 'W/"1"', '"0", "1"', "*"):
        found = await client.get(lamp, headers={"If-None-Match": known})

        assert (found.status_code, found.content) == (304, b""), known
        assert found.headers["ETag"] == '"1"'


async def test_an_item_that_has_changed_is_sent(client: AsyncClient, lamp: str) -> None:
    await client.patch(lamp, json={"name": "Torch"}, headers={"If-Match": '"1"'})

    found = await client.get(lamp, headers={"If-None-Match": '"1"'})

    assert (found.status_code, found.json()["name"]) == (200, "Torch")


async def test_a_condition_that_is_none_is_refused(client: AsyncClient) -> None:
    for tag in ("1", '"1', "", 'w/"1"', '"1" "2"', '"1",x', '*, "1"'):
        answer = await client.get(NOWHERE, headers={"If-None-Match": tag})
        assert refused(answer) == (422, "invalid_input", ["header.If-None-Match"]), tag


async def test_an_item_that_is_not_there_is_not_found(client: AsyncClient) -> None:
    assert refused(await client.get(NOWHERE)) == (404, "not_found", [])


async def test_an_id_that_is_none_is_refused(client: AsyncClient) -> None:
    answer = await client.get(f"{ITEMS}/1")

    assert refused(answer) == (422, "invalid_input", ["path.item_id"])


async def test_who_may_only_read_cannot_write(client: AsyncClient, reader: Headers) -> None:
    listed = await client.get(ITEMS, headers=reader)
    answer = await client.post(ITEMS, json=LAMP, headers=reader)

    assert listed.status_code == 200
    assert refused(answer) == (403, "forbidden", [])
    assert 'scope="items:write"' in answer.headers["WWW-Authenticate"]


async def test_who_is_not_signed_in_is_told_to(client: AsyncClient, lamp: str) -> None:
    del client.headers["Authorization"]

    for answer in (await client.get(ITEMS), await client.get(lamp)):
        assert refused(answer) == (401, "unauthorized", [])
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_another_users_item_is_as_good_as_none(
    client: AsyncClient, lamp: str, ben: Headers
) -> None:
    bens = {**ben, "If-Match": "*"}
    found = await client.get(lamp, headers=bens)
    changed = await client.patch(lamp, json={"name": "Mine"}, headers=bens)
    deleted = await client.delete(lamp, headers=bens)

    assert {answer.status_code for answer in (found, changed, deleted)} == {404}
    assert (await client.get(ITEMS, headers=bens)).json()["total"] == 0
    assert (await client.post(ITEMS, json=LAMP, headers=bens)).status_code == 201
    assert (await client.get(lamp)).json()["version"] == 1
