"""Whether the team works here: checks that list what is wrong, with what helps."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, call
from tempfile import TemporaryDirectory

import contract
import handoff
import journal
import zones

SETTINGS = ".claude/settings.json"
FILES = (SETTINGS, ".claude/settings.local.json", Path.home() / SETTINGS)
GUARDED = ("team/team.json", "team/baton.py", SETTINGS, ".env", ".git/config")
CALLS = {
    "PreToolUse": "guard",
    "PostToolUse": "audit report",
    "SubagentStart": "audit start",
    "SubagentStop": "audit stop",
}
CALL = """{"hooks": [{"args": ["-I", "-S", "${CLAUDE_PROJECT_DIR}/team/baton.py", %s],
 "bash": "python3 -I -S \\"$CLAUDE_PROJECT_DIR\\"/team/baton.py %s",
 "command": "python3", %s"type": "command"}]}""".replace("\n", "")
TOOLS = """Agent Bash Edit NotebookEdit Read Skill WebFetch WebSearch Write Monitor ToolSearch
SendMessage TaskStop ListAgents ReportFindings"""
# What the client takes, by type and value; for anything else it drops a part, or the whole file.
TAKES = r"""type=str:(command|prompt|agent|http|mcp_tool) includeCoAuthoredBy=bool url=str once=bool
prompt=str additionalDirectories=list command=str timeout=(int|float):(?!0$|-) async=bool allow=list
statusLine=dict statusMessage=str ask=list disableAllHooks=bool:False cleanupPeriodDays=int env=dict
args=list matcher=str deny=list onFailure=str:(block|continue) model=str shell=str:(bash|powershell)
permissions=dict defaultMode=str:(acceptEdits|auto|bypassPermissions|default|dontAsk|plan) if=str
hooks=dict:({}|{'\w+':.\[.*\]})$|list:\[({(?=.*'type':)(?=.*'(command|prompt|url|tool)':).*})?\]$"""


def run(root: str, how: str | None = None, client: str | None = None) -> int:
    faults = []
    for check in CHECKS:
        try:
            faults += [(check.__name__, what, check.__doc__) for what in check(Path(root))]
        except Exception as error:  # noqa: BLE001 - what cannot be looked at is a fault
            faults.append((check.__name__, f"{check.__name__}: {error}", check.__doc__))
    if client:
        import client as trial

        faults += [("client", what, trial.FIX) for what in trial.faults(root, client)]
    if how:
        rows = [dict(zip(("check", "what", "fix"), fault)) for fault in faults]
        print(json.dumps({"checks": len(CHECKS) + bool(client), "faults": rows}, indent=2))
    else:
        shown = [f"{what}.\nFix: {fix}" for _, what, fix in faults]
        number = f"{len(CHECKS) + bool(client)} checks"
        print(*shown, f"{number}, {'not ' if faults else ''}all well.", sep="\n")
    return 1 if faults else 0


def team(root: Path) -> list[str]:
    """Make the map and .claude/agents agree; human owns what guards the team, in its last rows."""
    known, names = zones.load(str(root)), set()
    for card in (root / ".claude" / "agents").glob("*.md"):
        names |= {*re.findall(r"\A---\n(?:.+\n)*?name: *[\"']?([\w-]+)", card.read_text("utf-8"))}
    lost = [f"{name} is not in both .claude/agents and the map" for name in names ^ known.agents]
    lost += [f"{place} is an agent's" for place in GUARDED if known.owner(place) != "human"]
    whole = any(path == "**" for path, _ in known.zones)
    lost += [] if whole else ["no row ** of the map gives the rest to a person"]
    owners = {name: known.owner(f"handoff/{name}/x.md") for name in known.agents}
    return lost + [f"handoff/{name}/ is {own}'s" for name, own in owners.items() if own != name]


def cards(root: Path) -> list[str]:
    """Mend that file; the client passes over what it cannot read, and says nothing."""
    servers = read(root / ".mcp.json").get("mcpServers", {})
    wrong = []
    for path in sorted((root / ".claude" / "agents").glob("*.md")):
        head, name = front(path), path.relative_to(root)
        wrong += [f"{name} has no {key}" for key in ("name", "description") if not head.get(key)]
        for tool in filter(None, re.split(r"[\s,\[\]]+", head.get("tools", ""))):
            server = re.match("mcp__(.+?)__", tool)
            if tool not in TOOLS.split() and not (server and server[1] in servers):
                wrong.append(f"{name} names the tool {tool}, which is not there")
    for path in sorted((root / ".claude" / "skills").glob("*/")):
        head = front(path / "SKILL.md") if (path / "SKILL.md").is_file() else {}
        if head.get("name") != path.name or not head.get("description"):
            wrong.append(f"{path.relative_to(root)}/SKILL.md lacks its name or a description")
    return wrong


def front(path: Path) -> dict[str, str]:
    """The front matter of a card or a skill, as plain text."""
    found = re.match(r"---\n(.*?)^---$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    rows = re.findall(r"(?m)^([\w-]+): *(.*?) *$", found[1] if found else "")
    return {key: handoff.plain(value) for key, value in rows}


def texts(root: Path) -> list[str]:
    """Settle what an update left in conflict; CLAUDE.md has the line @AGENTS.md; drop old notes."""
    known, wrong = zones.load(str(root)).agents, []
    if "@AGENTS.md" not in (root / "CLAUDE.md").read_text("utf-8").split():
        wrong.append("CLAUDE.md does not bring AGENTS.md to Claude Code")
    managed = [root / "AGENTS.md", root / "CLAUDE.md", *(root / ".claude").glob("[ans]*/**/*.md")]
    managed += [*root.glob("handoff/*/README.md"), *root.glob("tasks/README.md")]
    split = [at for at in managed if re.search(r"(?m)^(<{7} |>{7} )", at.read_text("utf-8"))]
    wrong += [f"{path.relative_to(root)} has marks of a conflict" for path in split]
    notes = (root / ".claude" / "notes").glob("*.md")
    gone = sorted(path for path in notes if path.stem not in {*known, "team"})
    return wrong + [f"{path.relative_to(root)} speaks to an agent that is gone" for path in gone]


def handoffs(root: Path) -> list[str]:
    """Have its agent mend it, or move away what is no handoff; close a feature that is done."""
    known, features = zones.load(str(root)), journal.opened(str(root))
    wrong = []
    for agent in sorted(known.agents):
        if not handoff.sections(handoff.form(str(root), agent)):
            wrong.append(f"handoff/{agent}/README.md has no form with sections")
        for path in sorted((root / "handoff" / agent).glob("*")):
            if path.stem in ("README", "requests") or path.stem.endswith("-needs"):
                continue
            due = agent in features.get(path.stem, {}).get("agents", [])
            found = handoff.faults(known, agent, path.stem) if due or path.is_dir() else []
            if not path.is_dir() and not due:
                found = told(known, agent, path)
            wrong += [f"{path.relative_to(root).as_posix()}: {fault}" for fault in found]
    return wrong


def told(known: zones.Team, agent: str, path: Path) -> list[str]:
    """What is wrong in a handoff whose feature is closed: its words, not what changed since."""
    try:
        written = handoff.Handoff(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        return [str(error)]
    found = handoff.of_fields(known, written, agent, path.stem)
    return found + [
        why for why in handoff.of_sections(known, written, agent) if "contract" not in why
    ]


def agreed(root: Path) -> list[str]:
    """Change the contract first, by its owner; then the code follows."""
    work = zones.load(str(root)).work
    known = contract.operations(str(root / work["contract"])) if work else set()
    served, sure = routes(root / work["app"]) if work else (set(), False)
    plain = {(verb, re.sub(r"\{.*?\}", "{}", at)) for verb, at in known}
    wrong = [
        f"the contract lacks {verb} {at}, which the application serves"
        for verb, at in sorted(served)
        if not any(verb == one and path.endswith(at) for one, path in plain)
    ]
    for verb, at in sorted(plain) if sure and served else ():
        if not any(verb == one and at.endswith(path) for one, path in served):
            wrong.append(f"the contract has {verb} {at}, and no route of the application serves it")
    return wrong


def routes(app: Path) -> tuple[set[tuple[str, str]], bool]:
    """The routes that the application's code names, without what is put before; whether all."""
    found, sure = set(), True
    for path in sorted(app.rglob("*.py")):
        nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
        calls = [part for node in nodes for part in getattr(node, "decorator_list", ())]
        before = {"app": ""}
        for node in nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                before[ast.unparse(node.targets[0])] = literal(words(node.value).get("prefix"))
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_api_route":
                calls.append(node)
        for node in filter(lambda node: isinstance(node, ast.Call) and node.args, calls):
            verb, given = getattr(node.func, "attr", ""), words(node)
            if verb == "add_api_route" and "methods" not in given:
                verb = "get"
            owner = ast.unparse(getattr(node.func, "value", node.func))
            if verb in contract.METHODS and owner in before and "include_in_schema" not in given:
                at = before[owner] + literal(node.args[0])
                sure &= "?" not in at
                found |= {(verb.upper(), re.sub(r"\{.*?\}", "{}", at))} if at[:1] == "/" else set()
    return {(verb, at) for verb, at in found if "?" not in at}, sure


