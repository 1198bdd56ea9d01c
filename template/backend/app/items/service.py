"""The rules of items: whose they are, and who may write over which version."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from app.errors import NotFoundError, PreconditionFailedError
from app.idempotency import fingerprint_of
from app.ids import uuid7
from app.items.ports import Attempt, Item, ItemPage, ItemQuery, Items, NewItem
from app.items.schemas import ItemCreate, ItemUpdate


class ItemService:
    """What a user can do with the items that are theirs."""

    def __init__(self, items: Items, owner_id: UUID) -> None:
        """Work on this storage, for this user."""
        self.items = items
        self.owner_id = owner_id

    async def create_item(self, body: ItemCreate, key: str | None = None) -> tuple[Item, bool]:
        """Store an item, and say whether an earlier attempt of this key had done so."""
        new = NewItem(
            id=uuid7(), owner_id=self.owner_id, created_at=datetime.now(UTC), **body.model_dump()
        )
        item = await self.items.add_item(new, Attempt(key, fingerprint_of(body)) if key else None)
        return item, item.id != new.id

    async def read_item(self, item_id: UUID) -> Item:
        """Give an item. NotFoundError: there is none, or it is another user's."""
        item = await self.items.find_item(self.owner_id, item_id)
        if item is None:
            raise NotFoundError("You have no such item.")
        return item

    async def list_items(self, query: ItemQuery) -> ItemPage:
        """Give a page of items."""
        return await self.items.list_items(self.owner_id, query)

    async def update_item(
        self, item_id: UUID, versions: Collection[int] | None, body: ItemUpdate
    ) -> Item:
        """Change what was sent, if the item has one of these versions (None: any)."""
        changes = {**body.model_dump(), "updated_at": datetime.now(UTC)}
        item = await self.items.change_item(self.owner_id, item_id, versions, changes)
        if item is None:
            raise await self.why_not(item_id)
        return item

    async def delete_item(self, item_id: UUID, versions: Collection[int] | None) -> None:
        """Remove an item, if it has one of these versions (None: any)."""
        if not await self.items.remove_item(self.owner_id, item_id, versions):
            raise await self.why_not(item_id)

    async def why_not(self, item_id: UUID) -> PreconditionFailedError:
        """Tell an item that has changed from one that is not there (NotFoundError)."""
        await self.read_item(item_id)
        return PreconditionFailedError(
            "The item has changed since you read it.", field="header.If-Match"
        )
