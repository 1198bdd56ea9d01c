"""Where `local.json`, which a project adds to the map, clashes with it: for the doctor."""

from __future__ import annotations

import json
import os

import handoff
import local
import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN = "team/local.json"


def own(root: Path) -> Iterator[str]:
    """Change team/local.json. A row that takes a path on purpose has "instead_of": [its owner]."""
    if not os.path.lexists(root / OWN):
        return
    team, texts = zones.load(str(root)), [root / "team/team.json", root / OWN]
    maps = [{**local.PARTS, **json.loads(path.read_text("utf-8"))} for path in texts]
    names = [row["name"] for known in maps for row in known["agents"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} has two rows in the map, and one in {OWN} is passed over"
    for row in maps[1]["agents"]:
        ends = [end[far] for part, far, *_ in local.ENDS for end in row.get(part, [])]
        for end in sorted({*ends} - team.agents):
            yield f"{row['name']} has a handoff with {end}, which is not in the team"
    after = {name: {row["from"] for row in handoff.awaited(team, name)} for name in team.agents}
    for _ in after:  # whom it waits for by one more
        after = {name: ends.union(*(after[end] for end in ends)) for name, ends in after.items()}
    if circle := sorted(name for name, ends in after.items() if name in ends):
        yield f"{' and '.join(circle)} wait for each other, so none of them can start"
    for at, row in enumerate(maps[1]["zones"], local.first(maps[0]["zones"])):
        fault = clash(team.zones[:at], team.zones[at + 1 :], row)
        yield from (f"{OWN} gives {row['path']} to {row['owner']}, {why}" for why in fault)
        if (root / row["path"]).is_dir():
            yield f"{row['path']} is a folder, and {row['path']}/** what is in it"


def clash(before: zones.Rows, after: zones.Rows, row: zones.Row) -> Iterator[str]:
    """What is wrong with a row: it never counts, or it takes what was another agent's."""
    inside = row["path"].replace("**", "?/?")  # no name has a `?`, so nothing but `**` covers it
    covers = [(path, owner) for path, owner in after if zones.matches(path, inside)]
    if covers and covers[-1][1] != row["owner"]:
        yield f"but {covers[-1][0]}, which comes after it, goes to {covers[-1][1]}"
    taken: dict[str, str] = {}
    for path, _ in before if row["owner"] != zones.HUMAN else ():
        one, two = example(row["path"]), example(path)
        for place in (one, two, f"{one}/{two}", f"{two}/{one}"):
            if zones.matches(path, place) and zones.matches(row["path"], place):
                taken.setdefault(zones.last(before, place), place)
    for other in sorted(taken.keys() - {row["owner"], zones.HUMAN, *row.get("instead_of", [])}):
        yield f"and {taken[other]} is {other}'s"


def example(path: str) -> str:
    """A place that a row covers."""
    parts = [part.replace("*", "") or "any" for part in path.split("/") if part != "**"]
    return "/".join(parts) or "."
