"""local.json that is broken: it is refused in a line; and each line that protects, left out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import local
import zones
from tests.hooks.own import FROM, OWN, PHONES, PLACE, TO, own, put
from tests.hooks.program import baton, call, repository
from tests.hooks.teamwork import BACKEND
from tests.hooks.work import without


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "project")


AGENT: dict[str, Any] = {"version": 1, "agents": [{"name": PHONES}]}
BAD: dict[str, tuple[object, str]] = {
    "empty": ("", "is no map of a team"),
    "half": ('{"version": 1,', "is no map of a team: JSONDecodeError"),
    "in conflict": ("<<<<<<< before\n{}", "is no map of a team"),
    "a list": ([], "is no map of a team"),
    "deep": ("[" * 100_000, "is no map of a team"),
    "no version": ({}, "it lacks 'version'"),
    "a later version": ({"version": 2}, "has version 2"),
    "a part that is no part": ({"version": 1, "zone": []}, "has 'zone' where it may have version,"),
    "rows for the main thread": ({"version": 1, "main": []}, "has 'main'"),
    "an agent without a name": ({"version": 1, "agents": [{}]}, "it lacks 'name'"),
    "a name that is a pattern": (own(name="*", owner="*"), "names '*'"),
    "a name that is a path": (own(name="../x", owner="../x"), "names '../x'"),
    "a name in capitals": (own(name="Mobile", owner="Mobile"), "names 'Mobile'"),
    "a person's name": ({"version": 1, "agents": [{"name": "human"}]}, "names 'human'"),
    "a key that is no key": (own(recieves=[FROM]), "has 'recieves' where it may have name, "),
    "a phase that is none": ({"version": 1, "agents": [{"name": PHONES, "phase": 2}]}, "2 is no"),
    "a handoff that is none": (
        {"version": 1, "agents": [{"name": PHONES, "receives": [7]}]},
        "is no map of a team",
    ),
    "a handoff of nothing": (own(receives=[{"from": BACKEND}]), "it lacks 'what'"),
    "a handoff of nobody": (own(hands_to=[{"what": "x"}]), "it lacks 'to'"),
    "a handoff's key": (own(hands_to=[{**TO, "when": "x"}]), "has 'when' where it may have to, "),
    "a stranger": (own(owner="nobody"), "gives paths to nobody, not in the team"),
    "an owner that is none": (
        {"version": 1, "zones": [{"path": "x", "owner": None}]},
        "None is no text",
    ),
    "a tool that is none": ({"version": 1, "tools": [None]}, "None is no text"),
    "a row's key": (
        {**AGENT, "zones": [{"path": "x", "owner": PHONES, "from": "x"}]},
        "has 'from' where it may have path, owner, instead_of",
    ),
    "a folder's slash": (own("mobile/"), "has the path 'mobile/'"),
    "a way up": (own("mobile/../team/**"), "has the path 'mobile/../team/**'"),
    "from the root": (own("/mobile/**"), "has the path '/mobile/**'"),
    "another system's": (own("mobile\\app"), "has the path 'mobile\\\\app'"),
}


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD)
def test_a_bad_one_is_named_with_its_fault(root: Path, text: object, says: str) -> None:
    path = put(root, text)
    with pytest.raises(zones.MapError) as caught:
        zones.load(str(root))
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)
    assert str(caught.value).count(str(path)) == 1


def folder(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path)


def nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("gone.json"))


def binary(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize("spoil", [folder, loop, nowhere, binary])
def test_one_that_cannot_be_read_is_refused(root: Path, spoil: Callable[[Path], None]) -> None:
    spoil(root / OWN)
    answer = baton(root, "guard", stdin=call(root / "backend/x"))
    assert answer.code == 2
    assert f"{root / OWN} " in answer.stderr
    assert answer.stderr.count("\n") == 1


# A line of local.py, what is left without it, a row of the project's, and what it gives away then.
GUARDS = {
    "what is kept": (", *human(*GUARDED)]", "]", "team/**", OWN),
    "the form": ('f"{place}/README.md", ', "", PLACE, f"handoff/{PHONES}/README.md"),
    "git": (', f"{place}/**/.git/**"', "", PLACE, f"handoff/{PHONES}/.git/config"),
    "the map's last rows": ("at = first(data", "at = len(data", PLACE, f"handoff/{BACKEND}/x.md"),
}


@pytest.mark.parametrize("name", GUARDS)
def test_without_a_protection_a_place_changes_hands(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In the small map, which has no row for team/."""
    line, instead, path, place = GUARDS[name]
    before = zones.load(str(root)).owner(place)
    put(root, own(path))
    assert zones.load(str(root)).owner(place) == before
    without(monkeypatch, local, line, instead)
    assert zones.load(str(root)).owner(place) != before


@pytest.mark.parametrize(
    ("line", "instead", "case"),
    [
        ("if strangers := {*row} - {*keys}:", "if 0:", "a key that is no key"),
        ('fullmatch(rf"(?!{zones.HUMAN}$)', 'fullmatch(rf"', "a person's name"),
        ("zones.check({**own", "0 and ({**own", "a stranger"),
        ('or "\\\\" in row["path"]', "", "another system's"),
        ('{"", ".", ".."} & ', "set() & ", "a way up"),
    ],
)
def test_without_a_check_a_bad_one_passes(
    root: Path, monkeypatch: pytest.MonkeyPatch, line: str, instead: str, case: str
) -> None:
    put(root, BAD[case][0])
    without(monkeypatch, local, line, instead)
    zones.load(str(root))


def test_without_the_look_at_a_link_it_would_be_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere(root / OWN)
    without(monkeypatch, zones, "os.path.lexists(own)", "os.path.exists(own)")
    zones.load(str(root))
