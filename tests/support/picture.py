"""The team as a Mermaid picture, drawn from the roster and the handoffs."""

from collections.abc import Iterator

from tests.support.handoffs import PHASES
from tests.support.tables import Tables


def lines(tables: Tables) -> Iterator[str]:
    """A box a phase, an arrow a handoff; dotted where nobody waits, or where it states a need."""
    roster, agents = tables["roster"], tables["agents"]
    yield "flowchart LR"
    for phase in PHASES:
        yield f"    subgraph {phase}"
        yield from (f"        {name}" for name in agents if roster[name]["phase"] == phase)
        yield "    end"
    arrows: dict[tuple[str, str], str] = {}
    for link in tables["links"]:
        ends = link["from"], link["to"]
        firm = "told" not in link and "phase" not in link
        arrows[ends] = "-->" if firm or arrows.get(ends) == "-->" else "-.->"
    yield from (f"    {giver} {arrow} {taker}" for (giver, taker), arrow in arrows.items())


def picture(tables: Tables) -> str:
    return "\n".join(["```mermaid", *lines(tables), "```", ""])
