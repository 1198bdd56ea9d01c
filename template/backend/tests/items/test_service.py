from uuid import UUID, uuid4

import pytest

from app.errors import ConflictError, NotFoundError, PreconditionFailedError
from app.items.ports import ItemQuery, ItemStatus
from app.items.schemas import ItemCreate, ItemUpdate
from app.items.service import ItemService
from tests.items.fakes import FakeItems

LAMP = ItemCreate(name="Lamp", description="It shines.")


@pytest.fixture
def items() -> FakeItems:
    return FakeItems()


@pytest.fixture
def anns(items: FakeItems) -> ItemService:
    return ItemService(items, uuid4())


@pytest.fixture
def bens(items: FakeItems) -> ItemService:
    return ItemService(items, uuid4())


async def make(service: ItemService, body: ItemCreate = LAMP) -> UUID:
    item, _ = await service.create_item(body)
    return item.id


async def test_a_new_item_is_its_makers_and_in_its_first_version(anns: ItemService) -> None:
    item, replayed = await anns.create_item(LAMP)

    assert (item.name, item.description, item.status) == ("Lamp", "It shines.", ItemStatus.DRAFT)
    assert (item.owner_id, item.version) == (anns.owner_id, 1)
    assert item.created_at == item.updated_at
    assert item.created_at.tzinfo
    assert not replayed


async def test_a_retry_gives_the_item_that_the_first_attempt_stored(anns: ItemService) -> None:
    first, _ = await anns.create_item(LAMP, "key")
    again, replayed = await anns.create_item(LAMP, "key")

    assert again == first
    assert replayed


async def test_a_key_is_for_one_body(anns: ItemService) -> None:
    await anns.create_item(LAMP, "key")

    with pytest.raises(ConflictError) as refused:
        await anns.create_item(ItemCreate(name="Desk"), "key")
    assert refused.value.field == "header.Idempotency-Key"


async def test_without_a_key_a_second_item_of_a_name_is_refused(anns: ItemService) -> None:
    await make(anns)

    with pytest.raises(ConflictError) as refused:
        await make(anns)
    assert refused.value.field == "body.name"


async def test_another_users_item_is_as_good_as_none(anns: ItemService, bens: ItemService) -> None:
    lamp = await make(anns)

    with pytest.raises(NotFoundError):
        await bens.read_item(lamp)
    with pytest.raises(NotFoundError):
        await bens.update_item(lamp, None, ItemUpdate(name="Mine"))
    with pytest.raises(NotFoundError):
        await bens.delete_item(lamp, None)
    assert (await bens.list_items(ItemQuery())).items == []
    assert (await anns.read_item(lamp)).name == "Lamp"


async def test_an_update_changes_what_was_sent_and_makes_a_version(anns: ItemService) -> None:
    old = await anns.read_item(await make(anns))

    new = await anns.update_item(old.id, {1}, ItemUpdate(status=ItemStatus.ACTIVE))

    assert (new.status, new.version) == (ItemStatus.ACTIVE, 2)
    assert (new.name, new.description, new.created_at) == (
        old.name,
        old.description,
        old.created_at,
    )
    assert new.updated_at > old.updated_at
    assert await anns.read_item(old.id) == new


@pytest.mark.parametrize("versions", [{2}, {1, 2}, None])
async def test_any_version_that_the_client_names_may_be_written_over(
    anns: ItemService, versions: set[int] | None
) -> None:
    lamp = await make(anns)
    await anns.update_item(lamp, {1}, ItemUpdate(name="Torch"))

    item = await anns.update_item(lamp, versions, ItemUpdate(name="Candle"))

    assert (item.name, item.version) == ("Candle", 3)


@pytest.mark.parametrize("versions", [{1}, {3}, set()])
async def test_an_item_that_has_changed_is_not_written_over(
    anns: ItemService, versions: set[int]
) -> None:
    lamp = await make(anns)
    await anns.update_item(lamp, {1}, ItemUpdate(name="Torch"))

    with pytest.raises(PreconditionFailedError):
        await anns.update_item(lamp, versions, ItemUpdate(name="Candle"))
    with pytest.raises(PreconditionFailedError):
        await anns.delete_item(lamp, versions)
    assert (await anns.read_item(lamp)).name == "Torch"


async def test_a_deleted_item_is_gone_and_its_name_and_key_are_free(anns: ItemService) -> None:
    first, _ = await anns.create_item(LAMP, "key")

    await anns.delete_item(first.id, {1})

    with pytest.raises(NotFoundError):
        await anns.delete_item(first.id, {1})
    second, replayed = await anns.create_item(LAMP, "key")
    assert second.id != first.id
    assert not replayed
