"""Shapes of items, as clients send and read them."""

from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from app.fields import Line, Name, Text
from app.items.ports import ItemQuery, ItemStatus, SortKey
from app.paging import PageQuery, PageResponse
from app.shapes import InputShape, UpdateShape, given

ItemName = Annotated[Name, Field(max_length=100)]
ItemDescription = Annotated[Text, Field(max_length=2000)]


class ItemCreate(InputShape):
    """An item to store. Its owner has no other of this name."""

    name: ItemName
    description: ItemDescription = ""
    status: ItemStatus = ItemStatus.DRAFT


class ItemUpdate(UpdateShape):
    """What to change of an item. What is left out stays as it is."""

    name: ItemName | MISSING = MISSING
    description: ItemDescription | MISSING = MISSING
    status: ItemStatus | MISSING = MISSING


class ItemResponse(BaseModel):
    """An item."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str
    status: ItemStatus
    version: int
    created_at: datetime
    updated_at: datetime


class ItemListResponse(PageResponse[ItemResponse]):
    """One page of items."""


class ItemListQuery(PageQuery):
    """Which items, and in which order."""

    status: ItemStatus | MISSING = MISSING
    q: Annotated[
        Line | MISSING,
        Field(min_length=1, max_length=100, description="A part of the name, in any case."),
    ] = MISSING
    sort: Literal["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name"] = (
        "-created_at"
    )

    def asked(self) -> ItemQuery:
        """Put it as the storage understands it."""
        key = cast("SortKey", self.sort.removeprefix("-"))
        return ItemQuery(
            status=given(self.status),
            search=given(self.q),
            sort=key,
            descending=self.sort.startswith("-"),
            after=self.after(str if key == "name" else datetime),
            limit=self.limit,
        )
