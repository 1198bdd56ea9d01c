"""Opens a feature, so that its agents owe a handoff each, and closes it."""

from __future__ import annotations

import json
import os
import time

import handoff
import journal
import zones


def run(verb: str, name: str, agents: list[str], root: str, *, force: bool = False) -> int:
    team, home = zones.load(root), journal.home(os.path.realpath(root))
    features, known = journal.opened(root), journal.opened(root).get(handoff.named(name))
    if strangers := {*agents} - team.agents:
        raise ValueError(f"{min(strangers)} is none of {', '.join(sorted(team.agents))}")
    if verb == "close":
        if not known:
            raise ValueError(f"{name} is not open; open are: {', '.join(features) or 'none'}")
        return close(team, name, known["agents"], force=force)
    if known:
        row = {**known, "agents": agents or known["agents"]}
    else:
        import look

        seen, _ = look.take(home, [home], {})
        row = {"at": time.time(), "tree": seen.pop(os.path.join(home, "")), "secrets": seen}
        row["agents"] = agents or [*team.rows]
    journal.folder(home)
    path = journal.feature(home, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.{os.getpid()}", "w", encoding="utf-8") as file:
        json.dump({**row, "version": journal.VERSION}, file)
    os.replace(f"{path}.{os.getpid()}", path)
    journal.note(home, "opened", feature=name, agents=row["agents"])
    print(f"{name} is open. These hand over: {', '.join(row['agents'])}.")
    return 0


def close(team: zones.Team, name: str, agents: list[str], *, force: bool) -> int:
    due = handoff.due(team, name, agents)
    if due and not force:
        print(*due, f"{name} stays open; `feature close {name} --force` closes it.", sep="\n")
        return 1
    for path in (journal.feature(team.root, name), journal.feature(team.root, name, "red")):
        if os.path.exists(path):
            os.remove(path)
    journal.note(journal.home(team.root), "closed", feature=name, due=due)
    print(f"{name} is closed.")
    return 0
