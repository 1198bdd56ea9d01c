"""What the migrations of a project may and must say."""

import json
import re
import subprocess
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from app.adapters.supabase import local
from app.adapters.supabase.upgrade import MIGRATIONS, files_in

FILES = list(files_in(MIGRATIONS).values())

# Hosted projects run Postgres 17; the one of the tests is newer. What it has beyond that by name:
NEWER = re.compile(
    r"\b(uuidv4|uuidv7|casefold|crc32c?|array_sort|array_reverse|gamma|lgamma|pg_unicode_fast|"
    r"pg_get_acl|pg_aios|has_largeobject_privilege|set_catalog_function)\b",
    re.IGNORECASE,
)
# and by grammar: this parser is that of Postgres 17.
PARSE = """
import { parse } from "libpg-query";
let text = "";
for await (const part of process.stdin) text += part;
const said = [];
for (const sql of JSON.parse(text)) {
  try { await parse(sql); said.push(""); } catch (error) { said.push(error.message); }
}
process.stdout.write(JSON.stringify(said));
"""


def newer_than_hosted(*texts: str) -> list[str]:
    """Say of each text what of it Postgres 17 does not know, or nothing."""
    node = local.find_node()
    done = subprocess.run(  # noqa: S603 - our own Node, and code from above
        [node, "--input-type=module", "--eval", PARSE],
        cwd=local.find_lite(node),
        input=json.dumps(texts),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    said: list[str] = json.loads(done.stdout)
    return [fault or " ".join(NEWER.findall(text)) for text, fault in zip(texts, said, strict=True)]


IS_NEWER = (
    "create table a (id uuid default uuidv7())",
    "create table a (b int, c int generated always as (b * 2))",
    "create table a (b int, unique (b without overlaps))",
    "update a set b = 1 returning with (old as o) o.b",
    "alter table a add constraint c check (b > 0) not enforced",
    "select casefold('A')",
    "create table a (b text collate pg_unicode_fast)",
)


def test_nothing_is_newer_than_what_hosted_projects_run() -> None:
    files = [file.read_text(encoding="utf-8") for file in FILES]

    faults = newer_than_hosted(*IS_NEWER, *files)

    assert all(faults[: len(IS_NEWER)]), "It would not be noticed."
    assert faults[len(IS_NEWER) :] == [""] * len(files)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_ids_and_times_come_from_the_application(file: Path) -> None:
    sql = re.sub(r"--.*", "", file.read_text(encoding="utf-8"))

    assert not re.search(r"gen_random_uuid|default now\(|current_timestamp", sql, re.IGNORECASE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_whoever_asks_who_asks_does_it_once_a_statement(file: Path) -> None:
    """Postgres calls a bare `auth.uid()` for every row, and one in a subquery once."""
    sql = file.read_text(encoding="utf-8")

    assert sql.count("auth.uid()") == sql.count("(select auth.uid())")


async def test_every_foreign_key_has_an_index(database: asyncpg.Connection) -> None:
    rows = await database.fetch(
        "select conname from pg_constraint where contype = 'f' "
        "and connamespace = 'public'::regnamespace and not exists ("
        "select from pg_index where indrelid = conrelid "
        "and conkey[1] = indkey[0] and array_length(conkey, 1) = 1)"
    )

    assert [row["conname"] for row in rows] == []
