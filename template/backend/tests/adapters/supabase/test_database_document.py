"""What docs/database/README.md says in code is what the migrations made: tables and policies."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it ships no types

# A row of a query: its columns by name, of any type.
Row = Mapping[str, Any]

DOCUMENT = Path(__file__).parents[4] / "docs" / "database" / "README.md"

COLUMN = re.compile(r"^\| `(\w+)` \| `(.+?)` \| (yes|no) \| (`.+?`|none) \|", re.MULTILINE)
BULLET = re.compile(
    r"^- ((?:Type|\w+ key|Unique|Index|Check|Policy|Grant|Trigger|Function) `.+?)\.(?: |$)",
    re.MULTILINE,
)
TABLES = """
    select oid, relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
"""
COLUMNS = """
    select attname, format_type(atttypid, atttypmod) as type, collname, attnotnull,
        pg_get_expr(adbin, adrelid) as fallback
    from pg_attribute
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    left join pg_collation on pg_collation.oid = attcollation and collname <> 'default'
    where attrelid = $1::oid and attnum > 0 and not attisdropped
"""
CONSTRAINTS = """
    select conname, contype::text, confdeltype::text, pg_get_constraintdef(oid) as said,
        array(select attname from unnest(conkey) with ordinality as k (n, place)
            join pg_attribute on attrelid = conrelid and attnum = n order by place) as columns,
        array(select attname from pg_attribute
            where attrelid = confrelid and attnum = any (confkey)) as targets,
        (select nspname || '.' || relname from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where pg_class.oid = confrelid) as target
    from pg_constraint where conrelid = $1::oid and contype in ('p', 'f', 'u', 'c')
"""
INDEXES = """
    select relname, array(select pg_get_indexdef(indexrelid, place, true)
        from generate_series(1, indnkeyatts) as place) as columns
    from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = $1::oid and not exists (select from pg_constraint where conindid = indexrelid)
"""
POLICIES = """
    select policyname, lower(cmd) as cmd, roles::text[], qual, with_check from pg_policies
    where schemaname = 'public' and tablename = $1
"""
GRANTS = """
    select grantee, lower(privilege_type) as privilege, null as columns
    from information_schema.role_table_grants
    where table_schema = 'public' and table_name = $1 and grantee in ('anon', 'authenticated')
    union all
    select grantee, lower(privilege_type), string_agg(format('`%s`', column_name), ', '
        order by ordinal_position)
    from information_schema.column_privileges
    join information_schema.columns using (table_schema, table_name, column_name)
    where table_schema = 'public' and table_name = $1 and grantee in ('anon', 'authenticated')
        and not exists (select from information_schema.role_table_grants as whole
            where whole.table_schema = 'public' and whole.table_name = $1
                and whole.grantee = column_privileges.grantee
                and whole.privilege_type = column_privileges.privilege_type)
    group by 1, 2
"""
TRIGGERS = """
    select tgname, proname from pg_trigger join pg_proc on pg_proc.oid = tgfoid
    where tgrelid = $1::oid and not tgisinternal
"""
ENUMS = """
    select typname, array(select enumlabel from pg_enum where enumtypid = pg_type.oid
        order by enumsortorder) as labels
    from pg_type where typtype = 'e' and typnamespace = 'public'::regnamespace
"""
FUNCTIONS = """
    select proname, pg_get_function_result(oid) as gives from pg_proc
    where pronamespace = 'public'::regnamespace
