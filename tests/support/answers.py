"""The answer space: every answer set with the full team, and teams under pairwise answers."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, product
from typing import cast

from tests.support.tables import Answers, evaluate

TABLES = cast("Mapping[str, Mapping[str, object]]", evaluate({}))
ROSTER = tuple(TABLES["roster"])
RECIPES = tuple(name for name in TABLES["recipes"] if name != "custom")

# Where a backend is: the one that is rendered, or one of three repositories that have theirs. They
# differ in runner and folders; the last nests its folders, so that zones overlap.
BACKENDS: Mapping[str, Answers] = {
    "fastapi": {"stack": "fastapi"},
    "uv-repository": {"stack": "existing", "runner": "uv"},
    "poetry-repository": {
        "stack": "existing",
        "runner": "poetry",
        "app_path": "src/shop",
        "tests_path": "src/shop_tests",
        "migrations_path": "db/versions",
        "contract_path": "api/openapi.json",
        "frontend_path": "web",
    },
    "pip-repository": {
        "stack": "existing",
        "runner": "pip",
        "app_path": "shop",
        "tests_path": "shop/tests",
        "migrations_path": "shop/migrations",
        "contract_path": "shop/openapi.yaml",
        "frontend_path": "shop/pages",
    },
}
CHOICES: Mapping[str, Sequence[object]] = {
    "data_layer": tuple(TABLES["layers"]),
    "sse": (True, False),
    "tdd": tuple(TABLES["strictness"]),
    "change_policy": tuple(TABLES["policies"]),
    "docs_lookup": tuple(TABLES["lookups"]),
}
TEAMS: Mapping[str, tuple[str, ...]] = {
    "everybody": (),
    **{f"without-{name}": (name,) for name in ROSTER},
    **{f"{name}-alone": tuple(other for other in ROSTER if other != name) for name in ROSTER},
}


def answer_set(row: Mapping[str, object]) -> Answers:
    """A row of choices as answers: its backend and its team are several."""
    choices = {name: value for name, value in row.items() if name in CHOICES}
    off = list(TEAMS.get(str(row.get("team")), ()))
    return {**BACKENDS[str(row["backend"])], **choices, "agents_off": off}


def label(row: Mapping[str, object]) -> str:
    """A row in a line, as the name of its test case."""
    return "-".join(
        ("sse" if value else "quiet") if isinstance(value, bool) else str(value)
        for value in row.values()
    )


def full_teams(
    backends: Iterable[str] = ("fastapi", "uv-repository"),
) -> Iterator[Mapping[str, object]]:
    """Every answer set with the full team, in a new backend and in one that is there."""
    for values in product(backends, *CHOICES.values()):
        yield dict(zip(("backend", *CHOICES), values, strict=True))


def some_teams() -> Iterator[Mapping[str, object]]:
    """Everybody, each agent out and each alone, under pairwise answers."""
    yield from all_pairs({"team": tuple(TEAMS), "backend": tuple(BACKENDS), **CHOICES})


Choice = tuple[str, object]


def all_pairs(factors: Mapping[str, Sequence[object]]) -> Iterator[Mapping[str, object]]:
    """Rows in which any two values of two factors meet at least once; greedy, always the same."""
    values = [(name, value) for name, options in factors.items() for value in options]
    due = {frozenset(pair): None for pair in combinations(values, 2) if pair[0][0] != pair[1][0]}
    while due:
        row = dict(sorted(next(iter(due)), key=values.index))
        for name, options in factors.items():
            if name not in row:
                new = max(((name, value) for value in options), key=partial(gain, row, due))
                row.update([new])
        for pair in combinations(row.items(), 2):
            due.pop(frozenset(pair), None)
        yield {name: row[name] for name in factors}


def gain(row: Mapping[str, object], due: Container[frozenset[Choice]], new: Choice) -> int:
    """How many pairs that are due a choice would add to a row."""
    return sum(frozenset((new, old)) in due for old in row.items())


def subsets() -> Iterator[list[str]]:
    """Whom to leave out, for every team of at least one."""
    for size in range(len(ROSTER)):
        yield from (list(off) for off in combinations(ROSTER, size))
