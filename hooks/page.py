"""The board as one page: nothing is loaded, light and dark, as wide as a phone or a desk."""

from __future__ import annotations

import time
from html import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Row = dict[str, Any]  # as its JSON has it

STEP, EDGE = 26, 160  # between two agents of the picture, and right of their names
STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --page: #f7f8fa; --card: #fff;
  --line: #dde2e9; --good: #177245; --live: #0b63b5; --warn: #8f5300; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa5b4; --page: #12161c;
  --card: #1a2028; --line: #2c3540; --good: #57c78a; --live: #6db5ff; --warn: #f0b04f;
  --bad: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 84rem; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 1.6rem 0 .6rem }
p, li { margin: .2rem 0 } .soft { color: var(--soft) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: .7rem 1rem; margin-bottom: .8rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; min-width: 60rem }
th, td { padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); font-size: .85rem;
  text-align: left; white-space: nowrap }
tr:last-child > * { border-bottom: 0 }
td::before, dt span::before { content: "\\25CF"; margin-right: .35em }
.good { color: var(--good) } .live { color: var(--live) } .wait, td.none { color: var(--soft) }
.warn { color: var(--warn) } .bad { color: var(--bad) } td.none::before { visibility: hidden }
dl { margin: 0; columns: 20rem } dl div { break-inside: avoid; padding: .2rem 0 } dd { margin: 0 }
dt span { font-size: .85rem; margin-left: .5em } ul { padding-left: 1.1rem; margin: .3rem 0 }
svg { max-width: 100%; height: auto; display: block } svg text { fill: var(--ink); font-size: 13px }
.design { --hue: #8c6bd6 } .build { --hue: #2f8f83 } .review { --hue: #c2643c }
svg circle { fill: var(--hue) } svg path { fill: none; stroke: var(--hue); stroke-width: 1.4 }
svg path.told { stroke-dasharray: 2 4 } svg marker path { fill: var(--soft); stroke: none }
.key { display: inline-block; width: .7em; height: .7em; border-radius: 50%;
  background: var(--hue); margin: 0 .35em 0 0 } .key + span { margin-right: .9em }
@media (max-width: 46rem) { .wide { display: none } }
"""
TONES = {
    "handed over": "good",
    "running": "live",
    "ready": "live",
    "waiting": "wait",
    "stale": "warn",
    "incomplete": "warn",
    "blocked": "bad",
    "gave up": "bad",
    "no task": "none",
}


def html(found: Row) -> str:
    title = f"{escape(found['project'])}: the team's board"
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime())
    body = [*features(found), *requests(found), *denials(found), *picture(found["team"])]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{STYLE}</style></head><body>",
            f'<h1>{title}</h1><p class="soft">As it was on {when}.</p>',
            *body,
            "</body></html>",
        ]
    )


def features(found: Row) -> Iterator[str]:
    if not found["features"]:
        yield '<h2>Features</h2><div class="card">No feature is open.</div>'
        return
    yield '<div class="wide"><h2>Features</h2><div class="card scroll"><table><thead><tr>'
    for name in ["feature", *(row["name"] for row in found["team"])]:
        yield f'<th scope="col">{escape(name)}</th>'
    yield "</tr></thead><tbody>"
    for row in found["features"]:
        yield f'<tr><th scope="row">{escape(row["name"])}</th>'
        yield from (f'<td class="{TONES[at["state"]]}">{at["state"]}</td>' for at in row["agents"])
        yield "</tr>"
    yield "</tbody></table></div></div>"
    for row in found["features"]:
        yield f'<h2>{escape(row["name"])}</h2><div class="card"><dl>'
        for at in row["agents"]:
            if at["state"] != "no task":
                state = f'<span class="{TONES[at["state"]]}">{at["state"]}</span>'
                waits = ["for " + ", ".join(at["why"])] if at["state"] == "waiting" else at["why"]
                why = "".join(f'<dd class="soft">{escape(one)}</dd>' for one in waits)
                yield f"<div><dt>{escape(at['agent'])}{state}</dt>{why}</div>"
        yield "</dl></div>"


def requests(found: Row) -> Iterator[str]:
    rows = [(row["owner"], row["what"]) for row in found["requests"]]
    yield f"<h2>Open requests</h2>{listed(rows, 'Nobody asks for anything.')}"


def denials(found: Row) -> Iterator[str]:
    rows = [(row["agent"] or "main", row["why"] or "") for row in found["denied"]]
    yield f"<h2>Refused calls: {found['denials']}</h2>{listed(rows, 'None was refused.')}"


def listed(rows: list[tuple[str, str]], otherwise: str) -> str:
    items = "".join(f"<li><b>{escape(who)}</b>: {escape(what)}</li>" for who, what in rows)
    return f'<div class="card">{f"<ul>{items}</ul>" if rows else otherwise}</div>'


def picture(team: list[Row]) -> Iterator[str]:
    """Who hands to whom: the agents in the order of work, an arc for each pair."""
    at = {row["name"]: STEP * number + 16 for number, row in enumerate(team)}
    phase = {row["name"]: escape(row.get("phase", "")) for row in team}
    arcs: dict[tuple[str, str], list[Row]] = {}
    for row in team:
        for end in row.get("hands_to", []):
            arcs.setdefault((row["name"], end["to"]), []).append(end)
    far = max([abs(at[one] - at[two]) for one, two in arcs] + [STEP])
    size = (round(EDGE + far * 0.68 + 12), STEP * len(team) + 8)
    yield '<h2>Who hands to whom</h2><div class="card"><p class="soft">'
    for name in dict.fromkeys(phase.values()):
        yield f'<i class="key {name}"></i><span>{name}</span>'
    yield "dotted: nobody waits for it</p>"
    yield f'<svg width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}" role="img"'
    yield ' aria-label="Who hands to whom"><defs><marker id="end" viewBox="0 0 8 8" refX="7"'
    yield ' refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/>'
    yield "</marker></defs>"
    for (one, two), ends in arcs.items():
        reach = round(EDGE + abs(at[one] - at[two]) * 0.9)
        told = ' class="told"' * all("told" in end or "phase" in end for end in ends)
        what = escape(f"{one} hands {two}: {'; '.join(end['what'] for end in ends)}")
        way = f"M{EDGE} {at[one]} C {reach} {at[one]}, {reach} {at[two]}, {EDGE} {at[two]}"
        yield f'<g class="{phase[one]}"><path{told} marker-end="url(#end)" d="{way}">'
        yield f"<title>{what}</title></path></g>"
    for name, high in at.items():
        yield f'<g class="{phase[name]}"><circle cx="{EDGE - 8}" cy="{high}" r="5"/>'
        yield f'<text x="{EDGE - 20}" y="{high + 4}" text-anchor="end">{escape(name)}</text></g>'
    yield "</svg></div>"
