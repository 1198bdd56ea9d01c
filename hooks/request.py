"""What an agent asks of another, or of a person: the open boxes in handoff/AGENT/requests.md."""

from __future__ import annotations

import glob
import os
import re

import journal
import zones

TITLE = "# Requests\n\nWho asked, or a person, ticks the box when the request is met.\n\n"
OPEN = re.compile(r"(?m)^[ \t]*[-*+] +\[ *\] *[*`]*([\w-]+)[*`]* *:(?:\*\*)? *(\S(?:.*\S)?)")


def run(owner: str, what: str, agent: str, root: str) -> int:
    team, place = zones.load(root), f"handoff/{agent}/requests.md"
    if strangers := {agent} - team.agents | {owner} - team.agents - {zones.HUMAN}:
        raise ValueError(f"{min(strangers)} is none of {', '.join(sorted(team.agents))}")
    what = " ".join("".join(sign if sign.isprintable() else " " for sign in what).split())
    path = os.path.join(team.root, *place.split("/"))
    if not what or team.place(path) != place:
        raise ValueError(f"{place} leads elsewhere" if what else "say what should change, and why")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a+", encoding="utf-8", errors="replace") as file:
        file.seek(0)
        old = file.read()
        if (owner, what) not in OPEN.findall(old):
            start = "" if old.endswith("\n") else "\n" if old else TITLE
            file.write(f"{start}- [ ] {owner}: {what}\n")
            journal.note(root, "requested", agent=agent, owner=owner, place=place, what=what)
    print(f"{owner} is asked in {place}.")
    return 0


def waiting(root: str, owner: str) -> list[str]:
    """What is asked of an agent, or of human, and not met yet."""
    found, pattern = [], os.path.join(glob.escape(root), "handoff", "*", "requests.md")
    for path in sorted(filter(os.path.isfile, glob.glob(pattern))):
        with open(path, encoding="utf-8", errors="replace") as file:
            asked = [what for who, what in OPEN.findall(file.read()) if who == owner]
        found += [f"{path.split(os.sep)[-2]} asks: {what}" for what in asked]
    return found
