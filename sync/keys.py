"""Three versions of a JSON file made one by key, so that it never holds marks of a conflict."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Union

Value = Union[str, int, float, bool, None, List[Any], Dict[str, Any], object]  # what JSON has

ABSENT = object()
NAMES = ("name", "path")


def merge(base: bytes, mine: bytes, new: bytes) -> tuple[bytes, list[str]]:
    """One file, and the keys that both sides changed: of those it has the person's values.

    Raises ValueError where one of them is no JSON.
    """
    clashes: list[str] = []
    merged = values(read(base), read(mine), read(new), "", clashes)
    return json.dumps(merged, indent=2, ensure_ascii=False).encode() + b"\n", clashes


def read(text: bytes) -> Value:
    """What a file says, an empty object where it says nothing."""
    value: Value = json.loads(text.decode("utf-8-sig").strip() or "{}")
    return value


def values(base: Value, mine: Value, new: Value, at: str, clashes: list[str]) -> Value:
    """One value of three; `at` is the path of its key."""
    if new in (mine, base):
        return mine
    if mine == base:
        return new
    if isinstance(mine, dict) and isinstance(new, dict):
        return objects(base if isinstance(base, dict) else {}, mine, new, at, clashes)
    if isinstance(mine, list) and isinstance(new, list):
        return lists(base if isinstance(base, list) else [], mine, new, at, clashes)
    clashes.append(at.lstrip(".") or "the whole file")
    return new if mine is ABSENT else mine


def objects(
    base: dict[str, Any], mine: dict[str, Any], new: dict[str, Any], at: str, clashes: list[str]
) -> dict[str, Any]:
    """One object: the new version's keys in its order, then the person's own."""
    merged = {}
    for key in [*new, *(key for key in mine if key not in new)]:
        old, own, other = (side.get(key, ABSENT) for side in (base, mine, new))
        value = values(old, own, other, f"{at}.{key}", clashes)
        if value is not ABSENT:
            merged[key] = value
    return merged


def lists(
    base: list[Any], mine: list[Any], new: list[Any], at: str, clashes: list[str]
) -> list[Any]:
    """One list: rows with a name by name; else the new one's items, then the person's own."""
    for name in NAMES:
        sides = [rows(side, name) for side in (base, mine, new)]
        if all(side is not None for side in sides):
            old, ours, other = (side or {} for side in sides)
            return [*objects(old, ours, other, at, clashes).values()]
    lost = [item for item in base if item not in mine and item not in new]
    own = [item for item in mine if item not in base and item not in new]
    came = [item for item in new if item not in base and item not in mine]
    clashes += [at.lstrip(".")] if lost and own and came else []
    kept = [item for item in new if item in mine or item not in base]
    return kept + [item for item in mine if item not in base and item not in kept]


def rows(items: list[Any], name: str) -> dict[str, Any] | None:
    """The items by their name, None where one has none, or two have the same."""
    if not all(isinstance(item, dict) and isinstance(item.get(name), str) for item in items):
        return None
    found = {item[name]: item for item in items}
    return found if len(found) == len(items) else None
