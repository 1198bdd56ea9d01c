"""Items behind PostgREST."""

import asyncio
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from postgrest import AsyncPostgrestClient, AsyncSelectRequestBuilder, CountMethod
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from app.adapters.supabase.client import translated, user_gone
from app.errors import ConflictError
from app.items.ports import Attempt, Item, ItemPage, ItemQuery, NewItem

# The columns of an `Item`.
COLUMNS = "id,owner_id,name,description,status,version,created_at,updated_at"
ROWS = TypeAdapter(list[Item])


def name_taken() -> ConflictError:
    """Say that a name is one item's only."""
    return ConflictError("You have an item of this name.", field="body.name")


def key_taken() -> ConflictError:
    """Say that a key is one request's only."""
    return ConflictError("This key was used for another request.", field="header.Idempotency-Key")


REFUSALS = {
    "uq_items_owner_id_name": name_taken,
    "uq_items_owner_id_idempotency_key": key_taken,
    "fk_items_owner_id_users": user_gone,
}


class SupabaseItems:
    """Fills the port `Items`, as one user. A method that writes is one request."""

    def __init__(self, database: AsyncPostgrestClient) -> None:
        """Take the way to the database, as the user has it."""
        self._database = database

    async def add_item(self, new: NewItem, attempt: Attempt | None) -> Item:
        """Store an item, or give what its key stored: the function `add_item` does both."""
        said = {
            "id": new.id,
            "owner_id": new.owner_id,
            "name": new.name,
            "description": new.description,
            "status": new.status,
            "created_at": new.created_at,
            "idempotency_key": attempt and attempt.key,
            "fingerprint": attempt and attempt.fingerprint,
        }
        with translated(REFUSALS):
            answer = await self._database.rpc("add_item", to_jsonable_python(said)).execute()
        [item] = ROWS.validate_python(answer.data)
        return item

    async def find_item(self, owner_id: UUID, item_id: UUID) -> Item | None:
        """Give an item."""
        rows = self._database.from_("items").select(COLUMNS)
        with translated():
            answer = await rows.eq("id", item_id).eq("owner_id", owner_id).execute()
        return one_of(answer.data)

    async def list_items(self, owner_id: UUID, query: ItemQuery) -> ItemPage:
        """Give one page, and count all that match: at the same time, and the first time at once."""
        rows = self._matching(owner_id, query, COLUMNS, counted=query.after is None)
        rows = rows.order(query.sort, desc=query.descending).order("id", desc=query.descending)
        rows = rows.limit(query.limit + 1)
        with translated():
            if query.after is None:
                page = counted = await rows.execute()
            else:
                whole = self._matching(owner_id, query, "id", counted=True).limit(0)
                beyond = rows.or_(following(query, *query.after))
                page, counted = await asyncio.gather(beyond.execute(), whole.execute())
        items = ROWS.validate_python(page.data)
        more = len(items) > query.limit
        return ItemPage(items[: query.limit], total=counted.count or 0, more=more)

    async def change_item(
        self,
        owner_id: UUID,
        item_id: UUID,
        versions: Collection[int] | None,
        changes: Mapping[str, object],
    ) -> Item | None:
        """Change an item that has one of these versions. The table counts the version itself."""
        rows = self._database.from_("items").update(to_jsonable_python(changes))
        rows = rows.eq("id", item_id).eq("owner_id", owner_id)
        if versions is not None:
            rows = rows.in_("version", versions)
        with translated(REFUSALS):
            answer = await rows.execute()
        return one_of(answer.data)

    async def remove_item(
        self, owner_id: UUID, item_id: UUID, versions: Collection[int] | None
    ) -> bool:
        """Remove an item that has one of these versions."""
        rows = self._database.from_("items").delete().eq("id", item_id).eq("owner_id", owner_id)
        if versions is not None:
            rows = rows.in_("version", versions)
        with translated():
            answer = await rows.execute()
        return bool(answer.data)

    def _matching(
        self, owner_id: UUID, query: ItemQuery, columns: str, *, counted: bool
    ) -> AsyncSelectRequestBuilder:
        """Ask for what a query asks for, wherever its page begins."""
        rows = self._database.from_("items").select(
            columns, count=CountMethod.exact if counted else None
        )
        rows = rows.eq("owner_id", owner_id)
        if query.status is not None:
            rows = rows.eq("status", query.status)
        if query.search is not None:
            # Not `ilike`: to PostgREST a `*` in its pattern is a `%`, and nothing prevents that.
            rows = rows.filter("name", "imatch", literally(query.search))
        return rows


def one_of(data: object) -> Item | None:
    """Give the item of an answer that has one at most."""
    rows = ROWS.validate_python(data)
    return rows[0] if rows else None


def literally(text: str) -> str:
    """Write a text as a regular expression of Postgres in which every sign means itself."""
    return re.sub(r"([^\w\s])", r"\\\1", text)


def following(query: ItemQuery, key: datetime | str, row_id: UUID) -> str:
    """Write what comes after a row: beyond it by the sort key, or by the id where that is equal."""
    beyond = "lt" if query.descending else "gt"
    text = key if isinstance(key, str) else key.isoformat()
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    same = f"and({query.sort}.eq.{quoted},id.{beyond}.{row_id})"
    return f"{query.sort}.{beyond}.{quoted},{same}"
