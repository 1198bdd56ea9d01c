"""What a data layer touches: a project differs from one with another layer in these places only."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import combinations
from typing import cast

import pytest

from tests.support import strict_yaml
from tests.support.answers import TABLES
from tests.support.render import Renderer

# By pattern, each with what it is.
PLACES = {
    "backend/app/adapters/{layer}/*": "its adapters",
    "backend/tests/adapters/{layer}/*": "their tests, and who uses the service in the others",
    "backend/app/layer.py": "which adapters there are",
    "backend/app/features.py": "whether there are accounts of its own",
    "backend/app/accounts/*": "those",
    "backend/tests/accounts/*": "their tests",
    "backend/migrations/*": "its migrations",
    "backend/alembic.ini": "how they are run",
    "supabase/*": "its migrations, and its own tool",
    "backend/.env.example": "its settings",
    "backend/pyproject.toml": "its dependencies",
    "compose.yaml": "its services",
    "docs/openapi.yaml": "the accounts' part of the contract",
    "docs/architecture.md": "who may do what, by whom",
    "docs/database/README.md": "its tables",
    "README.md": "how it is run and deployed",
    ".mcp.json": "its server",
    "AGENTS.md": "the agents' texts about it",
    ".claude/agents/*.md": "the same",
    ".claude/skills/*.md": "the same",
    "team/team.json": "who owns its paths",
    ".copier-answers.yml": "the answer",
}
PAIRS = [pair for pair in combinations(TABLES["layers"], 2) if set(pair) >= {"supabase"}]


def strays(one: Mapping[str, str], other: Mapping[str, str], layers: tuple[str, str]) -> list[str]:
    """The files in which two projects differ though nobody said so."""
    allowed = [place.format(layer=layer) for place in PLACES for layer in layers]
    return sorted(
        path
        for path in one.keys() | other.keys()
        if one.get(path) != other.get(path)
        and not any(fnmatchcase(path, place) for place in allowed)
    )


@pytest.mark.parametrize("layers", PAIRS, ids="-".join)
@pytest.mark.parametrize("sse", [True, False])
def test_another_layer_touches_nothing_else(
    layers: tuple[str, str], render: Renderer, *, sse: bool
) -> None:
    one, other = (render({"data_layer": layer, "sse": sse}).files for layer in layers)

    assert strays(one, other, layers) == []
    stray = {**other, "backend/app/items/router.py": "", "backend/app/main.py": ""}
    assert len(strays(one, stray, layers)) == 2


@pytest.mark.parametrize("layers", PAIRS, ids="-".join)
def test_every_place_is_needed(layers: tuple[str, str], render: Renderer) -> None:
    one, other = (render({"data_layer": layer}).files for layer in layers)
    touched = {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}
    for place in PLACES:
        patterns = [place.format(layer=layer) for layer in layers]
        assert any(fnmatchcase(path, each) for path in touched for each in patterns), place


def contract(files: Mapping[str, str]) -> tuple[dict[str, object], dict[str, object]]:
    """The paths and the shapes of a contract that are not the accounts'."""
    told = cast("Mapping[str, Mapping[str, object]]", strict_yaml.load(files["docs/openapi.yaml"]))
    paths = {path: said for path, said in told["paths"].items() if "accounts" not in str(said)}
    shapes = cast("Mapping[str, object]", told["components"]["schemas"])
    own = ("Account", "Session")
    return paths, {name: said for name, said in shapes.items() if not name.startswith(own)}


@pytest.mark.parametrize("layers", PAIRS, ids="-".join)
def test_but_for_the_accounts_the_contract_is_the_same(
    layers: tuple[str, str], render: Renderer
) -> None:
    one, other = (contract(render({"data_layer": layer}).files) for layer in layers)

    assert one == other
    assert "/api/v1/items" in one[0]


@pytest.mark.parametrize("layers", PAIRS, ids="-".join)
def test_what_stores_the_items_is_tried_by_the_same_tests(
    layers: tuple[str, str], render: Renderer
) -> None:
    one, other = (render({"data_layer": layer}).files for layer in layers)
    shared = ("backend/tests/items/", "backend/tests/security/", "backend/tests/test_health.py")
    tests = {path for path in one if path.startswith(shared)}

    assert len(tests) > 15
    assert {path: one[path] for path in tests} == {path: other.get(path) for path in tests}
