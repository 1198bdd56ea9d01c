"""What docs/database/README.md says in code is what the migrations made."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.ext.asyncio import AsyncEngine

DOCUMENT = Path(__file__).parents[4] / "docs" / "database" / "README.md"

COLUMN = re.compile(r"^\| `(\w+)` \| `(.+?)` \| (yes|no) \|", re.MULTILINE)
BULLET = re.compile(
    r"^- ((?:Type|Default of|\w+ key|Unique|Index|Trigger) `.+?)\.(?: |$)", re.MULTILINE
)
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tginitdeferred
FROM pg_trigger WHERE NOT tgisinternal
"""


def told(document: str) -> Iterator[str]:
    """Say what the document claims, one fact a line."""
    _, *sections = re.split(r"^## `(\w+)`$", document, flags=re.MULTILINE)
    for table, section in zip(sections[::2], sections[1::2], strict=True):
        for name, kind, null in COLUMN.findall(section):
            yield f"{table}: column `{name}` is `{kind}`, null: {null}"
        for fact in BULLET.findall(section):
            yield fact if fact.startswith("Type") else f"{table}: {fact}"


def found(connection: Connection) -> set[str]:
    """Say the same of the database."""
    database = inspect(connection)
    assert isinstance(database, PGInspector)
    types = {f"Type `{enum['name']}`: {quoted(enum['labels'])}" for enum in database.get_enums()}
    tables = set(database.get_table_names()) - {"alembic_version"}
    facts = (facts_of(table, database) for table in tables)
    return types.union(triggers_of(connection), *facts)


def triggers_of(connection: Connection) -> Iterator[str]:
    for table, name, definition, deferred in connection.execute(text(TRIGGERS)):
        called = definition.rpartition(" EXECUTE FUNCTION ")[2]
        yield f"{table}: Trigger `{name}`: `{called}`{', at the commit' if deferred else ''}"


def facts_of(table: str, database: PGInspector) -> Iterator[str]:
    for column in database.get_columns(table):
        kind = column["type"].compile(dialect=database.dialect)
        null = "yes" if column["nullable"] else "no"
        yield f"{table}: column `{column['name']}` is `{kind}`, null: {null}"
        if column["default"] is not None:
            yield f"{table}: Default of `{column['name']}`: `{column['default']}`"
    primary = database.get_pk_constraint(table)
    yield f"{table}: Primary key `{primary['name']}`: {quoted(primary['constrained_columns'])}"
    for key in database.get_foreign_keys(table):
        target = f"{key['referred_table']}.{key['referred_columns'][0]}"
        yield (
            f"{table}: Foreign key `{key['name']}`: {quoted(key['constrained_columns'])} "
            f"to `{target}`, on delete {key['options']['ondelete'].lower()}"
        )
    for unique in database.get_unique_constraints(table):
        yield f"{table}: Unique `{unique['name']}`: {quoted(unique['column_names'])}"
    for index in database.get_indexes(table):
        if "duplicates_constraint" not in index:
            yield f"{table}: Index `{index['name']}`: {quoted(index['column_names'])}"


def quoted(names: list[str] | list[str | None]) -> str:
    return ", ".join(f"`{name}`" for name in names)


async def test_the_document_tells_what_the_database_has(engine: AsyncEngine) -> None:
    claims = set(told(DOCUMENT.read_text(encoding="utf-8")))
    async with engine.connect() as connection:
        facts = await connection.run_sync(found)

    assert sorted(facts - claims) == [], "The document does not tell this."
    assert sorted(claims - facts) == [], "The database does not have this."


def test_a_difference_would_be_seen() -> None:
    document = '## `a`\n\n| `b` | `TEXT COLLATE "C"` | no | `str` | x |\n\n- Index `c`: `b`. Why.\n'

    assert list(told(document)) == [
        'a: column `b` is `TEXT COLLATE "C"`, null: no',
        "a: Index `c`: `b`",
    ]