def words(node: ast.Call) -> dict[str | None, ast.expr]:
    return {word.arg: word.value for word in node.keywords}


def literal(node: ast.expr | None) -> str:
    """A text that stands in the code; "?" for what only running would tell."""
    return "" if node is None else str(node.value) if isinstance(node, ast.Constant) else "?"


def noted(root: Path) -> list[str]:
    """Load it: addopts has "-pteam.outcome", pythonpath has ".."; .baton/ takes files."""
    work = zones.load(str(root)).work
    journal.folder(str(root))
    path = root / "backend" / "pyproject.toml"
    fresh = work.get("app") == "backend/app" and path.exists() and work["tdd"] != "on-request"
    loaded = not fresh or "-pteam.outcome" in path.read_text("utf-8").replace("-p ", "-p")
    return [] if loaded else ["backend/pyproject.toml does not load what notes a test run"]


def git(root: Path) -> list[str]:
    """Install git, and write !/.claude/ into .gitignore."""
    kept = call(["git", "check-ignore", "-q", SETTINGS], cwd=root, stderr=DEVNULL)  # noqa: S603, S607
    return [] if kept else ["git ignores .claude/, so nobody shares it"]


def settings(root: Path) -> list[str]:
    """Correct that file. The client says nothing of what it drops, and runs without the guard."""
    hooks = [read(root / name).get("hooks", {}) for name in FILES]
    groups = [group for file in hooks for event in file.values() for group in event]
    wrong = [f"no hooks are in {group}" for group in groups if "'hooks': [" not in f"{group}"]
    for event, words in CALLS.items():
        when = "Agent" if event == "PostToolUse" else "[*]?"
        text = re.sub(f', "matcher": "{when}"', "", json.dumps(hooks[0].get(event), sort_keys=True))
        more = '"onFailure": "block", ' if event == "PreToolUse" else ""
        want = CALL % (json.dumps(words.split())[1:-1], words, more)
        named = re.escape(want).replace("python3", r"([^\s\"]+)", 1).replace("python3", r"\1")
        wrong += [] if re.search(named, text) else [f"{SETTINGS} does not have at {event}: {want}"]
    return wrong


