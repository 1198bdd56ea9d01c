from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.errors import ConflictError
from app.items.ports import Attempt, Item, ItemQuery, Items, ItemStatus
from tests.items.port import NOW, Add

ATTEMPT = Attempt("key", "what was sent")


async def test_an_item_is_given_back_as_it_was_stored(items: Items, add: Add, owner: UUID) -> None:
    added = await add("Lamp", status=ItemStatus.ACTIVE)

    assert added == Item(added.id, owner, "Lamp", "It shines.", ItemStatus.ACTIVE, 1, NOW, NOW)
    assert await items.find_item(owner, added.id) == added


async def test_an_unknown_item_is_none(items: Items, owner: UUID) -> None:
    nobody = uuid4()

    assert await items.find_item(owner, nobody) is None
    assert await items.change_item(owner, nobody, None, {"name": "Desk"}) is None
    assert await items.remove_item(owner, nobody, None) is False


async def test_another_owners_item_is_as_good_as_none(
    items_of: Mapping[UUID, Items], items: Items, add: Add, owner: UUID, stranger: UUID
) -> None:
    added = await add()

    for as_whom in (items_of[stranger], items):
        assert await as_whom.find_item(stranger, added.id) is None
        assert await as_whom.change_item(stranger, added.id, None, {"name": "Mine"}) is None
        assert await as_whom.remove_item(stranger, added.id, None) is False
        assert (await as_whom.list_items(stranger, ItemQuery())).total == 0
    assert await items.find_item(owner, added.id) == added


async def test_a_name_is_unique_for_its_owner_and_for_no_one_else(add: Add, stranger: UUID) -> None:
    await add("Lamp")

    with pytest.raises(ConflictError) as conflict:
        await add("Lamp")
    assert conflict.value.field == "body.name"
    assert (await add("Lamp", owner_id=stranger)).name == "Lamp"
    assert (await add("lamp")).name == "lamp"


async def test_a_retry_of_an_attempt_gives_the_first_item_as_it_is_now(
    items: Items, add: Add, owner: UUID
) -> None:
    first = await add("Lamp", attempt=ATTEMPT)
    changed = await items.change_item(owner, first.id, None, {"status": ItemStatus.ACTIVE})

    assert await add("Lamp", attempt=ATTEMPT) == changed
    assert await add("Desk", attempt=ATTEMPT) == changed
    assert [item.name for item in (await items.list_items(owner, ItemQuery())).items] == ["Lamp"]


async def test_a_key_stands_for_one_request_of_one_owner(add: Add, stranger: UUID) -> None:
    first = await add("Lamp", attempt=ATTEMPT)

    with pytest.raises(ConflictError) as conflict:
        await add("Desk", attempt=Attempt(ATTEMPT.key, "something else"))
    assert conflict.value.field == "header.Idempotency-Key"
    assert (await add("Lamp", owner_id=stranger, attempt=ATTEMPT)).id != first.id


async def test_a_key_does_not_help_against_a_name_that_is_taken(add: Add) -> None:
    await add("Lamp")

    with pytest.raises(ConflictError) as conflict:
        await add("Lamp", attempt=ATTEMPT)
    assert conflict.value.field == "body.name"


async def test_a_change_raises_the_version_and_leaves_the_rest(
    items: Items, add: Add, owner: UUID
) -> None:
    added = await add()
    later = NOW + timedelta(days=1)

    changed = await items.change_item(
        owner, added.id, [1], {"status": ItemStatus.ARCHIVED, "updated_at": later}
    )

    assert changed == Item(
        added.id, owner, "Lamp", "It shines.", ItemStatus.ARCHIVED, 2, NOW, later
    )
    assert await items.find_item(owner, added.id) == changed


@pytest.mark.parametrize("versions", [[], [2], [2, 7]])
async def test_a_change_needs_one_of_the_versions(
    items: Items, add: Add, owner: UUID, versions: list[int]
) -> None:
    added = await add()

    assert await items.change_item(owner, added.id, versions, {"name": "Desk"}) is None
    assert await items.remove_item(owner, added.id, versions) is False
    assert await items.find_item(owner, added.id) == added


async def test_a_name_that_is_taken_cannot_be_taken_by_a_change(
    items: Items, add: Add, owner: UUID
) -> None:
    await add("Lamp")
    desk = await add("Desk")

    with pytest.raises(ConflictError) as conflict:
        await items.change_item(owner, desk.id, None, {"name": "Lamp"})
    assert conflict.value.field == "body.name"
    assert await items.find_item(owner, desk.id) == desk


async def test_a_removed_item_is_gone_with_its_key_and_its_name(
    items: Items, add: Add, owner: UUID
) -> None:
    added = await add("Lamp", attempt=ATTEMPT)

    assert await items.remove_item(owner, added.id, [3, 1]) is True
    assert await items.find_item(owner, added.id) is None
    assert (await add("Lamp", attempt=ATTEMPT)).id != added.id
