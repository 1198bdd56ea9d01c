"""JSON that both sides changed: each value and each place in a list is kept or named."""

import json

import pytest

import decide
import keys
from decide import Change


def row(path: str, owner: str = "human") -> dict[str, str]:
    return {"path": path, "owner": owner}


MERGES: dict[str, tuple[object, object, object, object]] = {
    "both add at the end": ([1], [1, 2], [1, 3], [1, 3, 2]),
    "both add the same": ([1], [1, 2], [1, 2], [1, 2]),
    "a row between others stays there": (
        [row("a"), row("b"), row("z")],
        [row("a"), row("own"), row("b"), row("z")],
        [row("a"), row("b"), row("new"), row("z")],
        [row("a"), row("own"), row("b"), row("new"), row("z")],
    ),
    "an argument stays before the one that it is for": (
        ["-y", "pkg"],
        ["-y", "--registry=ours", "pkg"],
        ["-y", "pkg", "-v"],
        ["-y", "--registry=ours", "pkg", "-v"],
    ),
    "a word that stands twice": (
        ["run", "x"],
        ["--dir", "a", "--dir", "b", "run", "x"],
        ["run", "x", "y"],
        ["--dir", "a", "--dir", "b", "run", "x", "y"],
    ),
    "a row by its name": (
        [row("a"), row("b")],
        [row("a", "me"), row("b")],
        [row("a"), row("b", "you")],
        [row("a", "me"), row("b", "you")],
    ),
    "what a person deletes stays deleted": ([1, 2, 3], [1, 3], [1, 2, 3, 4], [1, 3, 4]),
    "a key of each": (
        {"a": 1},
        {"a": 1, "own": 2},
        {"a": 1, "new": 3},
        {"a": 1, "new": 3, "own": 2},
    ),
    "false is not 0": (0, False, 0, False),
}


def merged(base: object, mine: object, new: object) -> tuple[object, list[str]]:
    old, own, other = (json.dumps({"x": side}).encode() for side in (base, mine, new))
    whole, clashes = keys.merge(old, own, other)
    return json.loads(whole)["x"], clashes


@pytest.mark.parametrize(("base", "mine", "new", "want"), MERGES.values(), ids=MERGES)
def test_it_is_one(base: object, mine: object, new: object, want: object) -> None:
    found, clashes = merged(base, mine, new)
    assert json.dumps(found) == json.dumps(want)
    assert clashes == []


CLASHES: dict[str, tuple[object, object, object]] = {
    "a value": (1, 2, 3),
    "true and 1": (0, False, 1),
    "an entry without a name that both changed": ([{"a": 1}], [{"a": 2}], [{"a": 3}]),
    "an entry that a person deleted and the template changed": ([{"a": 1}, 5], [5], [{"a": 2}, 5]),
    "a list that is something else": ([1], [1, 2], "none"),
    "one place with two rows": (
        [row("a"), row("z")],
        [row("a"), row("own"), row("z")],
        [row("a"), row("new"), row("z")],
    ),
}


@pytest.mark.parametrize(("base", "mine", "new"), CLASHES.values(), ids=CLASHES)
def test_of_what_both_changed_the_persons_stays(base: object, mine: object, new: object) -> None:
    found, clashes = merged(base, mine, new)
    assert json.dumps(found) == json.dumps(mine)
    assert clashes == ["x"]


def test_a_row_that_a_person_changed_stays_though_the_new_version_drops_it() -> None:
    a, b, c, d, changed = row("a"), row("b"), row("c"), row("d"), row("b", "me")
    assert merged([a, b, c], [a, changed, c], [a, c, d]) == ([a, changed, c, d], ["x.b"])
    assert merged([b, a, c], [changed, a, c], [a, c, d]) == ([changed, a, c, d], ["x.b"])


def test_a_key_that_a_person_deleted_and_the_template_changed_stays_away() -> None:
    whole, clashes = keys.merge(b'{"a": 1, "b": 1}', b'{"b": 1}', b'{"a": 2, "b": 1}')
    assert (json.loads(whole), clashes) == ({"b": 1}, ["a"])


def change(base: bytes, mine: bytes, new: bytes) -> Change:
    found = decide.change(".claude/settings.json", (base, mine, new), "v2")
    assert found
    return found


def test_a_key_that_stands_twice_is_no_json() -> None:
    found = change(b'{"a": 1}', b'{"a": 1, "b": 2, "b": 3}', b'{"a": 2}')
    assert (found.kind, found.now) == (decide.CONFLICT, b'{"a": 1, "b": 2, "b": 3}')
    assert "b stands twice" in found.why


def test_a_file_is_written_as_the_person_writes_it() -> None:
    base, new = b'{\n  "a": 1,\n\n\n  "z": 1\n}\n', b'{\n  "a": 1,\n\n\n  "z": 2\n}\n'
    mine = b'{\r\n    "a": 3,\r\n\r\n\r\n  "z": 1\r\n}\r\n'
    found = change(base, mine, new)
    assert found.now == b'{\r\n    "a": 3,\r\n\r\n\r\n  "z": 2\r\n}\r\n'
    found = change(b'{"a": 1}\n', b'{"a": 1,\r\n"own": 1}\r\n', b'{"a": 2}\n')
    assert found.now == b'{\r\n  "a": 2,\r\n  "own": 1\r\n}\r\n'
