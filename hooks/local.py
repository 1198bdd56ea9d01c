"""What a project adds to the map: `local.json`, a person's own, with more agents and paths."""

from __future__ import annotations

import re

import zones

# What no row of a project gives away, even where the map says nothing of it.
GUARDED = (".claude/**", "team/**", "tasks/**", "handoff/**", "**/.env", "**/.env.*", "**/.git/**")
PARTS: zones.Row = {"agents": [], "tools": [], "zones": []}
# A handoff stands in the row of one end, and is mirrored into that of the other.
ENDS = (("receives", "from", "hands_to", "to"), ("hands_to", "to", "receives", "from"))


def add(data: zones.Row, own: zones.Row) -> None:
    """Adds it to what the map says. An agent that the map has too stays as it is there."""
    own = only({**PARTS, **own}, "version", *PARTS)
    rows = {row["name"]: row for row in data["agents"]}
    zones.check({**own, "main": []}, {*rows})
    mine = [agent(row) for row in own["agents"] if row["name"] not in rows]
    rows.update((row["name"], row) for row in mine)
    for row in mine:
        for part, far, mirror, near in ENDS:
            row[part] = [end for end in row.get(part, []) if zones.text(end[far]) in rows]
            for end in row[part]:
                only(end, far, "what", "told", "phase")
                back = {near: row["name"], **end, "what": zones.text(end["what"])}
                ends = rows[back.pop(far)].setdefault(mirror, [])
                ends += [back] * (back not in ends)
    data["agents"], data["tools"] = [*rows.values()], [*data["tools"], *own["tools"]]
    at = first(data["zones"])
    data["zones"][at:at] = [*map(zone, own["zones"]), *human(*GUARDED)]
    for row in mine:
        place = f"handoff/{row['name']}"
        data["zones"].append({"path": f"{place}/**", "owner": row["name"]})
        data["zones"] += human(f"{place}/README.md", f"{place}/**/.git/**")


def agent(row: zones.Row) -> zones.Row:
    if not re.fullmatch(rf"(?!{zones.HUMAN}$)[a-z0-9]+(-[a-z0-9]+)*", row["name"]):
        raise zones.MapError(f"names {row['name']!r}: an agent is lower case with hyphens")
    row.update({key: zones.text(row.get(key, "")) for key in ("phase", "does")})
    return only(row, "name", "phase", "does", "receives", "hands_to", "beside")


def zone(row: zones.Row) -> zones.Row:
    if {"", ".", ".."} & {*row["path"].split("/")} or "\\" in row["path"]:
        raise zones.MapError(f"has the path {row['path']!r}: one is as docs/x.md or docs/**")
    return only(row, "path", "owner", "instead_of")


def only(row: zones.Row, *keys: str) -> zones.Row:
    """The row, which may have no other keys: one that is misspelled would say nothing."""
    if strangers := {*row} - {*keys}:
        raise zones.MapError(f"has {min(strangers)!r} where it may have {', '.join(keys)}")
    return row


def human(*paths: str) -> list[zones.Row]:
    return [{"path": path, "owner": zones.HUMAN} for path in paths]


def first(rows: list[zones.Row]) -> int:
    """Where the map begins to say what guards the team: what a project adds comes before that."""
    return next((at for at, row in enumerate(rows) if row["path"] in GUARDED), len(rows))
