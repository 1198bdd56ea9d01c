"""Three versions of a JSON file made one by key, so that it never holds marks of a conflict."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Dict, List, Union

import texts

Value = Union[str, int, float, bool, None, List[Any], Dict[str, Any], object]  # what JSON has

ABSENT = object()
NAMES = ("name", "path")


def merge(base: bytes, mine: bytes, new: bytes) -> tuple[bytes, list[str]]:
    """One file, and the keys that both sides changed: there it has what the person has.

    Raises ValueError where one of them is no JSON.
    """
    clashes: list[str] = []
    merged = values(read(base), read(mine), read(new), "", clashes)
    return json.dumps(merged, indent=2, ensure_ascii=False).encode() + b"\n", clashes


def read(text: bytes) -> Value:
    """What a file says, an empty object where it says nothing."""
    value: Value = json.loads(text.decode("utf-8-sig").strip() or "{}", object_pairs_hook=once)
    return value


def once(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    """An object, each of whose keys stands in it once: else one of the values would be lost."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"{twice} stands twice in an object")
    return found


def text(value: Value) -> str:
    """A value by which it is compared: true is not 1, and the order of keys is nothing."""
    return "" if value is ABSENT else json.dumps(value, sort_keys=True)


def values(base: Value, mine: Value, new: Value, at: str, clashes: list[str]) -> Value:
    """One value of three; `at` is the path of its key."""
    if text(new) in (text(mine), text(base)):
        return mine
    if text(mine) == text(base):
        return new
    if isinstance(mine, dict) and isinstance(new, dict):
        return objects(base if isinstance(base, dict) else {}, mine, new, at, clashes)
    if isinstance(mine, list) and isinstance(new, list):
        return lists(base if isinstance(base, list) else [], mine, new, at, clashes)
    return clash(mine, at, clashes)


def clash(mine: Value, at: str, clashes: list[str]) -> Value:
    """Notes a key that both changed, and leaves it as the person has it."""
    clashes.append(at.lstrip(".") or "the whole file")
    return mine


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


def lists(base: list[Any], mine: list[Any], new: list[Any], at: str, clashes: list[str]) -> Value:
    """One list: rows with a name by name, and everything in the order of both sides."""
    for name in NAMES:
        named = [rows(side, name) for side in (base, mine, new)]
        if all(side is not None for side in named):
            old, own, other = (side or {} for side in named)
            order = items([*old], [*own], [*other])
            if order is None:
                return clash(mine, at, clashes)
            merged = objects(old, own, other, at, clashes)
            return [merged[key] for key in placed(order, [*own], [*merged]) if key in merged]
    order = items(base, mine, new)
    return clash(mine, at, clashes) if order is None else order


def placed(order: list[str], own: list[str], kept: list[str]) -> list[str]:
    """The order, with what a clash keeps in the place that it has on the person's side."""
    for key in kept:
        if key not in order:
            before = [one for one in own[: own.index(key)] if one in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
    return order


def items(base: list[Any], mine: list[Any], new: list[Any]) -> list[Any] | None:
    """One list of three, merged as lines are; None where that is a conflict.

    What both only added to, at the same place, has what is new and then the person's own.
    """
    old, ours, theirs = (
        "".join(f"{text(item)}\n" for item in side).encode() for side in (base, mine, new)
    )
    merged, split = texts.merge(old, ours, theirs, "")
    if merged is not None and not split:
        return [json.loads(line) for line in merged.splitlines()]
    kept, own, other = ([text(item) for item in side] for side in (base, mine, new))
    if own[: len(base)] != kept or other[: len(base)] != kept:
        return None
    return new + [item for item in mine[len(base) :] if text(item) not in other[len(base) :]]


def rows(side: list[Any], name: str) -> dict[str, Any] | None:
    """The items by their name, None where one has none, or two have the same."""
    if not all(isinstance(item, dict) and isinstance(item.get(name), str) for item in side):
        return None
    found = {item[name]: item for item in side}
    return found if len(found) == len(side) else None
