"""Every path has one owner, and the right one, for every team, stack, layer and set of paths."""

from collections.abc import Mapping
from itertools import product

import pytest

import zones
from tests.support.answers import BACKENDS, CHOICES, ROSTER, subsets
from tests.support.owners import owner_of
from tests.support.tables import Answers, Tables, evaluate

# One more than is rendered: the backend inside the frontend, as small repositories have it.
REPOSITORIES: Mapping[str, Answers] = {
    **BACKENDS,
    "inside-the-frontend": {
        "stack": "existing",
        "app_path": "web/api",
        "tests_path": "web/api/tests",
        "migrations_path": "web/api/migrations",
        "contract_path": "web/api/openapi.yaml",
        "frontend_path": "web",
    },
}
PLACES = list(product(REPOSITORIES, CHOICES["data_layer"]))
Owners = Mapping[str, tuple[str, ...]]

DESIGNERS = ("api-designer", "architect", "backend-developer")
SCHEMA = ("database-architect", "backend-developer")
DEPLOYMENT = ("devops-engineer", "backend-developer")
ACCEPTANCE = ("test-engineer", "backend-developer")
BACKEND = ("backend-developer",)
A_PERSON = ()

ANYWHERE: Owners = {
    ".claude/agents/architect.md": A_PERSON,
    ".claude/notes/team.md": A_PERSON,
    ".claude/settings.json": A_PERSON,
    ".env": A_PERSON,
    ".env.production": A_PERSON,
    ".git": A_PERSON,
    ".git/hooks/pre-commit": A_PERSON,
    "backend/app/.git/config": A_PERSON,
    "handoff/architect/.git/config": A_PERSON,
    "AGENTS.md": A_PERSON,
    "README.md": A_PERSON,
    "handoff/architect/README.md": A_PERSON,
    "handoff/stranger/notes.md": A_PERSON,
    "tasks/notes/README.md": A_PERSON,
    "team/team.json": A_PERSON,
    ".env.example": BACKEND,
    ".github/workflows/check.yml": DEPLOYMENT,
    "docs/architecture.md": ("architect",),
    "docs/database/README.md": SCHEMA,
    "docs/design/notes.md": ("ui-ux-designer",),
    **{f"handoff/{name}/notes.md": (name,) for name in ROSTER},
}
RENDERED: Owners = {
    "backend/.env": A_PERSON,
    "backend/.env.example": BACKEND,
    "backend/Dockerfile": DEPLOYMENT,
    "backend/app/items/router.py": BACKEND,
    "backend/pyproject.toml": BACKEND,
    "backend/tests/items/test_service.py": BACKEND,
    "backend/uv.lock": BACKEND,
    "compose.yaml": DEPLOYMENT,
}
IN_A_REPOSITORY: Owners = {"Dockerfile": DEPLOYMENT, "pyproject.toml": BACKEND}
LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock"}


def expected(tables: Tables) -> Owners:
    """Candidates for sample paths, the first in the team first, under these answers."""
    given = {name: str(value) for name, value in tables.items() if name.endswith("_path")}
    asked = {
        f"{given['app_path']}/items/router.py": BACKEND,
        f"{given['app_path']}/adapters/tables.py": BACKEND,
        f"{given['tests_path']}/items/test_service.py": BACKEND,
        f"{given['tests_path']}/acceptance/test_items.py": ACCEPTANCE,
        f"{given['migrations_path']}/0001_items.py": SCHEMA,
        f"{given['frontend_path']}/src/items.ts": ("frontend-developer",),
        given["contract_path"]: DESIGNERS,
    }
    if tables["stack"] == "existing" and (lock := LOCKS.get(tables["runner"])):
        asked[lock] = BACKEND
    return {**ANYWHERE, **asked, **(RENDERED if tables["stack"] == "fastapi" else IN_A_REPOSITORY)}


@pytest.mark.parametrize(("backend", "layer"), PLACES)
def test_every_path_has_the_owner_it_should(backend: str, layer: str) -> None:
    answers: Answers = {**REPOSITORIES[backend], "data_layer": layer}
    wrong: dict[str, set[tuple[str, str]]] = {}
    for off in subsets():
        tables = evaluate({**answers, "agents_off": off})
        for path, candidates in expected(tables).items():
            due = next((name for name in candidates if name in tables["agents"]), zones.HUMAN)
            if (found := owner_of(path, tables)) != due:
                wrong.setdefault(path, set()).add((found, due))
    assert not wrong, "\n".join(f"{path}: (found, due) {pairs}" for path, pairs in wrong.items())


@pytest.mark.parametrize(("backend", "layer"), PLACES)
def test_candidates_are_agents(backend: str, layer: str) -> None:
    tables = evaluate({**REPOSITORIES[backend], "data_layer": layer, "agents_off": []})
    strangers = {name for zone in tables["zones"] for name in zone["owners"]} - {*ROSTER}
    assert not strangers


def test_the_first_row_matches_everything() -> None:
    """So every path has an owner, whatever rows follow."""
    assert evaluate({})["zones"][0]["path"] == "**"
    assert zones.matches("**", "any/path/at.all")
