"""Items in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Enum,
    ForeignKey,
    Index,
    Row,
    Select,
    Text,
    UniqueConstraint,
    bindparam,
    collate,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app.adapters.sqlalchemy.accounts import AccountRow, account_gone
from app.adapters.sqlalchemy.base import Base
from app.adapters.sqlalchemy.database import Database
from app.errors import ConflictError
from app.items.ports import Attempt, Item, ItemPage, ItemQuery, ItemStatus, NewItem, SortKey


class ItemRow(Base):
    """An item, and the attempt that created it."""

    __tablename__ = "items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(AccountRow.id, ondelete="CASCADE"))
    # By code point, so that the order is the same on every machine, and an index outlives it.
    name: Mapped[str] = mapped_column(Text(collation="C"))
    description: Mapped[str]
    status: Mapped[ItemStatus] = mapped_column(
        Enum(ItemStatus, name="item_status", values_callable=list)
    )
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    idempotency_key: Mapped[str | None]
    fingerprint: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        UniqueConstraint("owner_id", "idempotency_key"),
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "updated_at", "id"),
    )


# The columns of an `Item`, in its order.
COLUMNS = (
    ItemRow.id,
    ItemRow.owner_id,
    ItemRow.name,
    ItemRow.description,
    ItemRow.status,
    ItemRow.version,
    ItemRow.created_at,
    ItemRow.updated_at,
)
# Built once, like the listings below: building a statement takes longer than running it.
FIND = select(*COLUMNS).where(
    ItemRow.id == bindparam("item_id"), ItemRow.owner_id == bindparam("owner_id")
)
SORT_COLUMNS: Mapping[SortKey, InstrumentedAttribute[datetime] | InstrumentedAttribute[str]] = {
    "created_at": ItemRow.created_at,
    "updated_at": ItemRow.updated_at,
    "name": ItemRow.name,
}
# What adds columns to `COLUMNS` is typed by SQLAlchemy as a query for rows of any type.
Listing = Select[*tuple[Any, ...]]
# How `LIKE` is told that a sign of its own means itself.
LITERALLY = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})


def name_taken() -> ConflictError:
    """Say that a name is one item's only."""
    return ConflictError("You have an item of this name.", field="body.name")


def key_taken() -> ConflictError:
    """Say that a key is one request's only."""
    return ConflictError("This key was used for another request.", field="header.Idempotency-Key")


