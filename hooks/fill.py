"""Writes a handoff's form, or brings its front matter up to date; says what is missing in it."""

from __future__ import annotations

import os
import re
from datetime import datetime

import handoff
import journal
import look
import zones


def new(team: zones.Team, agent: str, name: str) -> None:
    place, blank = f"handoff/{agent}/{name}.md", handoff.form(team.root, agent)
    path = os.path.join(team.root, "handoff", agent, f"{name}.md")
    if not blank:
        raise ValueError(f"handoff/{agent}/README.md has no form between ```markdown and ```")
    if os.path.isdir(path) or team.place(path) != place:
        raise ValueError(f"{place} is a folder or leads elsewhere; move it away")
    text = handoff.read(path) if os.path.isfile(path) else ""
    try:
        old = handoff.Handoff(text or "---\n---\n")
    except ValueError as error:
        raise ValueError(f"{place}: {error}; mend it, or move it away") from error
    body = re.sub(r"(?ms)\A\ufeff?---.*?^---[ \t]*\n?", "", text).rstrip()
    for title, hint in handoff.sections(blank).items():
        if title not in old.sections:
            body += f"\n\n## {title}\n\n{hint.strip()}"
    task = old.fields.get("task") or "<name of the task's file, or none>"
    status = old.fields.get("status") or f"<one of {', '.join(handoff.STATUSES)}>"
    head = [f"agent: {agent}", f"feature: {name}", f"task: {task}"]
    head += [f"time: {datetime.now().astimezone().isoformat('T', 'seconds')}"]
    head += [f"status: {status}", *inputs(team, agent, name, old)]
    files = sorted({*old.files, *changed(team, agent, name)} - {"none", place})
    head += ["files:" if files else "files: []", *(f"  - {file}" for file in files)]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    whole = "\n".join(["---", *head, "---", "", body.lstrip("\n"), ""])
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(whole)
    os.replace(f"{path}.new", path)
    print(f"{place} has its form. Fill it in; `handoff check {name} --from {agent}` looks at it.")


def inputs(team: zones.Team, agent: str, name: str, old: handoff.Handoff) -> list[str]:
    """The lines of what was read, with the hash that each file has now."""
    contract = team.work.get("contract", "")
    givers = {row["from"] for row in handoff.awaited(team, agent)}
    more = [contract] * (team.owner(contract) in givers)  # who works before it would be stale soon
    places = dict.fromkeys([*handoff.inputs(team, agent, name), *more, *old.inputs])
    there = [place for place in places if os.path.isfile(os.path.join(team.root, place))]
    rows = [f"  {place}: {handoff.digest(os.path.join(team.root, place))}" for place in there]
    return ["inputs:", *rows] if rows else ["inputs: {}"]


def changed(team: zones.Team, agent: str, name: str) -> list[str]:
    """The agent's own files that changed since the feature opened, or the last commit."""
    home, folder = journal.home(team.root), os.path.join(team.root, "")
    if known := journal.opened(team.root).get(name):
        changes = look.take(home, [folder], {**known["secrets"], folder: known["tree"]})[1]
        places = [os.path.relpath(path, folder).replace(os.sep, "/") for path, _, _ in changes]
    else:
        words = ["ls-files", "-zmo", "--exclude-standard"]
        places = look.git(team.root, *words, most=128, env=look.ALONE).split("\0")[:-1]
    return [place for place in places if own(team, agent, place)]


def own(team: zones.Team, agent: str, place: str) -> bool:
    """Whether a changed file is one that the agent's handoff has to list."""
    return team.owner(place) == agent and not place.startswith("handoff/")


def run(verb: str, name: str, agent: str | None, root: str) -> int:
    team = zones.load(root)
    handoff.named(name)
    if agent is not None and agent not in team.agents:
        raise ValueError(f"{agent} is none of {', '.join(sorted(team.agents))}")
    if verb == "check":
        known = journal.opened(root).get(name, {}).get("agents") or sorted(team.agents)
        found = handoff.due(team, name, [agent] if agent else known)
        print(*found or [f"What is handed over of {name} is whole."], sep="\n")
        return 1 if found else 0
    if agent is None:
        raise ValueError("say whose handoff it is: --from AGENT")
    new(team, agent, name)
    return 0
