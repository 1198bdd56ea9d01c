"""What the client needs from agents and skills; it skips in silence what it does not understand."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from tests.support.markdown import FRONT_MATTER, front_matter, headings
from tests.support.render import Render
from tests.support.strict_yaml import YAMLError

# Claude Code 2.1.328.
TOOLS = {
    *("Agent", "Bash", "Edit", "NotebookEdit", "Read", "Skill", "WebFetch", "WebSearch", "Write"),
}
MODELS = {"sonnet", "opus", "haiku", "inherit"}
COLOURS = {"red", "blue", "green", "yellow", "purple", "orange", "pink", "cyan"}
AGENT_KEYS = {
    *("background", "color", "description", "disallowedTools", "effort", "hooks", "isolation"),
    *("maxTurns", "mcpServers", "memory", "model", "name", "permissionMode", "skills", "tools"),
}
SKILL_KEYS = {
    *("agent", "allowed-tools", "argument-hint", "context", "description"),
    *("disable-model-invocation", "hooks", "model", "name", "paths", "user-invocable"),
}
SECTIONS = ["Mission", "Boundaries", "Before you start", "Work", "Hand over", "Report"]
LONGEST_DESCRIPTION = 160
FEWEST_WORDS, MOST_WORDS, MOST_CHARACTERS = 250, 380, 2800


def agents(render: Render) -> dict[str, str]:
    """The agents' files by the name that their path gives them."""
    return {
        PurePosixPath(name).stem: text
        for name, text in render.files.items()
        if re.fullmatch(r"\.claude/agents/[^/]+\.md", name)
    }


def skills(render: Render) -> dict[str, str]:
    """The skills' files by the name that their folder gives them."""
    return {
        PurePosixPath(name).parts[2]: text
        for name, text in render.files.items()
        if re.fullmatch(r"\.claude/skills/[^/]+/SKILL\.md", name)
    }


def the_team_is_rendered(render: Render) -> list[str]:
    """One file an agent of the team, and none besides."""
    team, there = set(render.tables["agents"]), set(agents(render))
    faults = [f"{name} is in the team and has no file" for name in sorted(team - there)]
    return faults + [f"{name} has a file and is not in the team" for name in sorted(there - team)]


def front_matter_is_strict(render: Render) -> list[str]:
    """Strict YAML with keys that the client knows, and the name that the path says."""
    files = [
        ("agent", AGENT_KEYS, "Use when", agents(render)),
        ("skill", SKILL_KEYS, "Use", skills(render)),
    ]
    return [
        f"{kind} {name}: {fault}"
        for kind, known, begin, texts in files
        for name, text in texts.items()
        for fault in front_matter_faults(name, text, known, begin)
    ]


def front_matter_faults(name: str, text: str, known: set[str], begin: str) -> list[str]:
    try:
        data = front_matter(text)
    except YAMLError as error:
        return [" ".join(str(error).split())]
    faults = [f"the client does not know the key {key}" for key in sorted(data.keys() - known)]
    if data.get("name") != name:
        faults.append(f"its name is {data.get('name')!r}")
    return faults + description_faults(data.get("description"), text, begin)


def description_faults(description: object, text: str, begin: str) -> list[str]:
    """One sentence in quotes that says when to use it."""
    if not isinstance(description, str):
        return ["has no description"]
    faults = []
    if not re.search(r'^description: ".+"$', text, re.MULTILINE):
        faults.append("its description is not in double quotes on one line")
    if not re.fullmatch(rf"{begin} [^.!?]+(\.\w[^.!?]*)*\.", description):
        faults.append(f"its description is no sentence that begins with {begin}: {description}")
    if len(description) > LONGEST_DESCRIPTION:
        faults.append(f"its description has {len(description)} characters")
    return faults


def tools_exist(render: Render) -> list[str]:
    """Tools of the client, or of a server that .mcp.json names; known models and colours."""
    servers = mcp_servers(render)
    faults = []
    for name, data in cards(render).items():
        for tool in str(data.get("tools", "")).split(", "):
            server = re.fullmatch(r"mcp__([\w-]+?)__[\w-]+", tool)
            if tool not in TOOLS and not (server and server[1] in servers):
                faults.append(f"{name}: no tool is called {tool!r}")
        if data.get("model") not in MODELS:
            faults.append(f"{name}: no model is called {data.get('model')!r}")
        if data.get("color") not in COLOURS:
            faults.append(f"{name}: no colour is called {data.get('color')!r}")
    return faults


def cards(render: Render) -> dict[str, Mapping[str, object]]:
    """The agents' front matter; what does not parse is another check's fault."""
    found = {}
    for name, text in agents(render).items():
        try:
            found[name] = front_matter(text)
        except YAMLError:
            continue
    return found


def mcp_servers(render: Render) -> frozenset[str]:
    settings: Mapping[str, Mapping[str, object]] = json.loads(render.files.get(".mcp.json", "{}"))
    return frozenset(settings.get("mcpServers", {}))


def agents_have_six_sections(render: Render) -> list[str]:
    return [
        f"{name}: its headings are {', '.join(found)}"
        for name, text in agents(render).items()
        if (found := headings(text)) != SECTIONS
    ]


def agents_have_their_length(render: Render) -> list[str]:
    """Long enough to say what they must, short enough to be read at every start."""
    faults = []
    for name, text in agents(render).items():
        words, body_words = len(text.split()), len(FRONT_MATTER.sub("", text).split())
        if not FEWEST_WORDS <= words <= MOST_WORDS:
            faults.append(f"{name}: {words} words, {body_words} without the front matter")
        if len(text) > MOST_CHARACTERS:
            faults.append(f"{name}: {len(text)} characters")
    return faults
