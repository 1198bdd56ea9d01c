"""The agent hook before a tool is used: may this agent write what it is about to write?"""

from __future__ import annotations

import json
import os
from itertools import islice

import journal
import zones

TYPE_CHECKING = False  # as in typing, which takes longer to import than a call to judge
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Given = Any  # what a tool is given: an object of its own shape, or a text

READERS = set(
    """Read Grep Glob Skill ToolSearch WebFetch WebSearch Agent Task TaskCreate TaskGet TaskList
    TaskOutput TaskStop TaskUpdate TodoWrite SendMessage ListAgents ReportFindings AskUserQuestion
    BashOutput KillShell CronList ListMcpResourcesTool ReadMcpResourceTool
    skill tool_search_tool update_todo sql session_store_sql fetch_copilot_cli_documentation
    read_bash stop_bash list_bash read_agent list_agents write_agent""".split()
)
STARTERS = {"Agent", "Task"}
WRITERS = {"Write", "Edit", "NotebookEdit"}
SHELLS = {"Bash", "Monitor"}
PATHS = ("file_path", "notebook_path", "path")  # Claude Code's two, and Copilot's
PATCHED = r"(?m)^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$"
LONGEST = 4096  # what Linux opens; a megabyte of folders takes a minute to follow


class Answer:
    """Why a call is refused, or what a person is asked; without a reason it may go on."""

    def __init__(self, reason: str = "", *, ask: bool = False) -> None:
        self.reason = reason
        self.ask = ask

    def __iter__(self) -> Iterator[str | bool]:
        return iter((self.reason, self.ask))


def decide(data: bytes, root: str) -> Answer:
    """Only what is understood may go on: anything else is a refusal or an exception.

    A call without an agent's name is the main thread's, which is a person's own.
    """
    call = json.loads(data)
    tool = zones.text(call["tool_name"])
    agent = call.get("agent_type", None if call.get("agent_id") is None else "")
    given, what = call.get("tool_input"), ""
    if tool in READERS:
        answer = Answer(starts(root, given) if tool in STARTERS else "")
        if not answer.reason:
            return answer
    else:
        answer = judge(zones.load(root), agent, tool, given, call.get("cwd"))
        what = " ".join([given["command"]] if tool in SHELLS else named(given))[:20_000]
    said = "ask" if answer.ask else "refused" if answer.reason else "used"
    more = {"agent": agent, "id": call.get("agent_id"), "tool": tool}
    journal.note(root, said, **more, what=what, why=answer.reason)
    return answer


def starts(root: str, given: Given) -> str:
    """Why an agent may not start yet; without an open feature there is no reason."""
    if not journal.names(root):
        return ""
    import gate

    return gate.early(zones.load(root), given)


def named(given: Given) -> list[str]:
    """The files that a tool is given, by any name: in a text, those that it patches."""
    import re

    if isinstance(given, str):
        return re.findall(PATCHED, given)
    return [zones.text(given[key]) for key in PATHS if key in given]


def judge(team: zones.Team, agent: str | None, tool: str, given: Given, folder: object) -> Answer:
    if agent is not None and agent not in team.agents:
        who = agent or "an agent without a name"
        return Answer(f"{who} is not in team/team.json and may not write.")
    if tool in SHELLS:
        return run(team, agent, zones.text(given["command"]), zones.text(folder))
    if tool in WRITERS:
        near = "" if all(map(os.path.isabs, named(given))) else zones.text(folder)
        paths = [os.path.join(near, path) for path in named(given)]
        if not paths:
            return Answer("nothing says which file is written, so it is not.")
        return first(verdict(team, agent, path) for path in paths)
    if agent is None or tool in team.tools:
        return Answer()
    return Answer(f"nothing says what {tool} writes, so {agent} may not use it.")


def run(team: zones.Team, agent: str | None, command: str, folder: str) -> Answer:
    """Judges a shell command; the main thread may run what only running would tell."""
    import programs
    from words import MOST, UnreadableError

    near = os.path.join(os.environ.get("TMPDIR") or "/tmp", "made")  # noqa: S108 - never opened
    known = {
        "HOME": os.path.expanduser("~"),
        "PWD": "",
        "$(git rev-parse --show-toplevel)": team.root,
        "$(mktemp)": near,
        "$(mktemp -d)": near,
    }
    if os.environ.get("TMPDIR"):
        known["TMPDIR"] = os.environ["TMPDIR"]
    try:
        targets = set(islice(programs.targets(command, [folder], known), MOST))
    except UnreadableError as error:
        why = f"{error}. Write it plainly, with a literal path for each file that is written"
        return Answer(f"{agent} may not run this command: {why}." if agent else "")
    if len(targets) == MOST:
        return Answer("a command that names so many files is not followed.")
    return first(verdict(team, agent, path) for path in sorted(targets))


def first(answers: Iterable[Answer]) -> Answer:
    """The first refusal, or else the first question."""
    asked = Answer()
    for answer in answers:
        if answer.reason and not answer.ask:
            return answer
        asked = asked if asked.reason else answer
    return asked


def verdict(team: zones.Team, agent: str | None, path: str) -> Answer:
    """Whether the agent may write the path, and all that lies beneath it."""
    if len(path) > LONGEST:
        return Answer(f"a path of {len(path)} characters is too long to follow.")
    if zones.loops(os.path.realpath(path)):
        return Answer(f"{path} leads through links that lead to each other, so it is not followed.")
    place = team.place(path)
    if agent is None:
        may = "write" if place is None else team.may(place)
        asked = f"{place} belongs to a person, who has to agree."
        return Answer() if may == "write" else Answer(asked, ask=may == "ask")
    if place is None:
        return outside(team, agent, os.path.realpath(path))
    other = place if team.owner(place) != agent else team.beneath(place, agent)
    return Answer(
        f"{other} belongs to {way(team.owner(other), agent)}" if other else due(team, agent, place)
    )


def due(team: zones.Team, agent: str, place: str) -> str:
    """Why an agent may not write its own place yet."""
    if team.work.get("tdd") != "strict" or not place.startswith(f"{team.work['app']}/"):
        return ""
    import gate

    return gate.untested(team, agent, place)


def way(owner: str, agent: str) -> str:
    """Whose it is, and what the agent can do about it."""
    if owner == zones.HUMAN:
        return (
            f"a person, so {agent} may not write it. Say in your report what should change there."
        )
    return (
        f"{owner}, so {agent} may not write it. Ask for it: python3 team/baton.py request {owner} "
        f'"what, and why" --from {agent}; or write it as a line into handoff/{agent}/requests.md: '
        f"- [ ] {owner}: what, and why"
    )


def outside(team: zones.Team, agent: str, real: str) -> Answer:
    if any(zones.within(root, real) for root in team.roots):
        return Answer(f"{real} holds the repository, so {agent} may not write it.")
    if any(zones.within(real, folder) for folder in temporary_folders()):
        return Answer()
    return Answer(f"{real} is outside the repository, so {agent} may not write it.")


def temporary_folders() -> list[str]:
    """Where anyone may write: the temporary folders, but never a whole file system."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    real = [os.path.realpath(folder) for folder in (*named, "/tmp") if folder]  # noqa: S108 - compared, never opened
    return [folder for folder in real if folder != os.path.dirname(folder)]
