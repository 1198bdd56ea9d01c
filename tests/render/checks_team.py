"""Whether the team's files agree with its tables: owners, handoffs, who works beside whom."""

import json
import re
from collections.abc import Mapping
from itertools import permutations
from typing import TypedDict, cast

import zones
from tests.render.checks_agents import agents, skills
from tests.support.handoffs import waits
from tests.support.markdown import HEADING, body
from tests.support.owners import covers, owner
from tests.support.render import Render

MAP = "team/team.json"
# An end of a handoff as the map has it: `from` or `to`, and `what`.
End = Mapping[str, str]


class Agent(TypedDict):
    """A row of the map for an agent."""

    name: str
    receives: list[End]
    hands_to: list[End]
    beside: list[str]


class Zone(TypedDict):
    """A row of the map for a path."""

    path: str
    owner: str


class Team(TypedDict):
    """What team.json holds."""

    agents: list[Agent]
    zones: list[Zone]


def the_map(render: Render) -> Team:
    """The map; an empty one where it does not parse, which another check finds."""
    try:
        return cast("Team", json.loads(render.files.get(MAP, "")))
    except ValueError:
        return {"agents": [], "zones": []}


def the_map_is_the_tables(render: Render) -> list[str]:
    """team.json holds the team, its handoffs, and each zone with the owner it has."""
    team, there = render.tables["agents"], the_map(render)
    pairs = [(row["path"], row["owner"]) for row in there["zones"]]
    due = [(zone["path"], owner(zone, team)) for zone in render.tables["zones"]]
    changes = [f"it lacks {path} of {who}" for path, who in due if (path, who) not in pairs]
    changes += [f"it has {path} of {who}" for path, who in pairs if (path, who) not in due]
    if not changes and pairs != due:
        changes.append("its zones are in another order")
    if (found := [row["name"] for row in there["agents"]]) != team:
        changes.append(f"its agents are {', '.join(found)}")
    links = {(link["from"], link["to"], link["what"]) for link in render.tables["links"]}
    ends = [(taken_ends(there), "receives"), (given_ends(there), "hands_to")]
    changes += [f"{side} lacks {link}" for found, side in ends for link in links - found]
    changes += [f"{side} makes up {link}" for found, side in ends for link in found - links]
    return [f"{MAP}: {change}" for change in changes]


def taken_ends(there: Team) -> set[tuple[str, str, str]]:
    """From whom, to whom and what, by the rows of those who receive."""
    rows = there["agents"]
    return {(end["from"], row["name"], end["what"]) for row in rows for end in row["receives"]}


def given_ends(there: Team) -> set[tuple[str, str, str]]:
    """From whom, to whom and what, by the rows of those who hand over."""
    rows = there["agents"]
    return {(row["name"], end["to"], end["what"]) for row in rows for end in row["hands_to"]}


def every_path_has_an_owner(render: Render) -> list[str]:
    """Some row matches every file, and the last one names a person or somebody in the team."""
    owners = {zones.HUMAN, *render.tables["agents"]}
    rows = the_map(render)["zones"]
    faults = []
    for name in render.files:
        found = [row["owner"] for row in rows if covers(row["path"], name)]
        if not found:
            faults.append(f"{name} has no owner")
        elif found[-1] not in owners:
            faults.append(f"{name} belongs to {found[-1]}, who is not in the team")
    return faults


def section(text: str, title: str) -> str:
    """One section of a Markdown file, or nothing."""
    parts = re.split(r"^## (.+)\n", body(text), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(title, "")


def handoffs_are_given_and_taken(render: Render) -> list[str]:
    """Both ends of every handoff speak of it, and nobody reads what nobody writes."""
    texts = agents(render)
    faults = []
    for link in render.tables["links"]:
        giver, taker, what = link["from"], link["to"], link["what"]
        given = section(texts.get(giver, ""), "Hand over")
        taken = section(texts.get(taker, ""), "Before you start")
        if not (mentions(given, taker) and what in given):
            faults.append(f"{giver} does not say that it hands {taker} {what}")
        if not (mentions(taken, giver) and what in taken):
            faults.append(f"{taker} does not say that it takes from {giver} {what}")
    return faults + readings_without_a_writer(render)


def readings_without_a_writer(render: Render) -> list[str]:
    pairs = {(link["from"], link["to"]) for link in render.tables["links"]}
    return [
        f"{taker} reads from {giver}, who writes nothing for it"
        for taker, text in agents(render).items()
        for giver in re.findall(r"^- ([\w-]+):", section(text, "Before you start"), re.MULTILINE)
        if (giver, taker) not in pairs
    ]


def mentions(text: str, agent: str) -> bool:
    return re.search(rf"(?<![\w-]){agent}(?![\w-])", text) is not None


def every_handoff_has_its_form(render: Render) -> list[str]:
    """A form an agent of the team, with the sections of its row; none for anybody else."""
    faults = []
    team = render.tables["agents"]
    has = {"Streams": render.tables["sse"], "Looked up": render.tables["docs_lookup"] != "none"}
    idle = [title for title in has if not has[title]]
    forms = {
        found[1]: text
        for name, text in render.files.items()
        if (found := re.fullmatch(r"handoff/([^/]+)/README\.md", name))
    }
    faults += [f"{name} has no form" for name in team if name not in forms]
    faults += [f"{name} has a form and is not in the team" for name in forms if name not in team]
    for name in set(team) & forms.keys():
        card = render.tables["roster"][name]
        titles = [*card["form"], *(title for title in card["extras"] if title not in idle)]
        there = [title for title in HEADING.findall(forms[name]) if title in titles]
        if there != titles:
            faults.append(f"{name}: its form has {', '.join(there)} of {', '.join(titles)}")
    return faults


def side_by_side_is_possible(render: Render) -> list[str]:
    """Nobody is said to run beside somebody who waits for them, near or far."""
    text = skills(render).get("feature", "")
    found = re.findall(r"^\| (\d+) \| \w+ \| `([\w-]+)` \|", text, re.MULTILINE)
    rounds = {name: int(number) for number, name in found}
    beside = set(re.findall(r"`([\w-]+)` and `([\w-]+)` run side by side", " ".join(text.split())))
    beside |= {(row["name"], other) for row in the_map(render)["agents"] for other in row["beside"]}
    team = render.tables["agents"]
    faults = [f"feature: {name} has no round" for name in team if name not in rounds]
    for early, late in permutations(rounds.keys() & set(team), 2):
        if late in waits(render.tables, early):
            if rounds[early] >= rounds[late]:
                faults.append(f"feature: {late} waits for {early}, whose round is not before")
            if {(early, late), (late, early)} & beside:
                faults.append(f"{late} waits for {early} and is said to run beside")
    return faults
