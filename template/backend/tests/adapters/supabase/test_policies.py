"""Row-level security: who reaches what, and that each policy is needed."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest
from fastapi import FastAPI

from app.adapters.supabase.local import LocalProject
from app.adapters.supabase.upgrade import MIGRATIONS
from app.auth.tokens import Caller
from app.ids import uuid7
from app.layer import Storage
from app.settings import Settings
from tests.adapters.supabase.cases import NOW, RESOURCES, Resource, Scene, faults_in, scene
from tests.auth.sign import NewUser

SQL = "\n".join(file.read_text(encoding="utf-8") for file in sorted(MIGRATIONS.glob("*.sql")))
FOUND = re.finditer(r"^create policy (\w+) on [^;]+;", SQL, re.MULTILINE)
POLICIES = {found[1]: found[0] for found in FOUND}
TABLE_OF = {name: re.findall(r" on (\S+) for", text)[0] for name, text in POLICIES.items()}
OPERATION_OF = {name: re.findall(r" for (\w+)", text)[0] for name, text in POLICIES.items()}


@pytest.fixture
async def users(storage: Storage, new_user: NewUser) -> tuple[Caller, Caller]:
    return (await new_user(storage, "owner"), await new_user(storage, "stranger"))


@pytest.fixture
async def here(
    database: asyncpg.Connection,
    project: LocalProject,
    app: FastAPI,
    settings: Settings,
    users: tuple[Caller, Caller],
) -> AsyncIterator[Scene]:
    async with scene(database, project, app, settings, users) as here:
        yield here


@pytest.mark.parametrize("resource", RESOURCES, ids=str)
async def test_everybody_reaches_their_own_and_nobody_anothers(
    resource: Resource, here: Scene
) -> None:
    assert await faults_in(replace(here, resource=resource)) == []


async def faults_of(policy: str, here: Scene) -> list[str]:
    """Try what a policy is for."""
    table = TABLE_OF[policy].removeprefix("public.")
    [resource] = [each for each in RESOURCES if each.name == table]
    return await faults_in(replace(here, resource=resource), [OPERATION_OF[policy]])


async def test_the_files_tell_every_policy_there_is(database: asyncpg.Connection) -> None:
    rows = await database.fetch("select policyname from pg_policies where schemaname = 'public'")

    assert {row["policyname"] for row in rows} == set(POLICIES)


@pytest.mark.parametrize("policy", POLICIES)
async def test_without_a_policy_something_is_noticed(policy: str, here: Scene) -> None:
    await here.database.execute(f"drop policy {policy} on {TABLE_OF[policy]}")
    try:
        assert await faults_of(policy, here)
    finally:
        await here.database.execute(POLICIES[policy])


@pytest.mark.parametrize("policy", POLICIES)
async def test_a_policy_that_lets_everybody_in_is_noticed(policy: str, here: Scene) -> None:
    loose = re.sub(r"(using|with check) \(.*?\)(?= with check|;)", r"\1 (true)", POLICIES[policy])
    assert loose != POLICIES[policy]
    await here.database.execute(f"drop policy {policy} on {TABLE_OF[policy]}; {loose}")
    try:
        assert await faults_of(policy, here)
    finally:
        await here.database.execute(
            f"drop policy {policy} on {TABLE_OF[policy]}; {POLICIES[policy]}"
        )


async def test_every_table_is_closed_until_a_policy_opens_it(
    database: asyncpg.Connection,
) -> None:
    rows = await database.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace "
        "and relkind in ('r', 'p') and not relrowsecurity"
    )

    assert [row["relname"] for row in rows] == []


async def test_strangers_to_the_project_are_granted_nothing(database: asyncpg.Connection) -> None:
    rows = await database.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants "
        "where table_schema = 'public' and grantee in ('anon', 'PUBLIC')"
    )

    assert [tuple(row) for row in rows] == []


async def test_every_function_acts_as_its_caller_and_finds_no_other_tables(
    database: asyncpg.Connection,
) -> None:
    """Only one that a trigger calls may act as its owner, and nobody else may call that."""
    rows = await database.fetch(
        "select proname, proconfig, "
        "prosecdef and prorettype <> 'trigger'::regtype as acts_as_owner, "
        "has_function_privilege('anon', oid, 'execute') or prosecdef and "
        "has_function_privilege('authenticated', oid, 'execute') as open from pg_proc "
        "where pronamespace = 'public'::regnamespace"
    )

    assert rows
    for row in rows:
        found = (row["acts_as_owner"], row["proconfig"], row["open"])
        assert found == (False, ['search_path=""'], False), row["proname"]


@pytest.mark.parametrize(
    "change",
    [{"version": 9}, {"owner_id": str(uuid7())}, {"created_at": NOW}, {"id": str(uuid7())}],
)
async def test_what_the_database_decides_nobody_writes(
    here: Scene, change: dict[str, object]
) -> None:
    item = await here.put_back()

    answer = await here.direct.patch(
        f"/items?id=eq.{item}", json=change, headers=here.headers["owner"]
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "42501")


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "L" * 101}, {"description": "d" * 2001}])
async def test_what_the_api_would_refuse_the_table_refuses(
    here: Scene, change: dict[str, str]
) -> None:
    item = await here.put_back()

    answer = await here.direct.patch(
        f"/items?id=eq.{item}", json=change, headers=here.headers["owner"]
    )

    assert "violates check constraint" in answer.json()["message"]


async def test_a_change_without_the_api_makes_a_version_too(here: Scene) -> None:
    item = await here.put_back()

    await here.direct.patch(
        f"/items?id=eq.{item}", json={"name": "Torch"}, headers=here.headers["owner"]
    )

    read = await here.api.get(f"/items/{item}", headers=here.headers["owner"])
    assert (read.json()["name"], read.json()["version"]) == ("Torch", 2)


async def test_an_attempt_cannot_be_made_in_anothers_name(here: Scene) -> None:
    said = {
        "id": str(uuid7()),
        "owner_id": str(here.owner.id),
        "name": "Torch",
        "description": "",
        "status": "draft",
        "created_at": NOW,
        "idempotency_key": "key",
        "fingerprint": "what was sent",
    }
    for who, status in (("stranger", 403), ("nobody", 401), ("forger", 401)):
        answer = await here.direct.post("/rpc/add_item", json=said, headers=here.headers[who])
        assert answer.status_code == status, who
