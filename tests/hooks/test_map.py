"""team.json and the client's settings say what the tables say."""

import json
import shlex
from typing import Any

import pytest

from tests.support.answers import CHOICES, subsets
from tests.support.handoffs import waits
from tests.support.owners import owner
from tests.support.render import Renderer
from tests.support.tables import Answers, Link, Tables, compiled, evaluate
from tests.support.template import template

# What the main session may do, which is a person's own: the last match counts here too.
MAIN = [
    {"path": "**", "may": "write"},
    {"path": ".claude/**", "may": "ask"},
    {"path": "team/**", "may": "ask"},
]


def rendered(name: str, answers: Answers) -> str:
    """One file of a project, without the rest."""
    root = template()
    source = (root / "template" / f"{name}.jinja").read_text("utf-8")
    return compiled(root, source).render(evaluate(answers))


def end(link: Link, other: str) -> dict[str, object]:
    """What a row says of a handoff to one of its ends."""
    told = (other, "what", "told", "phase")
    return {key: value for key, value in link.items() if key in told}


def rows(tables: Tables) -> list[dict[str, object]]:
    """The agents' rows as they must be."""
    roster: Any = tables["roster"]
    links = tables["links"]
    after = {name: waits(tables, name) for name in tables["agents"]}
    return [
        {
            "name": name,
            "phase": roster[name]["phase"],
            "does": roster[name]["does"],
            "receives": [end(link, "from") for link in links if link["to"] == name],
            "hands_to": [end(link, "to") for link in links if link["from"] == name],
            "beside": [
                other
                for other in tables["agents"]
                if roster[other]["phase"] == roster[name]["phase"]
                and other not in after[name] | {name}
                and name not in after[other]
            ],
        }
        for name in tables["agents"]
    ]


def test_the_map_says_what_the_tables_say_for_every_team() -> None:
    seen: set[str] = set()
    for off in subsets():
        answers: Answers = {"agents_off": off}
        tables = evaluate(answers)
        data: dict[str, Any] = json.loads(rendered("team/team.json", answers))
        assert list(data) == ["version", "agents", "work", "tools", "zones", "main"]
        assert data["version"] == 1
        assert data["agents"] == rows(tables), off
        assert data["zones"] == [
            {"path": zone["path"], "owner": owner(zone, tables["agents"])}
            for zone in tables["zones"]
        ]
        assert data["main"] == MAIN
        seen |= {other for row in data["agents"] for other in row["beside"]}
    assert seen


def test_a_row_is_a_line() -> None:
    """So that a merge, and a reader of a diff, sees one agent or path at a time."""
    text = rendered("team/team.json", {})
    data = json.loads(text)
    settings = (template() / "template" / ".claude" / "settings.json").read_text()
    entries = [entry for event in json.loads(settings)["hooks"].values() for entry in event]
    text += settings
    lines = [line.strip().rstrip(",") for line in text.splitlines()]
    for row in (*data["agents"], *data["zones"], *data["main"], *entries):
        assert json.dumps(row, ensure_ascii=False) in lines


@pytest.mark.parametrize("service", CHOICES["docs_lookup"])
def test_the_documentation_service_is_the_one_server(service: str) -> None:
    settings = json.loads(rendered(".mcp.json", {"docs_lookup": service}))
    servers = dict(settings["mcpServers"])
    assert list(settings) == ["mcpServers"]
    assert list(servers) == ([] if service == "none" else [service])
    assert all(server["url"].startswith("https://") for server in servers.values())


@pytest.mark.parametrize("service", CHOICES["docs_lookup"])
def test_the_server_of_a_layer_only_reads(service: str) -> None:
    answers = {"docs_lookup": service, "data_layer": "supabase"}
    servers = json.loads(rendered(".mcp.json", answers))["mcpServers"]
    assert list(servers) == [*([] if service == "none" else [service]), "supabase"]
    assert "read_only=true" in servers["supabase"]["url"]
    # Without a project of one's own it must not reach everything that an account has.
    assert "project_ref=${SUPABASE_PROJECT_REF:-none}" in servers["supabase"]["url"]


@pytest.mark.parametrize(
    ("off", "reads"),
    [([], "database-architect"), (["database-architect"], "backend-developer")],
)
def test_who_writes_migrations_has_the_tools_of_the_layer(off: list[str], reads: str) -> None:
    answers = {"data_layer": "supabase", "agents_off": off}
    for name in ("database-architect", "backend-developer", "code-reviewer"):
        if name not in off:
            card = rendered(f".claude/agents/{name}.md", answers)
            assert ("mcp__supabase__" in card) is (name == reads)


CALLED = {
    "PreToolUse": ["guard"],
    "PostToolUse": ["audit", "report"],
    "SubagentStart": ["audit", "start"],
    "SubagentStop": ["audit", "stop"],
}


@pytest.mark.parametrize("event", CALLED)
def test_the_settings_call_the_program_that_is_there(event: str, render: Renderer) -> None:
    root = render({}).root
    settings = json.loads((root / ".claude" / "settings.json").read_text())
    assert set(settings["hooks"]) == {*CALLED}
    (entry,) = settings["hooks"][event]
    assert entry.get("matcher", "*") == ("Agent" if event == "PostToolUse" else "*")
    (hook,) = entry["hooks"]
    assert hook["type"] == "command"
    assert (hook["command"], hook["args"][:2]) == ("python3", ["-I", "-S"])
    program, *command = hook["args"][2:]
    assert (root / program.removeprefix("${CLAUDE_PROJECT_DIR}/")).is_file()
    assert command == CALLED[event]
    assert (hook.get("onFailure") == "block") is (event == "PreToolUse")


@pytest.mark.parametrize("event", CALLED)
def test_a_client_that_passes_over_the_arguments_runs_the_same_call(
    event: str, render: Renderer
) -> None:
    """Copilot's would run `python3` alone, with what it is told as its program."""
    root = render({}).root
    settings = json.loads((root / ".claude" / "settings.json").read_text())
    (entry,) = settings["hooks"][event]
    (hook,) = entry["hooks"]
    words = shlex.split(hook["bash"].replace("$CLAUDE_PROJECT_DIR", "${CLAUDE_PROJECT_DIR}"))
    assert words == [hook["command"], *hook["args"]]
    assert '"$CLAUDE_PROJECT_DIR"' in hook["bash"], "a folder may have a space in its name"


def test_no_call_has_a_time_of_its_own(render: Renderer) -> None:
    """Where the time is up, Copilot's client lets the call pass."""
    assert "timeout" not in render({}).files[".claude/settings.json"]
