"""Whether an agent may end, start, or write code yet: what is handed over, and what is tested."""

from __future__ import annotations

import copy
import os
import re

import handoff
import journal
import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 3  # so often an agent is sent back


class Finish:
    """What an agent owes when it ends: `faults`, and the features that it hands over."""

    def __init__(self, team: zones.Team, agent: str, at: str, own: dict[str, list[str]]) -> None:
        top = next((top for top in team.roots if zones.within(at, top)), team.root)
        self.team, self.agent, self.changed = copy.copy(team), agent, own[top]
        self.team.root = top
        self.names: list[str] = []
        self.faults: list[str] = []
        if agent in team.agents and handoff.form(top, agent):
            try:
                self.faults = self.look()
            except (OSError, ValueError) as error:
                self.faults = [str(error)]

    def look(self) -> list[str]:
        made = rf"handoff/{self.agent}/({handoff.NAME})(-needs)?\.md"
        files = [found for place in self.changed if (found := re.fullmatch(made, place))]
        written = [found[1] for found in files if not found[2]]
        work = tuple(place for place in self.changed if not place.startswith("handoff/"))
        features = journal.opened(self.team.root)
        due = [name for name, row in features.items() if self.agent in row["agents"]]
        self.names = [name for name in due if name in written] or due or written
        if not work and (not due or len(files) > len(written)):
            self.names = []
            return []
        if len(self.names) > 1 and not written:
            return [f"open are {', '.join(due)}: write {self.place()} for the one you worked on"]
        if not self.names:
            where = f"write {self.place()}; <feature> is lower case with hyphens"
            return [f"you changed {', '.join(work[:5])} for no feature: name it, and {where}"]
        owed = []
        for name in self.names:
            lacks = handoff.faults(self.team, self.agent, name, work)
            if not lacks and name not in written:
                lacks = [f"{self.place(name)} is as it was before: bring it up to date"]
            owed += [f"{name}: {fault}" for fault in lacks]
            if lacks or handoff.status(self.team, self.agent, name) in handoff.READY:
                owed += untested_lines(self.team, self.agent, features.get(name), work)
        return owed

    def place(self, name: str = "<feature>") -> str:
        return f"handoff/{self.agent}/{name}.md"

    def end(self, number: str) -> list[str]:
        """Notes the end of the agent, and says what a person has to hear of it."""
        home = journal.home(self.team.root)
        more = {"agent": self.agent, "id": number, "features": self.names}
        if self.faults:
            journal.note(home, "gave up", **more, owes=self.faults)
            return [f"{self.agent} ended and owes: {'; '.join(self.faults)}."]
        if self.names:
            journal.note(home, "handed", **more)
        for name in self.names if tests(self.team, self.agent, self.changed) else []:
            if os.path.exists(red := journal.feature(home, name, "red")):
                os.remove(red)
        return []


def briefing(team: zones.Team, agent: str) -> list[str]:
    """What an agent is told at its start of the features for which it owes a handoff."""
    told = []
    for name, row in journal.opened(team.root).items():
        if agent in row["agents"] and handoff.form(team.root, agent):
            command = f"python3 team/baton.py handoff new {name} --from {agent}"
            told.append(
                f"{name} is open. Before you end, write handoff/{agent}/{name}.md: `{command}`"
            )
            places = handoff.inputs(team, agent, name)
            rows = [f"  {at}: {handoff.digest(os.path.join(team.root, at))}" for at in places]
            told += ["Its inputs, as they are now:", *rows] if rows else []
    return told


def early(team: zones.Team, given: dict[str, Any]) -> str:
    """Why the agent that is called may not start: what it waits for is not handed over."""
    agent = str(given.get("subagent_type") or given.get("agent_type"))
    prompt = str(given.get("prompt"))
    features = journal.opened(team.root)
    due = {name: row["agents"] for name, row in features.items() if agent in row["agents"]}
    said = {name: re.search(rf"(?<![\w-]){name}(-needs)?(?![\w-])", prompt) for name in due}
    named = {name: found for name, found in said.items() if found} or said
    if len(named) > 1 and not any(said.values()):
        return f"say in the prompt for which feature {agent} starts: {', '.join(due)}"
    import request

    for name, found in named.items():
        if (found and found[1]) or request.waiting(team.root, agent):
            continue
        givers = sorted({row["from"] for row in handoff.awaited(team, agent)} & {*due[name]})
        if lacks := handoff.due(team, name, givers):
            why = f"{agent} waits for what others hand over of {name}. {' '.join(lacks)}"
            way = f"python3 team/baton.py feature open {name} --with AGENT ..."
            return f"{why} If one has no task in it, name those who have: {way}"
    if due:
        journal.note(journal.home(team.root), "called", agent=agent, features=[*named])
    return ""


def untested(team: zones.Team, agent: str, place: str) -> str:
    """Why an agent may not write a place of the application yet: it has no failing test."""
    tests = team.work["tests"]
    if under(place, tests) or "__pycache__" in place:
        return ""
    features = journal.opened(team.root)
    mine = [name for name, row in features.items() if agent in row["agents"]]
    if any(os.path.exists(journal.feature(team.root, name, "red")) for name in mine):
        return ""
    if not mine:
        way = f"python3 team/baton.py feature open <feature> --with {agent}"
        return f"{place} is written for a feature, and none is open: {way}"
    way = f"write one in {tests}, and see it fail: {team.work['run']}"
    return f"{place} waits for a failing test of {' or '.join(mine)}: {way}"


def tests(team: zones.Team, agent: str, changed: tuple[str, ...] | list[str]) -> bool:
    """Whether the agent has the application, and changed what tests run."""
    places = [team.work.get(key, "") for key in ("app", "tests")]
    mine = team.work.get("tdd") in ("strict", "critical") and team.owner(places[0]) == agent
    return mine and any(under(file, place) for file in changed for place in places)


def under(place: str, folder: str) -> bool:
    return f"{place}/".startswith(f"{folder}/")


def untested_lines(
    team: zones.Team, agent: str, row: journal.Event | None, changed: tuple[str, ...]
) -> list[str]:
    """Why the tests are not what the end of this agent asks for."""
    if not tests(team, agent, changed):
        return []
    import runs

    run, now = team.work["run"], runs.state(team.root, team.work)
    seen = [told for told in runs.last(team.root).values() if told["state"] == now]
    whole = runs.last(team.root).get("whole", {})
    if whole.get("state") != now:
        return [f"all tests were not run since the last change of code: {run}"]
    if not all(told["green"] for told in seen):
        failed = {name for told in seen for name in told["red"]}
        return [f"the tests are not green: {', '.join(sorted(failed)) or 'see ' + run}"]
    found = []
    for place, missed in whole["missed"].items() if team.work["tdd"] == "strict" else ():
        if row and (lines := sorted(fresh(team, place, row["tree"]) & {*missed})):
            found.append(f"no test runs line {', '.join(map(str, lines))} of {place}")
    return found


def fresh(team: zones.Team, place: str, tree: str) -> set[int]:
    """The lines of a file that are new or another since the feature opened."""
    import difflib

    import look

    own = look.own(journal.home(team.root), team.root, "fresh")
    old = look.git(team.root, "cat-file", "blob", f"{tree}:{place}", most=128, env=own)
    new = handoff.read(os.path.join(team.root, place)).splitlines()
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new, autojunk=False)
    parts = [(part[3], part[4]) for part in matcher.get_opcodes() if part[0] != "equal"]
    return {line + 1 for start, end in parts for line in range(start, end)}
