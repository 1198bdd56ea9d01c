"""Whose a path is, by the program that the guard uses: the last row that matches decides."""

from collections.abc import Sequence
from functools import cache

import zones
from tests.support.tables import Tables, Zone

covers = cache(zones.matches)


def owner(zone: Zone, team: Sequence[str]) -> str:
    """The first candidate of a row that is in the team, else a person."""
    return next((name for name in zone["owners"] if name in team), zones.HUMAN)


def owner_of(path: str, tables: Tables) -> str:
    rows = reversed(tables["zones"])
    found = next((zone for zone in rows if covers(zone["path"], path)), None)
    assert found is not None, f"no row matches {path}"
    return owner(found, tables["agents"])
