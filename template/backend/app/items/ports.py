"""What the service needs of storage. Each writing method is one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID


class ItemStatus(StrEnum):
    """Where an item is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is stored. Its version grows by one with every change."""

    id: UUID
    owner_id: UUID
    name: str
    description: str
    status: ItemStatus
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewItem:
    """What the service decides about an item before it is stored."""

    id: UUID
    owner_id: UUID
    name: str
    description: str
    status: ItemStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A client's name for one attempt to create, and what it sent: a retry repeats both."""

    key: str
    fingerprint: str


SortKey = Literal["created_at", "updated_at", "name"]


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """Which items of an owner, in which order, and after which one."""

    status: ItemStatus | None = None
    search: str | None = None  # part of the name, in any case; `%` and `_` mean themselves
    sort: SortKey = "created_at"  # names by code point, as Python sorts them
    descending: bool = True
    after: tuple[datetime | str, UUID] | None = None  # the sort key and the id of the last one seen
    limit: int = 20


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Some items in order, how many match in all pages, and whether more follow these."""

    items: list[Item]
    total: int
    more: bool


class Items(Protocol):
    """The storage of items. Another owner's item is as good as none."""

    async def add_item(self, new: NewItem, attempt: Attempt | None) -> Item:
        """Store an item, or give the one that an earlier attempt of this key stored, as it is now.

        ConflictError: the owner has an item of this name (`body.name`), or used the key for
        something else. The key is looked at first: a retry never conflicts with its own name.
        UnauthorizedError: there is no such owner any more.
        """
        ...

    async def find_item(self, owner_id: UUID, item_id: UUID) -> Item | None:
        """Give an item, or None."""
        ...

    async def list_items(self, owner_id: UUID, query: ItemQuery) -> ItemPage:
        """Give one page. Ties are ordered by id, in the same direction, so that no item is lost."""
        ...

    async def change_item(
        self,
        owner_id: UUID,
        item_id: UUID,
        versions: Collection[int] | None,
        changes: Mapping[str, object],
    ) -> Item | None:
        """Change fields of an item that has one of these versions (None: any), or give None.

        The changes name fields of `Item`, `updated_at` among them; the version grows by itself.
        ConflictError: the owner has another item of the new name (`body.name`).
        """
        ...

    async def remove_item(
        self, owner_id: UUID, item_id: UUID, versions: Collection[int] | None
    ) -> bool:
        """Remove an item that has one of these versions (None: any), and say whether it did."""
        ...
