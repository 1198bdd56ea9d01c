"""Who may do what with whose items: every caller, every operation, by both ways in.

`faults_in` tries all of it against the running project and names what is not as it should be.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg  # type: ignore[import-untyped] # it ships no types
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from app.adapters.supabase.local import LocalProject
from app.auth.tokens import Caller
from app.ids import uuid7
from app.settings import Settings
from tests.auth.sign import bearer, claims_of, sign

NOW = "2026-01-01T00:00:00+00:00"


def row(owner: int, stranger: int) -> Mapping[str, int]:
    """Give a status for every caller: to the last two nobody listens."""
    return {"owner": owner, "stranger": stranger, "nobody": 401, "forger": 401}


# What is answered, by the way of asking. At the table a stranger finds nothing, which is no fault
# of the request. In the API nobody can name an owner, so a stranger's insert is one of their own.
TABLE: Mapping[str, Mapping[str, Mapping[str, int]]] = {
    "by_postgrest": {
        "select": row(200, 200),
        "insert": row(201, 403),
        "update": row(200, 200),
        "delete": row(200, 200),
    },
    "bluntly": {
        "select": row(200, 200),
        "insert": row(201, 403),
        "update": row(204, 204),
        "delete": row(204, 204),
    },
    "by_api": {
        "select": row(200, 404),
        "insert": row(201, 201),
        "update": row(200, 404),
        "delete": row(204, 404),
    },
}
CALLERS = tuple(row(0, 0))
OPERATIONS = tuple(TABLE["by_api"])


@dataclass
class Scene:
    """An owner with one item, others who want it, and the two ways in."""

    database: asyncpg.Connection
    owner: Caller
    headers: Mapping[str, Mapping[str, str]]
    direct: AsyncClient
    api: AsyncClient

    async def put_back(self) -> UUID:
        """Have the owner's item as it was, and nothing else; give its id."""
        item = uuid7()
        await self.database.execute("delete from items")
        await self.database.execute(
            "insert into items (id, owner_id, name, description, status, created_at, updated_at) "
            "values ($1, $2, 'Lamp', '', 'draft', now(), now())",
            *(item, self.owner.id),
        )
        return item

    async def stored(self) -> list[tuple[UUID, str]]:
        """Give whose items are there, whatever any policy says."""
        rows = await self.database.fetch("select owner_id, name from items order by name")
        return [(row["owner_id"], row["name"]) for row in rows]


@asynccontextmanager
async def scene(
    database: asyncpg.Connection,
    project: LocalProject,
    app: FastAPI,
    settings: Settings,
    users: tuple[Caller, Caller],
) -> AsyncIterator[Scene]:
    """Set it up."""
    owner, stranger = users
    forged = sign(claims_of(settings, sub=str(owner.id)), "a secret of somebody else, long enough")
    headers = {
        "owner": bearer(owner.token),
        "stranger": bearer(stranger.token),
        "nobody": {},
        "forger": bearer(forged),
    }
    key = {"apikey": project.publishable_key}
    async with (
        AsyncClient(base_url=f"{project.url}/rest/v1", headers=key) as direct,
        AsyncClient(transport=ASGITransport(app), base_url="http://test/api/v1") as api,
    ):
        yield Scene(database, owner, headers, direct, api)


async def faults_in(scene: Scene, operations: Iterable[str] = OPERATIONS) -> list[str]:
    """Try every case, and name each that does not end as it should."""
    faults = []
    for what in operations:
        for who in CALLERS:
            for ask in (by_postgrest, bluntly, by_api):
                item = await scene.put_back()
                answer = await ask(scene, who, what, item)
                found, due = answer.status_code, TABLE[ask.__name__][what][who]
                told = ask is by_postgrest and answer.is_success and len(answer.json())
                seen = told if who != "owner" else 0
                if (
                    found != due
                    or seen
                    or not await is_as_expected(scene, who, what, api=ask is by_api)
                ):
                    stored = await scene.stored()
                    faults.append(f"{who}, {what}, {ask.__name__}: {found}, {told}, {stored}")
    return faults


async def by_postgrest(scene: Scene, who: str, what: str, item: UUID) -> Response:
    """Ask PostgREST itself, as anybody can who has the publishable key, and want to see the row."""
    headers = {**scene.headers[who], "Prefer": "return=representation"}
    return await at_table(scene, what, headers, f"/items?id=eq.{item}")


async def bluntly(scene: Scene, who: str, what: str, _item: UUID) -> Response:
    """Ask it for all rows and to show none: nothing has to be read then, so that no policy for
    reading helps another one.
    """
    headers = {**scene.headers[who], "Prefer": "return=minimal"}
    return await at_table(scene, what, headers, "/items")


async def at_table(scene: Scene, what: str, headers: Mapping[str, str], rows: str) -> Response:
    """Do something with rows of the table, in the owner's name where one is added."""
    match what:
        case "select":
            return await scene.direct.get(rows, headers=headers)
        case "insert":
            new = {"id": str(uuid7()), "owner_id": str(scene.owner.id), "name": "Torch"}
            rest = {"description": "", "status": "draft", "created_at": NOW, "updated_at": NOW}
            return await scene.direct.post("/items", json=new | rest, headers=headers)
        case "update":
            return await scene.direct.patch(rows, json={"name": "Torch"}, headers=headers)
    return await scene.direct.delete(rows, headers=headers)


async def by_api(scene: Scene, who: str, what: str, item: UUID) -> Response:
    """Ask the API."""
    headers, path = {**scene.headers[who], "If-Match": "*"}, f"/items/{item}"
    match what:
        case "select":
            return await scene.api.get(path, headers=headers)
        case "insert":
            return await scene.api.post("/items", json={"name": "Torch"}, headers=headers)
        case "update":
            return await scene.api.patch(path, json={"name": "Torch"}, headers=headers)
    return await scene.api.delete(path, headers=headers)


async def is_as_expected(scene: Scene, who: str, what: str, *, api: bool) -> bool:
    """Say whether what is stored now is what this case may leave behind."""
    stored = await scene.stored()
    lamp, torch = (scene.owner.id, "Lamp"), (scene.owner.id, "Torch")
    if who == "owner":
        after = {"insert": [lamp, torch], "update": [torch], "delete": []}
        return stored == after.get(what, [lamp])
    if api and (who, what) == ("stranger", "insert"):
        return stored[:1] == [lamp] and stored[1][0] != scene.owner.id
    return stored == [lamp]