class SqlItems:
    """Fills the port `Items`."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    async def add_item(self, new: NewItem, attempt: Attempt | None) -> Item:
        """Store an item, unless its key or its name is there, or on its way: then wait for it."""
        statement = insert(ItemRow).values(
            id=new.id,
            owner_id=new.owner_id,
            name=new.name,
            description=new.description,
            status=new.status,
            version=1,
            created_at=new.created_at,
            updated_at=new.created_at,
            idempotency_key=attempt and attempt.key,
            fingerprint=attempt and attempt.fingerprint,
        )
        refusals = {"fk_items_owner_id_accounts": account_gone}
        async with self._database.writing(refusals) as session:
            added = await session.execute(statement.on_conflict_do_nothing().returning(*COLUMNS))
            if row := added.one_or_none():
                return item_of(row)
            if attempt is None:
                raise name_taken()
            earlier = (await session.execute(stored_by(new.owner_id, attempt))).one_or_none()
            if earlier is None:
                raise name_taken()
            if earlier.fingerprint != attempt.fingerprint:
                raise key_taken()
            return item_of(earlier)

    async def find_item(self, owner_id: UUID, item_id: UUID) -> Item | None:
        """Give an item."""
        values = {"owner_id": owner_id, "item_id": item_id}
        async with self._database.reading() as connection:
            row = (await connection.execute(FIND, values)).one_or_none()
        return item_of(row) if row else None

    async def list_items(self, owner_id: UUID, query: ItemQuery) -> ItemPage:
        """Give one page, and count all that match, in one statement."""
        values = values_of(owner_id, query)
        page, total = listing(query.sort, frozenset(values), descending=query.descending)
        async with self._database.reading() as connection:
            rows = (await connection.execute(page, values)).all()
            if rows or query.after is None:
                count = rows[0][-1] if rows else 0
            else:
                count = (await connection.execute(total, values)).scalar_one()
        items = [item_of(row) for row in rows[: query.limit]]
        return ItemPage(items, total=count, more=len(rows) > query.limit)

    async def change_item(
        self,
        owner_id: UUID,
        item_id: UUID,
        versions: Collection[int] | None,
        changes: Mapping[str, object],
    ) -> Item | None:
        """Change an item that has one of these versions."""
        statement = (
            update(ItemRow)
            .where(*same(owner_id, item_id, versions))
            .values(**changes, version=ItemRow.version + 1)
            .returning(*COLUMNS)
        )
        async with self._database.writing({"uq_items_owner_id_name": name_taken}) as session:
            row = (await session.execute(statement)).one_or_none()
        return item_of(row) if row else None

    async def remove_item(
        self, owner_id: UUID, item_id: UUID, versions: Collection[int] | None
    ) -> bool:
        """Remove an item that has one of these versions."""
        statement = delete(ItemRow).where(*same(owner_id, item_id, versions)).returning(ItemRow.id)
        async with self._database.writing() as session:
            return (await session.execute(statement)).one_or_none() is not None


# What `add_columns` gives, SQLAlchemy types as rows of any type.
def item_of(row: Row[*tuple[Any, ...]]) -> Item:
    """Turn a row that begins with `COLUMNS` into an item."""
    return Item(*row[: len(COLUMNS)])


def stored_by(owner_id: UUID, attempt: Attempt) -> Listing:
    """Give the item that an attempt stored, and what was sent then."""
    return (
        select(*COLUMNS)
        .add_columns(ItemRow.fingerprint)
        .where(ItemRow.owner_id == owner_id, ItemRow.idempotency_key == attempt.key)
    )


def same(
    owner_id: UUID, item_id: UUID, versions: Collection[int] | None
) -> Sequence[ColumnElement[bool]]:
    """Say which item is meant, in which versions."""
    wanted = [ItemRow.id == item_id, ItemRow.owner_id == owner_id]
    return wanted if versions is None else [*wanted, ItemRow.version.in_(versions)]


def values_of(owner_id: UUID, query: ItemQuery) -> dict[str, object]:
    """Give what a query asks for, by the names that `listing` has for it."""
    values: dict[str, object] = {"owner_id": owner_id, "rows": query.limit + 1}
    if query.status is not None:
        values["status"] = query.status
    if query.search is not None:
        values["pattern"] = f"%{query.search.translate(LITERALLY)}%"
    if query.after is not None:
        values["key"], values["id"] = query.after
    return values


@cache
def listing(sort: SortKey, given: frozenset[str], *, descending: bool) -> tuple[Listing, Listing]:
    """Give the statements for a page and for the total, for queries that give these values.

    Each kind of query has its own, built once: building them costs a fifth of a request.
    """
    matches = [ItemRow.owner_id == bindparam("owner_id")]
    if "status" in given:
        matches.append(ItemRow.status == bindparam("status"))
    if "pattern" in given:
        # The database's own collation knows more capitals than those of English.
        matches.append(collate(ItemRow.name, "default").ilike(bindparam("pattern"), escape="\\"))
    total = select(func.count()).where(*matches)
    column = SORT_COLUMNS[sort]
    order = (column.desc(), ItemRow.id.desc()) if descending else (column, ItemRow.id)
    page = select(*COLUMNS).add_columns(total.scalar_subquery()).where(*matches).order_by(*order)
    if "key" in given:
        here = tuple_(column, ItemRow.id)
        last = tuple_(bindparam("key", type_=column.type), bindparam("id", type_=ItemRow.id.type))
        page = page.where(here < last if descending else here > last)
    return page.limit(bindparam("rows")), total
