"""What a case is, and the agents and paths that the cases speak of most."""

from typing import NamedTuple


class Case(NamedTuple):
    """A call of a tool: its form, whose it is, what it is given, and what it would change."""

    form: str
    agent: str
    tool: str
    given: str
    path: str


DESIGN, ARCHITECT, DATABASE = "ui-ux-designer", "architect", "database-architect"
API, BACKEND, FRONTEND = "api-designer", "backend-developer", "frontend-developer"
DEVOPS, TESTS, REVIEW = "devops-engineer", "test-engineer", "code-reviewer"
AGENTS = (DESIGN, ARCHITECT, DATABASE, API, BACKEND, FRONTEND, DEVOPS, TESTS, REVIEW)
STRANGER = "general-purpose"

CONTRACT, DOCUMENT, TABLES = "docs/openapi.yaml", "docs/architecture.md", "docs/database/README.md"
ROUTER, ACCEPTANCE = "backend/app/items/router.py", "backend/tests/acceptance/test_items.py"
