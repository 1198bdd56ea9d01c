"""Who may do what with whose rows: every caller, every operation, by both ways in.

`faults_in` tries all of it against the running project and names what is not as it should be.
"""

import json
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
from tests import NO_TLS
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


@dataclass(frozen=True)
class Resource:
    """A table whose rows belong to users, and what is tried with it.

    Where one row is there, another one differs in one column: a change makes the one the other.
    """

    name: str
    one: Mapping[str, str]
    other: tuple[str, str]
    routes: tuple[str, ...] = OPERATIONS  # what the API does with it

    def __str__(self) -> str:
        return self.name


ITEMS = Resource(
    "items",
    {"name": "Lamp", "description": "", "status": "draft", "created_at": NOW, "updated_at": NOW},
    ("name", "Torch"),
)
RESOURCES = (ITEMS,)


@dataclass
class Scene:
    """An owner with one row, others who want it, and the two ways in."""

    resource: Resource
    database: asyncpg.Connection
    owner: Caller
    headers: Mapping[str, Mapping[str, str]]
    direct: AsyncClient
    api: AsyncClient

    @property
    def row(self) -> dict[str, str]:
        """A new row of the owner's."""
        return {"id": str(uuid7()), "owner_id": str(self.owner.id), **self.resource.one}

    async def put_back(self) -> str:
        """Have the owner's row as it was, and nothing else; give its id."""
        table, row = self.resource.name, self.row
        await self.database.execute(f"delete from {table}")  # noqa: S608 - a name from above
        await self.database.execute(
            f"insert into {table} ({', '.join(row)}) "  # noqa: S608 - names from above
            f"select {', '.join(row)} from json_populate_record(null::{table}, $1)",
            json.dumps(row),
        )
        return row["id"]

    async def stored(self) -> list[tuple[UUID, str]]:
        """Give whose rows are there, whatever any policy says."""
        column = self.resource.other[0]
        rows = await self.database.fetch(
            f"select owner_id, {column} "  # noqa: S608 - names from above
            f"from {self.resource.name} order by {column} <> $1",
            self.resource.one[column],
        )
        return [tuple(row) for row in rows]


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
        AsyncClient(base_url=f"{project.url}/rest/v1", headers=key, verify=NO_TLS) as direct,
        AsyncClient(transport=ASGITransport(app), base_url="http://test/api/v1") as api,
    ):
        yield Scene(ITEMS, database, owner, headers, direct, api)


async def faults_in(scene: Scene, operations: Iterable[str] = OPERATIONS) -> list[str]:
    """Try every case, and name each that does not end as it should."""
    faults = []
    for what in operations:
        for who in CALLERS:
            for ask in WAYS if what in scene.resource.routes else WAYS[:-1]:
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


async def by_postgrest(scene: Scene, who: str, what: str, item: str) -> Response:
    """Ask PostgREST itself, as anybody can who has the publishable key, and want to see the row."""
    headers = {**scene.headers[who], "Prefer": "return=representation"}
    return await at_table(scene, what, headers, f"/{scene.resource}?id=eq.{item}")


async def bluntly(scene: Scene, who: str, what: str, _item: str) -> Response:
    """Ask it for all rows and to show none: nothing has to be read then, so that no policy for
    reading helps another one.
    """
    headers = {**scene.headers[who], "Prefer": "return=minimal"}
    return await at_table(scene, what, headers, f"/{scene.resource}")


async def at_table(scene: Scene, what: str, headers: Mapping[str, str], rows: str) -> Response:
    """Do something with rows of the table, in the owner's name where one is added."""
    column, value = scene.resource.other
    match what:
        case "select":
            return await scene.direct.get(rows, headers=headers)
        case "insert":
            new = scene.row | {column: value}
            return await scene.direct.post(f"/{scene.resource}", json=new, headers=headers)
        case "update":
            return await scene.direct.patch(rows, json={column: value}, headers=headers)
    return await scene.direct.delete(rows, headers=headers)


async def by_api(scene: Scene, who: str, what: str, item: str) -> Response:
    """Ask the API."""
    headers, path = {**scene.headers[who], "If-Match": "*"}, f"/{scene.resource}/{item}"
    other = dict([scene.resource.other])
    match what:
        case "select":
            return await scene.api.get(path, headers=headers)
        case "insert":
            return await scene.api.post(f"/{scene.resource}", json=other, headers=headers)
        case "update":
            return await scene.api.patch(path, json=other, headers=headers)
    return await scene.api.delete(path, headers=headers)


async def is_as_expected(scene: Scene, who: str, what: str, *, api: bool) -> bool:
    """Say whether what is stored now is what this case may leave behind."""
    stored = await scene.stored()
    column, value = scene.resource.other
    one, other = (scene.owner.id, scene.resource.one[column]), (scene.owner.id, value)
    if who == "owner":
        after = {"insert": [one, other], "update": [other], "delete": []}
        return stored == after.get(what, [one])
    if api and (who, what) == ("stranger", "insert"):
        return stored[:1] == [one] and stored[1][0] != scene.owner.id
    return stored == [one]


WAYS = (by_postgrest, bluntly, by_api)
