"""Nobody waits in a circle, whoever is in the team, and every end of a handoff is somebody."""

from collections import Counter
from collections.abc import Sequence

from tests.support.answers import ROSTER, subsets
from tests.support.handoffs import PHASES, awaited, circles, reachable, waits
from tests.support.tables import Tables, evaluate

TEAMS = [evaluate({"agents_off": off}) for off in subsets()]


def without(tables: Tables, column: str) -> Tables:
    """The tables with one column of the handoffs left out."""
    rows = [{key: row[key] for key in row if key != column} for row in tables["links"]]  # type: ignore[literal-required] # a column of the row
    return {**tables, "links": rows}  # type: ignore[typeddict-item] # the same rows


def test_nobody_waits_in_a_circle() -> None:
    found = {tuple(tables["agents"]): circles(tables) for tables in TEAMS}
    assert not {team: nodes for team, nodes in found.items() if nodes}


def test_phases_cut_real_circles() -> None:
    """Without them frontend and backend, and devops and backend, wait for each other."""
    full = evaluate({"agents_off": []})
    assert circles(without(full, "phase"))
    alone = evaluate(
        {
            "agents_off": [
                name for name in ROSTER if name not in {"backend-developer", "devops-engineer"}
            ]
        }
    )
    assert {agent for agent, _ in circles(without(alone, "phase"))} == {
        "backend-developer",
        "devops-engineer",
    }


def test_nobody_waits_for_a_later_phase() -> None:
    backwards = {
        (giver, taker)
        for tables in TEAMS
        for giver, taker in awaited(tables)
        if PHASES.index(giver[1]) > PHASES.index(taker[1])
    }
    assert not backwards


def out_of_order(tables: Tables, order: Sequence[str]) -> list[str]:
    """The agents that stand before one whom they wait for, or behind a later phase."""
    phases = [PHASES.index(tables["roster"][name]["phase"]) for name in order]
    late = [name for place, name in enumerate(order) if phases[place] < max(phases[: place + 1])]
    waiting = [link for link in tables["links"] if not {"told", "phase"} & link.keys()]
    early = [link for link in waiting if order.index(link["from"]) > order.index(link["to"])]
    return [*late, *(link["to"] for link in early)]


def test_the_roster_is_in_the_order_of_work() -> None:
    """So that rounds, and who works beside whom, are found in one walk along it."""
    assert not [fault for tables in TEAMS for fault in out_of_order(tables, tables["agents"])]


def test_a_roster_in_another_order_is_found() -> None:
    full = evaluate({"agents_off": []})
    first, second, third, *rest = ROSTER
    assert not out_of_order(full, [second, first, third, *rest])
    assert out_of_order(full, [first, third, second, *rest]) == [third]
    assert first in out_of_order(full, [second, third, *rest, first])


def test_both_ends_are_in_the_team_and_two() -> None:
    for tables in TEAMS:
        for link in tables["links"]:
            assert link["from"] in tables["agents"]
            assert link["to"] in tables["agents"]
            assert link["from"] != link["to"]


def test_nothing_is_handed_over_twice() -> None:
    for tables in TEAMS:
        rows = Counter((link["from"], link["to"], link["what"]) for link in tables["links"])
        assert max(rows.values(), default=1) == 1, rows.most_common(1)


def test_the_triggers_reach_whom_they_concern() -> None:
    told = {
        (link["told"], link["to"])
        for link in evaluate({"agents_off": []})["links"]
        if "told" in link
    }
    assert {to for _, to in told} == {"frontend-developer", "test-engineer", "devops-engineer"}


def test_the_review_waits_for_all_who_build() -> None:
    full = evaluate({"agents_off": []})
    built = [name for name in ROSTER if full["roster"][name]["phase"] == "build"]
    assert all("code-reviewer" in waits(full, name) for name in built)


def test_a_circle_is_seen() -> None:
    edges = {(("a", "build"), ("b", "build")), (("b", "build"), ("c", "build"))}
    closed = edges | {(("c", "build"), ("a", "build"))}
    assert ("a", "build") not in reachable(edges, ("a", "build"))
    assert ("a", "build") in reachable(closed, ("a", "build"))
