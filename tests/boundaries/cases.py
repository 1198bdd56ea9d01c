"""What agents must not write, by every tool that writes. Each row is a case.

The cases play in the project of scene.py. A path is seen from there, or begins with `~/`.
"""

from collections.abc import Iterator

from tests.boundaries.commands import COMMANDS
from tests.boundaries.names import (
    API,
    ARCHITECT,
    BACKEND,
    CONTRACT,
    DATABASE,
    DESIGN,
    DEVOPS,
    FRONTEND,
    REVIEW,
    STRANGER,
    TESTS,
    Case,
)
from tests.boundaries.spellings import SPELLINGS

# agent -> form -> the tool and the path that it is given; after an arrow the path that it is
FILES = {
    BACKEND: {
        "a file of another's": "Write docs/openapi.yaml",
        "an edit of another's file": "Edit docs/openapi.yaml",
        "an edit of another's notebook": "NotebookEdit docs/design/study.ipynb",
        "an absolute path": "Write {project}/docs/architecture.md -> docs/architecture.md",
        "a way round": "Write backend/../docs/openapi.yaml -> docs/openapi.yaml",
        "a way through nowhere": "Write backend/no/../../docs/new.md -> docs/new.md",
        "a link to another's folder": "Write backend/link/openapi.yaml -> docs/openapi.yaml",
        "a new file in another's folder": "Write docs/design/new.md",
        "another's part of the own folder": "Write backend/migrations/versions/0002.py",
        "another's file in the own folder": "Write backend/Dockerfile",
        "the name in other case": "Write backend/dockerfile",
        "a folder's name in other case": "Write backend/Migrations/0002.py",
        "the name with a sign that nobody sees": "Write backend/.en\u200dv",
        "a sign that some take for another": "Write backend/te\u017fts/acceptance/test_x.py",
        "another's file in a worktree": "Write .claude/worktrees/one/docs/openapi.yaml",
        "a secret": "Write backend/.env",
        "a secret by another name": "Write backend/.env.local",
        "another's handoff": "Write handoff/architect/items.md",
        "the form of the own handoff": "Write handoff/backend-developer/README.md",
        "a brief": "Write tasks/items/README.md",
        "the map of the team": "Edit team/team.json",
        "what a project adds to it": "Write team/local.json",
        "the guard itself": "Write team/guard.py",
        "the client's settings": "Write .claude/settings.json",
        "the client's settings on this machine": "Write .claude/settings.local.json",
        "an agent's card": "Edit .claude/agents/backend-developer.md",
        "what git runs": "Write .git/hooks/pre-commit",
        "a file outside the repository": "Write ../outside.txt",
        "a file at home": "Write {home}/.bashrc -> ~/.bashrc",
    },
    DESIGN: {
        "a file of another's": "Write frontend/src/app.ts",
        "an edit of another's file": "Edit docs/architecture.md",
        "a way round": "Write docs/design/../architecture.md -> docs/architecture.md",
        "a file of a person's": "Write README.md",
        "another's handoff": "Write handoff/frontend-developer/items.md",
        "a name that begins like the own folder's": "Write docs/design.md",
    },
    ARCHITECT: {
        "a file of another's": "Write docs/openapi.yaml",
        "an edit of another's file": "Edit docs/database/README.md",
        "the code": "Write backend/app/items/router.py",
        "the rules for all": "Write AGENTS.md",
        "a brief": "Write tasks/README.md",
        "a file outside the repository": "Write ../notes.md",
    },
    API: {
        "a file of another's": "Write docs/architecture.md",
        "the code": "Edit backend/app/items/router.py",
        "a new file beside the own one": "Write docs/openapi.json",
        "the own name in other case": "Write docs/OpenAPI.yaml",
        "an agent's card": "Write .claude/agents/api-designer.md",
        "a link to another's folder": "Write backend/link/architecture.md -> docs/architecture.md",
    },
    DATABASE: {
        "the models of its tables": "Edit backend/app/items/router.py",
        "a secret": "Write .env",
    },
    TESTS: {"another's tests": "Write backend/tests/test_new.py"},
    REVIEW: {"what it reviews": "Write backend/app/items/router.py"},
    DEVOPS: {"the dependencies": "Edit backend/pyproject.toml"},
    FRONTEND: {
        "the contract that it reads": "Edit docs/openapi.yaml",
        "a secret by another name": "Write frontend/.env.local",
    },
    STRANGER: {"a file, by who is not in the team": "Write backend/app/new.py"},
}
# Nothing says what these write, so they are taken for writers.
UNKNOWN = (
    Case("a shell by another name", BACKEND, "Monitor", f"echo x > {CONTRACT}", CONTRACT),
    Case("a tool of a server", BACKEND, "mcp__files__write", CONTRACT, CONTRACT),
    Case("a tool that nobody knows", TESTS, "Scribble", CONTRACT, CONTRACT),
)


def files() -> Iterator[Case]:
    for agent, forms in FILES.items():
        for form, call in forms.items():
            tool, _, given = call.partition(" ")
            given, _, path = given.partition(" -> ")
            yield Case(form, agent, tool, given, path or given)


def commands() -> Iterator[Case]:
    for (agent, path), forms in {**COMMANDS, **SPELLINGS}.items():
        for form, command in forms.items():
            yield Case(form, agent, "Bash", command, path)


FORBIDDEN = (*files(), *UNKNOWN, *commands())
