"""Whether the guard can be trusted here: checks that list what is wrong, with what helps."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, call
from tempfile import TemporaryDirectory

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
# What the client takes, by type and value; for anything else it drops a part, or the whole file.
TAKES = r"""type=str:(command|prompt|agent|http|mcp_tool) includeCoAuthoredBy=bool url=str once=bool
prompt=str additionalDirectories=list command=str timeout=(int|float):(?!0$|-) async=bool allow=list
statusLine=dict statusMessage=str ask=list disableAllHooks=bool:False cleanupPeriodDays=int env=dict
args=list matcher=str deny=list onFailure=str:(block|continue) model=str shell=str:(bash|powershell)
permissions=dict defaultMode=str:(acceptEdits|auto|bypassPermissions|default|dontAsk|plan) if=str
hooks=dict:({}|{'\w+':.\[.*\]})$|list:\[({(?=.*'type':)(?=.*'(command|prompt|url|tool)':).*})?\]$"""


def run(root: str) -> int:
    faults = []
    for check in CHECKS:
        try:
            faults += [f"{what}.\nFix: {check.__doc__}" for what in check(Path(root))]
        except Exception as error:  # noqa: BLE001 - what cannot be looked at is a fault
            faults.append(f"{check.__name__}: {error}.\nFix: {check.__doc__}")
    print(*faults, f"{len(CHECKS)} checks, {'not ' if faults else ''}all well.", sep="\n")
    return 1 if faults else 0


def team(root: Path) -> list[str]:
    """Make the map and .claude/agents agree; human owns what guards the team, in its last rows."""
    known, names = zones.load(str(root)), set()
    for card in (root / ".claude" / "agents").glob("*.md"):
        names |= {*re.findall(r"\A---\n(?:.+\n)*?name: *[\"']?([\w-]+)", card.read_text("utf-8"))}
    lost = [f"{name} is not in both .claude/agents and the map" for name in names ^ known.agents]
    return lost + [f"{place} is an agent's" for place in GUARDED if known.owner(place) != "human"]


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


CHECKS = (team, git, settings, guard)