def read(path: Path) -> journal.Event:
    text = path.read_text("utf-8-sig").strip() if path.exists() else ""
    try:
        return {**json.loads(text or "{}", object_pairs_hook=taken, parse_constant=int)}
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def taken(pairs: list[tuple[str, object]]) -> journal.Event:
    takes = dict(word.split("=", 1) for word in TAKES.split())
    for key, value in pairs:
        if not re.match(takes.get(key, ""), f"{type(value).__name__}:{value}"):
            raise ValueError(f"{key} is {value!r}")
    return dict(pairs)


def guard(root: Path) -> list[str]:
    """Undo changes in team/; if Python has another name here, as `py`, name it in settings.json."""
    agents, wrong = sorted(zones.load(str(root)).agents), []
    calls = [(2, "", "", ""), (2, "stranger", "Bash", "ls"), (0, "stranger", "Read", "x")]
    for at, (agent, other) in enumerate(zip(agents, [*agents[1:], "nobody"])):
        calls += [(0, agent, "Write", f"handoff/{agent}/x"), (0, agent, "Bash", "git status")]
        for place in [*(*GUARDED, "/outside")[at :: len(agents)], f"handoff/{other}/x"]:
            calls += [(2, agent, "Write", place), (2, agent, "Bash", f"echo x >{place}")]
    python = [*re.findall(r'"bash": "(\S+) -I', (root / SETTINGS).read_text("utf-8")), "python3"][0]
    if call([python, "-c", "import sys; sys.exit(sys.version_info < (3, 9))"]):  # noqa: S603
        return [f"{python} is no Python 3.9 or later"]
    with TemporaryDirectory(dir=journal.folder(str(root))) as copy:
        shutil.copytree(root / "team", f"{copy}/team")
        words = [python, "-I", "-S", f"{copy}/team/baton.py", "guard"]
        runs = [Popen(words, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL) for _ in calls]  # noqa: S603
        for (want, agent, tool, what), it in zip(calls, runs):
            use = {"tool_input": {"command": what, "file_path": what}, "agent_type": agent}
            told = {"tool_name": tool, "cwd": copy, **use}
            it.communicate(json.dumps(told).encode() if tool else b"garbage")
            wrong += [f"{agent}: {tool} {what} gives {it.returncode}"] * (it.returncode != want)
    return wrong


CHECKS = (team, cards, texts, handoffs, agreed, noted, git, settings, guard)
