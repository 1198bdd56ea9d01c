"""A project whose team hands over: its map, its forms, a feature, and what an agent writes."""

import json
from pathlib import Path
from typing import Any

import feature
import gate
import handoff
import journal
import zones
from tests.hooks.program import MAIN, commit, repository
from tests.hooks.work import Work

BACKEND, DESIGNER = "backend-developer", "api-designer"
TESTER, FRONTEND = "test-engineer", "frontend-developer"
NAME = "tags"
FORMS = {
    DESIGNER: {"Endpoints": "Each with method and path.", "Open questions": "What is open."},
    BACKEND: {
        "API contract": "Per endpoint: method, path, errors.",
        "Decisions": "What was decided, and why.",
    },
    TESTER: {"Covered": "Each test, and what it shows."},
    FRONTEND: {"Calls": "Each endpoint called, and from where."},
}
RECEIVES: dict[str, list[dict[str, str]]] = {
    DESIGNER: [{"from": FRONTEND, "what": "the endpoints it needs", "phase": "design"}],
    BACKEND: [{"from": DESIGNER, "what": "the endpoint design"}],
    TESTER: [
        {"from": DESIGNER, "what": "the contract"},
        {"from": BACKEND, "what": "functions worth tests"},
        {"from": BACKEND, "what": "the changed tables", "told": "for a changed schema"},
    ],
    FRONTEND: [{"from": DESIGNER, "what": "the contract"}],
}
OWNED = {
    "**": "human",
    "docs/openapi.yaml": DESIGNER,
    "backend/**": BACKEND,
    "frontend/**": FRONTEND,
    "backend/tests/acceptance/**": TESTER,
    "tasks/**": "human",
    "team/**": "human",
    ".claude/**": "human",
    "handoff/**": "human",
    **{f"handoff/{agent}/**": agent for agent in FORMS},
    "handoff/*/README.md": "human",
    "**/.env": "human",
    "**/.git/**": "human",
}
CONTRACT = """\
openapi: 3.1.0
paths:
  /tags:
    get:
      summary: List
  /tags/{tag_id}:
    delete:
      summary: Delete
"""
WORK = {
    "app": "backend/app",
    "tests": "backend/tests",
    "contract": "docs/openapi.yaml",
    "run": "python -m pytest -p team.outcome",
}
CODE = "backend/app/tags.py"


def team_map(tdd: str = "on-request") -> dict[str, Any]:
    """The map, as a project has it."""
    phases = {DESIGNER: "design", BACKEND: "build", FRONTEND: "build", TESTER: "build"}
    ends = [(end, agent) for agent, rows in RECEIVES.items() for end in rows]
    rows = [
        {
            "name": agent,
            "phase": phases[agent],
            "receives": RECEIVES[agent],
            "hands_to": [
                {**{key: end[key] for key in end.keys() - {"from"}}, "to": to}
                for end, to in ends
                if end["from"] == agent
            ],
        }
        for agent in FORMS
    ]
    return {
        "version": 1,
        "agents": rows,
        "work": {**WORK, "tdd": tdd},
        "tools": [],
        "zones": [{"path": path, "owner": owner} for path, owner in OWNED.items()],
        "main": [{"path": path, "may": may} for path, may in MAIN],
    }


def form(agent: str) -> str:
    """The README.md of an agent's folder, as a project has it."""
    rows = "\n".join(f"\n## {title}\n\n<{what}>" for title, what in FORMS[agent].items())
    return f"# What {agent} hands over\n\n```markdown\n---\nagent: {agent}\n---\n{rows}\n```\n"


class Teamwork(Work):
    """A project, in which features are opened and handed over."""

    @property
    def team(self) -> zones.Team:
        return zones.load(str(self.root))

    def open(self, *agents: str, name: str = NAME) -> int:
        return feature.run("open", name, [*agents], str(self.root))

    def faults(self, agent: str = BACKEND, name: str = NAME, *changed: str) -> list[str]:
        return handoff.faults(self.team, agent, name, changed)

    def early(self, agent: str, prompt: str = "Build it.") -> str:
        return gate.early(self.team, {"subagent_type": agent, "prompt": prompt})

    def hand(self, by: str = BACKEND, name: str = NAME, /, **changed: str | None) -> Path:
        """An agent writes a handoff; with `changed`, some parts are others, or not there."""
        inputs = handoff.inputs(self.team, by, name)
        rows = [f"  {place}: {handoff.digest(str(self.root / place))}" for place in inputs]
        parts: dict[str, str | None] = {
            "agent": by,
            "feature": name,
            "task": "none",
            "time": "2026-01-31T14:05:00+00:00",
            "status": "DONE",
            "inputs": "\n".join(["", *rows]) if rows else "{}",
            "files": "[]",
            **dict.fromkeys(FORMS[by], f"`GET /tags`, for {name}."),
        }
        parts |= {key.replace("_", " "): value for key, value in changed.items()}
        given = {key: value for key, value in parts.items() if value is not None}
        head = [f"{key}: {value}" for key, value in given.items() if key not in FORMS[by]]
        body = [f"## {key}\n\n{value}\n" for key, value in given.items() if key in FORMS[by]]
        text = "\n".join(["---", *head, "---", "", *body])
        return self.write(f"handoff/{by}/{name}.md", text)

    def noted(self, event: str) -> list[dict[str, Any]]:
        return [row for row in journal.events(str(self.root)) if row["event"] == event]


def teamwork(folder: Path, tdd: str = "on-request") -> Teamwork:
    """A project whose files are committed; nothing is open."""
    root = repository(folder.resolve() / "project")
    (root / "team" / "team.json").write_text(json.dumps(team_map(tdd)))
    work = Teamwork(root)
    for agent in FORMS:
        work.write(f"handoff/{agent}/README.md", form(agent))
    work.write("docs/openapi.yaml", CONTRACT)
    work.write(f"tasks/{NAME}/README.md", "# Tags\n")
    work.write(f"tasks/{NAME}/1-add-tags.md", "# Add tags\n")
    work.write("backend/app/main.py", "def main() -> int:\n    return 1\n")
    work.write(".gitignore", ".baton/\n__pycache__/\n")
    commit(root)
    return work
