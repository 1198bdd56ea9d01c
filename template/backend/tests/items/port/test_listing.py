from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import get_args
from uuid import UUID

from app.items.ports import Item, ItemQuery, Items, ItemStatus, SortKey
from tests.items.port import NOW, Add

SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)


async def names(items: Items, owner: UUID, query: ItemQuery) -> list[str]:
    page = await items.list_items(owner, query)
    return [item.name for item in page.items]


async def test_items_come_in_the_order_that_was_asked_for(
    items: Items, add: Add, owner: UUID
) -> None:
    first = await add("a", seconds=1)
    await add("B", seconds=2)
    await add("c", seconds=3)
    await items.change_item(owner, first.id, None, {"updated_at": NOW + timedelta(seconds=4)})

    for query, expected in (
        (ItemQuery(), ["c", "B", "a"]),
        (ItemQuery(descending=False), ["a", "B", "c"]),
        (ItemQuery(sort="updated_at"), ["a", "c", "B"]),
        (ItemQuery(sort="updated_at", descending=False), ["B", "c", "a"]),
        (ItemQuery(sort="name"), ["c", "a", "B"]),
        (ItemQuery(sort="name", descending=False), ["B", "a", "c"]),
    ):
        assert await names(items, owner, query) == expected, query


async def test_pages_lose_no_item_and_repeat_none(items: Items, add: Add, owner: UUID) -> None:
    for number in range(5):
        await add(f"Lamp {number}", seconds=number // 2)

    for sort, descending in product(SORT_KEYS, (True, False)):
        query = ItemQuery(sort=sort, descending=descending)
        everything = await items.list_items(owner, query)
        seen: list[Item] = []
        after, more = None, True
        while more:
            page = await items.list_items(owner, replace(query, after=after, limit=2))
            assert page.total == 5
            seen += page.items
            after, more = (getattr(seen[-1], sort), seen[-1].id), page.more

        assert seen == everything.items, query
        assert len(seen) == 5


async def test_a_page_after_the_last_item_is_empty_and_knows_the_total(
    items: Items, add: Add, owner: UUID
) -> None:
    last = await add()

    page = await items.list_items(owner, ItemQuery(after=(last.created_at, last.id)))

    assert (page.items, page.total, page.more) == ([], 1, False)


async def test_an_owner_without_items_has_an_empty_page(items: Items, owner: UUID) -> None:
    page = await items.list_items(owner, ItemQuery())

    assert (page.items, page.total, page.more) == ([], 0, False)


async def test_items_of_one_status_are_found_and_counted(
    items: Items, add: Add, owner: UUID
) -> None:
    await add("Lamp", status=ItemStatus.ACTIVE)
    await add("Desk")

    page = await items.list_items(owner, ItemQuery(status=ItemStatus.ACTIVE))

    assert ([item.name for item in page.items], page.total) == (["Lamp"], 1)


async def test_a_search_finds_part_of_a_name_in_any_case(
    items: Items, add: Add, owner: UUID
) -> None:
    for name in ("Lamp 100%", "Desk_1", "C:\\Été"):
        await add(name)

    for search, expected in (
        ("lam", ["Lamp 100%"]),
        ("0%", ["Lamp 100%"]),
        ("%", ["Lamp 100%"]),
        ("_", ["Desk_1"]),
        ("\\", ["C:\\Été"]),
        ("éTÉ", ["C:\\Été"]),
        ("'", []),
        ("", ["C:\\Été", "Desk_1", "Lamp 100%"]),
    ):
        query = ItemQuery(search=search, sort="name", descending=False)
        assert await names(items, owner, query) == expected, search
