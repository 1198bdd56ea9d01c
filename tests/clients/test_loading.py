"""The real client loads the team as it was rendered: every agent, tool, skill and setting."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.claude import Call, Delegate, Run
from tests.clients.stage import SetStage, Stage
from tests.render.checks_agents import TOOLS
from tests.support.answers import RECIPES, ROSTER
from tests.support.markdown import front_matter
from tests.support.tables import Answers

TEAMS: dict[str, Answers] = {
    "default": {},
    **{name: {"recipe": name} for name in RECIPES},
    "full": {"agents_off": []},
}


def roll_call(stage: Stage) -> Run:
    """A run in which every agent that has a file is called, and answers."""
    names = [path.stem for path in sorted((stage.root / ".claude" / "agents").glob("*.md"))]
    return stage.play([Delegate(name, ["Here."]) for name in names], "All were called.")


def faults(stage: Stage, run: Run, bare: Run) -> list[str]:
    """What the client did not take as it was meant."""
    files = sorted((stage.root / ".claude" / "agents").glob("*.md"))
    folders = (stage.root / ".claude" / "skills").iterdir()
    skills = sorted(folder.name for folder in folders if any(folder.iterdir()))
    servers = json.loads((stage.root / ".mcp.json").read_text())["mcpServers"]
    found = [f"it complains: {complaint}" for complaint in run.complaints]
    for kind, meant in (("agents", [path.stem for path in files]), ("skills", skills)):
        loaded = sorted(run.init[kind])
        if loaded != sorted([*bare.init[kind], *meant]):
            found.append(f"of the {kind} {meant} it loaded {loaded}")
    if [server["name"] for server in run.init["mcp_servers"]] != list(servers):
        found.append(f"of the servers {list(servers)} it loaded {run.init['mcp_servers']}")
    for number, path in enumerate(files, start=1):
        found += agent_faults(path, f"{path.stem}-{number}", run)
    return found


def agent_faults(path: Path, actor: str, run: Run) -> list[str]:
    """Whether the agent was there, with its tools, its words and the project's page."""
    if actor not in run.outcome["offered"]:
        return [f"{actor} was never asked"]
    text = path.read_text()
    named = str(front_matter(text).get("tools", "")).split(", ")
    tools = {tool for tool in named if not tool.startswith("mcp__")}
    context = run.context(actor)
    found = []
    if run.tools(actor) != tools:
        found.append(f"of the tools {sorted(tools)} {actor} has {sorted(run.tools(actor))}")
    if text.partition("\n---\n")[2].strip() not in context:
        found.append(f"{actor} was not told what {path.name} says")
    return found


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(answers, id=name, marks=[pytest.mark.slow] if name in RECIPES else [])
        for name, answers in TEAMS.items()
    ],
)
def test_the_whole_team_loads(stage: SetStage, bare: Run, answers: Answers) -> None:
    here = stage(answers)
    assert faults(here, roll_call(here), bare) == []


def test_everyone_reads_the_page_for_all(stage: SetStage) -> None:
    here = stage({})
    page = (here.root / "AGENTS.md").read_text().strip()
    run = here.play([Delegate("backend-developer", ["Here."])], "Done.")
    assert page in run.context("main")
    assert page in run.context("backend-developer-1")


CARD = ".claude/agents/backend-developer.md"
SKILL = ".claude/skills/handoff/SKILL.md"
SETTINGS = ".claude/settings.json"
ALONE: Answers = {"agents_off": [name for name in ROSTER if name != "backend-developer"]}

# What the client passes over without a word to the user, and what shows it.
SPOILERS: dict[str, tuple[Callable[[Stage], None], str]] = {
    "no front matter": (lambda at: at.edit(CARD, "---\n", ""), "of the agents"),
    "no name": (lambda at: at.edit(CARD, "name: ", "nick: "), "of the agents"),
    "another name": (lambda at: at.edit(CARD, "name: ", "name: a-"), "of the agents"),
    "unknown tool": (lambda at: at.edit(CARD, "tools: ", "tools: Grep, "), "of the tools"),
    "skill of another name": (lambda at: at.rename(SKILL, "README.md"), "of the skills"),
    "half a settings file": (lambda at: at.edit(SETTINGS, "{", ""), "Invalid or malformed JSON"),
    "unknown event": (lambda at: at.edit(SETTINGS, "PreToolUse", "BeforeTool"), "BeforeTool"),
    "entry without a type": (lambda at: at.edit(SETTINGS, '"type"', '"kind"'), "hooks.0.type"),
}


@pytest.mark.parametrize(("spoil", "shows"), SPOILERS.values(), ids=SPOILERS)
def test_what_it_would_pass_over_is_found(
    stage: SetStage, bare: Run, spoil: Callable[[Stage], None], shows: str
) -> None:
    here = stage(ALONE)
    spoil(here)
    assert any(shows in fault for fault in faults(here, roll_call(here), bare))


def test_it_has_every_tool_that_a_card_may_name(bare: Run) -> None:
    has = {re.sub("^Task$", "Agent", tool) for tool in bare.init["tools"]}
    assert has >= TOOLS


def test_an_agent_loads_the_skills_of_the_project(stage: SetStage) -> None:
    here = stage({})
    body = (here.root / SKILL).read_text().partition("\n---\n")[2].strip()
    loading = [Call("Skill", {"skill": "handoff"})]
    run = here.play([Delegate("backend-developer", [loading, "Loaded."])], "Done.")
    (loaded,) = run.results("backend-developer-1")
    assert not loaded.refused
    assert body in run.context("backend-developer-1")
