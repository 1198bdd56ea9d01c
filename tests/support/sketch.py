"""The texts that depend on the team, rendered without Copier: for all teams rather than some."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from tests.support.render import Render
from tests.support.tables import Answers, environment, evaluate
from tests.support.template import template

FOR_EACH_AGENT = "{% yield agent from agents %}{{ agent }}{% endyield %}"


def sketch(answers: Answers) -> Render:
    """A render that holds the agents, the forms, the map and what speaks of the whole team."""
    context = cast("Mapping[str, object]", evaluate(answers))
    return Render(Path(), answers, dict(texts(context)))


def texts(context: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name in ("AGENTS.md", ".claude/skills/feature/SKILL.md", "team/team.json"):
        yield name, text(name, context)
    for agent in cast("list[str]", context["agents"]):
        yield f".claude/agents/{agent}.md", text(f".claude/agents/{agent}.md", context)
        form = text(f"handoff/{FOR_EACH_AGENT}/README.md", {**context, "agent": agent})
        yield f"handoff/{agent}/README.md", form


def text(name: str, context: Mapping[str, object]) -> str:
    return environment(template()).get_template(f"template/{name}.jinja").render(context)
