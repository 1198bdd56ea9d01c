"""A storage of items that keeps the promises of the port in memory."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.errors import ConflictError
from app.items.ports import Attempt, Item, ItemPage, ItemQuery, NewItem


class FakeItems:
    """Items by their ids, and attempts by owner and key: they go when their item goes."""

    def __init__(self) -> None:
        self.items: dict[UUID, Item] = {}
        self.attempts: dict[tuple[UUID, str], tuple[str, UUID]] = {}

    async def add_item(self, new: NewItem, attempt: Attempt | None) -> Item:
        if attempt and (earlier := self.attempts.get((new.owner_id, attempt.key))):
            fingerprint, item_id = earlier
            if fingerprint != attempt.fingerprint:
                raise ConflictError(
                    "This key was used for another request.", "header.Idempotency-Key"
                )
            return self.items[item_id]
        item = Item(
            id=new.id,
            owner_id=new.owner_id,
            name=new.name,
            description=new.description,
            status=new.status,
            version=1,
            created_at=new.created_at,
            updated_at=new.created_at,
        )
        self.keep(item)
        if attempt:
            self.attempts[new.owner_id, attempt.key] = (attempt.fingerprint, new.id)
        return item

    async def find_item(self, owner_id: UUID, item_id: UUID) -> Item | None:
        return self.matching(owner_id, item_id, None)

    async def list_items(self, owner_id: UUID, query: ItemQuery) -> ItemPage:
        def place(item: Item) -> tuple[Any, UUID]:
            return getattr(item, query.sort), item.id

        found = [
            item
            for item in self.items.values()
            if item.owner_id == owner_id
            and query.status in {None, item.status}
            and (query.search or "").lower() in item.name.lower()
        ]
        following = sorted(
            (
                item
                for item in found
                if query.after is None
                or (place(item) < query.after if query.descending else place(item) > query.after)
            ),
            key=place,
            reverse=query.descending,
        )
        return ItemPage(
            items=following[: query.limit],
            total=len(found),
            more=len(following) > query.limit,
        )

    async def change_item(
        self,
        owner_id: UUID,
        item_id: UUID,
        versions: Collection[int] | None,
        changes: Mapping[str, Any],
    ) -> Item | None:
        item = self.matching(owner_id, item_id, versions)
        return item and self.keep(replace(item, version=item.version + 1, **changes))

    async def remove_item(
        self, owner_id: UUID, item_id: UUID, versions: Collection[int] | None
    ) -> bool:
        if self.matching(owner_id, item_id, versions) is None:
            return False
        del self.items[item_id]
        self.attempts = {
            key: attempt for key, attempt in self.attempts.items() if attempt[1] != item_id
        }
        return True

    def matching(
        self, owner_id: UUID, item_id: UUID, versions: Collection[int] | None
    ) -> Item | None:
        item = self.items.get(item_id)
        if item is None or item.owner_id != owner_id:
            return None
        return item if versions is None or item.version in versions else None

    def keep(self, item: Item) -> Item:
        for other in self.items.values():
            same = (other.owner_id, other.name) == (item.owner_id, item.name)
            if same and other.id != item.id:
                raise ConflictError("You have an item of this name.", "body.name")
        self.items[item.id] = item
        return item
