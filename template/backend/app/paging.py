"""Lists in pages: a cursor says after which row the next page begins.

The row is named by its sort key and its id, so no row is skipped or shown twice when others come
and go. A client cannot read meaning into a cursor, and it needs no signature: whatever it says, it
only finds a place in what the caller may see anyway.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Generic, Protocol, Self, TypeVar
from uuid import UUID

from pydantic import MISSING, AfterValidator, AwareDatetime, BaseModel, Field, TypeAdapter

from app.errors import InvalidInputError
from app.fields import Text
from app.shapes import InputShape

Shown = TypeVar("Shown")
Key = datetime | str


class Row(Protocol):
    """What can be listed: anything with an id."""

    @property
    def id(self) -> UUID:
        """The identifier, which orders rows whose sort keys are the same."""
        ...


class Page(Protocol):
    """Some rows in order, how many match in all pages, and whether more follow these."""

    @property
    def items(self) -> Sequence[Row]:
        """The rows."""
        ...

    @property
    def total(self) -> int:
        """How many match."""
        ...

    @property
    def more(self) -> bool:
        """Whether this page is not the last."""
        ...


def in_utc(moment: datetime) -> datetime:
    """Refuse any other zone: cursors are written in UTC."""
    if moment.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
PLACES: Mapping[type[Key], TypeAdapter[tuple[str, Key, UUID]]] = {
    datetime: TypeAdapter(tuple[str, Moment, UUID]),
    str: TypeAdapter(tuple[str, Text, UUID]),
}


def write_cursor(sort: str, key: Key, row_id: UUID) -> str:
    """Write the place after a row, in lists of this sort."""
    place = PLACES[type(key)].dump_json((sort, key, row_id))
    return urlsafe_b64encode(place).decode().rstrip("=")


def read_cursor(cursor: str, sort: str, kind: type[Key]) -> tuple[Key, UUID]:
    """Give the sort key and the id of the row before the place.

    InvalidInputError: not exactly as `write_cursor` writes it for this sort.
    """
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        written_for, key, row_id = PLACES[kind].validate_json(place, strict=True)
        if written_for == sort and write_cursor(sort, key, row_id) == cursor:
            return key, row_id
    except ValueError:
        pass
    raise InvalidInputError(
        "Send a next_cursor as it was given, with the same sort.", field="query.cursor"
    )


class PageQuery(InputShape):
    """Which page. A list adds its filters, and its own `sort` with the keys that it can sort by."""

    sort: str
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 20
    cursor: Annotated[
        str | MISSING,
        Field(
            max_length=2000, description="The next_cursor of the page before, for the same sort."
        ),
    ] = MISSING

    def after(self, kind: type[Key]) -> tuple[Key, UUID] | None:
        """Give the last row of the page before, by a sort key of this kind."""
        if self.cursor is MISSING:
            return None
        return read_cursor(self.cursor, self.sort, kind)


class PageResponse(BaseModel, Generic[Shown]):
    """One page of a list."""

    items: list[Shown]
    total: Annotated[int, Field(description="How many match, in all pages.")]
    next_cursor: Annotated[str | None, Field(description="Where the next page begins, if any.")]

    @classmethod
    def of(cls, page: Page, sort: str) -> Self:
        """Show a page of a list of this sort."""
        cursor = None
        if page.more:
            last = page.items[-1]
            cursor = write_cursor(sort, getattr(last, sort.removeprefix("-")), last.id)
        # Validated once, rows and all: FastAPI does not look into an instance again.
        return cls.model_validate({"items": page.items, "total": page.total, "next_cursor": cursor})