"""
DELETES = {"c": "cascade", "a": "no action", "n": "set null", "r": "restrict"}


def told(document: str) -> Iterator[str]:
    """Say what the document claims, one fact a line."""
    _, *sections = re.split(r"^## `(\w+)`$", document, flags=re.MULTILINE)
    for table, section in zip(sections[::2], sections[1::2], strict=True):
        for name, kind, null, fallback in COLUMN.findall(section):
            yield f"{table}: column `{name}` is `{kind}`, null: {null}, default: {fallback}"
        for fact in BULLET.findall(section):
            yield fact if fact.startswith(("Type", "Function")) else f"{table}: {fact}"


async def found(database: asyncpg.Connection) -> set[str]:
    """Say the same of the database."""
    enums, functions = await database.fetch(ENUMS), await database.fetch(FUNCTIONS)
    facts = [f"Type `{name}`: {quoted(labels)}" for name, labels in enums]
    facts += [f"Function `{name}`: gives `{gives}`" for name, gives in functions]
    for oid, table in await database.fetch(TABLES):
        for sql, say in SAID.items():
            rows = await database.fetch(sql, oid if "$1::oid" in sql else table)
            facts += [f"{table}: {say(row)}" for row in rows]
    return set(facts)


def column(row: Row) -> str:
    kind = row["type"] + (f' collate "{row["collname"]}"' if row["collname"] else "")
    null = "no" if row["attnotnull"] else "yes"
    fallback = f"`{row['fallback']}`" if row["fallback"] else "none"
    return f"column `{row['attname']}` is `{kind}`, null: {null}, default: {fallback}"


def constraint(row: Row) -> str:
    name, columns = f"`{row['conname']}`", quoted(row["columns"])
    match row["contype"]:
        case "p":
            return f"Primary key {name}: {columns}"
        case "u":
            return f"Unique {name}: {columns}"
        case "f":
            target = f"`{row['target']}.{row['targets'][0]}`"
            deleted = DELETES[row["confdeltype"]]
            return f"Foreign key {name}: {columns} to {target}, on delete {deleted}"
    return f"Check {name}: `{row['said'].removeprefix('CHECK ')}`"


def policy(row: Row) -> str:
    rules = {"using": row["qual"], "with check": row["with_check"]}
    said = ", ".join(f"{how} `{shortly(rule)}`" for how, rule in rules.items() if rule)
    return f"Policy `{row['policyname']}`: {row['cmd']} by {quoted(row['roles'])}, {said}"


def shortly(rule: str) -> str:
    """Write a rule without what Postgres adds to it."""
    asked = rule.replace("( SELECT auth.uid() AS uid)", "auth.uid()")
    return asked.removeprefix("(").removesuffix(")")


def grant(row: Row) -> str:
    of = f" of {row['columns']}" if row["columns"] else ""
    return f"Grant `{row['privilege']}`: to `{row['grantee']}`{of}"


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# How the rows of a query are told. A query is about a table, by its number or by its name.
SAID: Mapping[str, Callable[[Row], str]] = {
    COLUMNS: column,
    CONSTRAINTS: constraint,
    INDEXES: lambda row: f"Index `{row['relname']}`: {quoted(row['columns'])}",
    TRIGGERS: lambda row: f"Trigger `{row['tgname']}`: calls `{row['proname']}`",
    POLICIES: policy,
    GRANTS: grant,
}


async def test_the_document_tells_what_the_database_has(database: asyncpg.Connection) -> None:
    claims = set(told(DOCUMENT.read_text(encoding="utf-8")))
    facts = await found(database)

    assert sorted(facts - claims) == [], "The document does not tell this."
    assert sorted(claims - facts) == [], "The database does not have this."


def test_a_difference_would_be_seen() -> None:
    document = """
## `a`

| `b` | `text collate "C"` | no | none | `str` | x |
| `c` | `integer` | no | `1` | `int` | x |

- Index `d`: `b`. Why.
- Policy `a_select`: select by `authenticated`, using `true`. Why.
- Function `f`: gives `trigger`. Why.
"""

    assert list(told(document)) == [
        'a: column `b` is `text collate "C"`, null: no, default: none',
        "a: column `c` is `integer`, null: no, default: `1`",
        "a: Index `d`: `b`",
        "a: Policy `a_select`: select by `authenticated`, using `true`",
        "Function `f`: gives `trigger`",
    ]
