"""Who waits for whom.

A node is an agent in a phase, since an agent states what it needs before its own work begins.
"""

from collections.abc import Iterator

from tests.support.tables import Tables

PHASES = ("design", "build", "review")
Node = tuple[str, str]
Edge = tuple[Node, Node]


def awaited(tables: Tables) -> Iterator[Edge]:
    """Giver before receiver, for each handoff that is waited for, and an agent's needs before it.

    A handoff that is `told` is news: its receiver does not wait.
    """
    roster = tables["roster"]
    for link in tables["links"]:
        if "told" not in link:
            giver, receiver = link["from"], link["to"]
            stated = link.get("phase", roster[giver]["phase"])
            yield (giver, stated), (receiver, roster[receiver]["phase"])
            if stated != roster[giver]["phase"]:
                yield (giver, stated), (giver, roster[giver]["phase"])


def reachable(edges: set[Edge], start: Node) -> set[Node]:
    """Everything that waits for a node, near or far; the node itself if it is in a circle."""
    found: set[Node] = set()
    due = [start]
    while due:
        node = due.pop()
        following = {after for before, after in edges if before == node} - found
        found |= following
        due.extend(following)
    return found


def circles(tables: Tables) -> list[Node]:
    """The nodes that wait for themselves."""
    edges = set(awaited(tables))
    return sorted(
        node for node in {node for edge in edges for node in edge} if node in reachable(edges, node)
    )


def waits(tables: Tables, agent: str) -> set[str]:
    """The agents whose work waits for this one's."""
    roster = tables["roster"]
    after = reachable(set(awaited(tables)), (agent, roster[agent]["phase"]))
    return {name for name, phase in after if phase == roster[name]["phase"]}
