"""What the team is at: features down, agents across, and what waits for somebody."""

from __future__ import annotations

import json
import os
import shutil
import sys

import handoff
import journal
import request
import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Row = dict[str, Any]  # as its JSON has it

# What can be said of an agent in a feature, and its colour in a terminal.
STATES = {
    "handed over": "32",
    "running": "36",
    "ready": "1",
    "waiting": "2",
    "stale": "33",
    "incomplete": "33",
    "blocked": "31",
    "gave up": "31;1",
    "no task": "2",
}
GIVEN = ("incomplete", "waiting", "ready")  # what who gave up would be called without that
SHOWN = 10  # refusals


def run(how: str | None, root: str) -> int:
    found = board(root)
    if how == "html":
        import page

        text = page.html(found)
    else:
        text = json.dumps(found, indent=2) if how else "\n".join(lines(found))
    sys.stdout.buffer.write(f"{text}\n".encode())
    return 0


def board(root: str) -> Row:
    """Everything that there is to show."""
    root = journal.home(os.path.realpath(root))
    team, events = zones.load(root), journal.events(root, without="used")
    calls = {e["agent"]: e["features"] for e in events if e["event"] == "called"}
    running = journal.running(events)
    features = []
    for name, row in journal.opened(root).items():
        late = [event for event in events if event["at"] >= row["at"]]
        left = {e["agent"]: e["owes"] for e in late if e["event"] == "gave up"}
        there = {at for at in running if name in calls.get(at, [name]) and at in team.rows}
        lacks = {agent: handoff.lacking(team, agent, name) for agent in team.rows}
        cells = [cell(team, name, row["agents"], agent, lacks) for agent in team.rows]
        for at in cells:
            if at["agent"] in there:
                at |= {"state": "running", "why": []}
            elif at["agent"] in left and at["state"] in GIVEN:
                at |= {"state": "gave up", "why": left[at["agent"]]}
        features.append({"name": name, "opened": row["at"], "agents": cells})
    refused = [event for event in events if event["event"] == "refused"]
    keys = ("at", "agent", "tool", "what", "why")
    asked = [
        (who, what) for who in [*team.rows, zones.HUMAN] for what in request.waiting(root, who)
    ]
    return {
        "project": os.path.basename(root),
        "features": features,
        "requests": [{"owner": who, "what": what} for who, what in asked],
        "denials": len(refused),
        "denied": [{key: event.get(key) for key in keys} for event in refused[-SHOWN:]],
        "team": [*team.rows.values()],
    }


def cell(
    team: zones.Team, name: str, agents: list[str], agent: str, lacks: dict[str, list[str]]
) -> Row:
    """How far an agent is with a feature, and why it is no further."""
    rows = handoff.awaited(team, agent)
    waits = [giver for giver in agents if giver in {row["from"] for row in rows} and lacks[giver]]
    there = os.path.exists(os.path.join(team.root, "handoff", agent, f"{name}.md"))
    ended = [why for why in lacks[agent] if why.startswith("it ended")]
    stale = [why for why in lacks[agent] if why.startswith("stale")]
    states: list[tuple[str, bool, list[str]]] = [
        ("handed over", not lacks[agent], []),
        ("no task", agent not in agents and not there, []),
        ("blocked", bool(ended), ended),
        ("stale", there and len(stale) == len(lacks[agent]), stale),
        ("incomplete", there, lacks[agent]),
        ("waiting", bool(waits), waits),
        ("ready", True, []),
    ]
    state, _, why = next(row for row in states if row[1])
    return {"agent": agent, "state": state, "why": why}


def lines(found: Row) -> Iterator[str]:
    """The board for a terminal: a table where it is wide enough, else a list."""
    paint = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    features, team = found["features"], found["team"]
    wide = max([len(row["name"]) for row in features] + [7]) + 2
    if not features:
        yield "No feature is open: python3 team/baton.py feature open NAME"
    elif shutil.get_terminal_size().columns >= wide + 13 * len(team):
        heads = [row["name"].partition("-")[::2] for row in team]
        for at in (0, 1):
            names = (f"{head[at]}{'-' * (at == 0 and head[1] != '')}" for head in heads)
            yield " " * wide + "".join(f"{name:13}" for name in names).rstrip()
        for row in features:
            cells = (colour(f"{cell['state']:13}", cell["state"], paint) for cell in row["agents"])
            yield f"{row['name']:{wide}}" + "".join(cells).rstrip()
    for row in features:
        yield from ("", row["name"])
        for cell in row["agents"]:
            if cell["state"] != "no task":
                state = colour(f"{cell['state']:12}", cell["state"], paint)
                why = "; ".join(cell["why"])
                said = {"waiting": f"for {why.replace('; ', ', ')}"}.get(cell["state"], why)
                yield f"  {cell['agent']:20}{state}{said}".rstrip()
    for row in found["requests"]:
        yield f"asked of {row['owner']}: {row['what']}"
    yield from ("", f"{found['denials']} calls were refused.")
    for row in found["denied"]:
        yield f"  {row['agent'] or 'main'}: {row['why']}"[:200]


def colour(text: str, state: str, paint: bool) -> str:  # noqa: FBT001 - whether there is any
    return f"\033[{STATES[state]}m{text}\033[0m" if paint else text
