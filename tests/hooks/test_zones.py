"""Who owns a path: patterns, the order of rows, real paths, and maps that cannot be read."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zones
from tests.hooks.program import MAIN, TEAM, ZONES, commit, git, repository

COVERS = [
    ("**", "a/b/c", True),
    ("**", ".", True),
    ("docs/**", "docs/a/b.md", True),
    ("docs/**", "docs", True),
    ("docs/**", "docs.md", False),
    ("docs/**", "a/docs/b.md", False),
    ("docs/a.md", "docs/a.md", True),
    ("docs/a.md", "docs/a.md/b", False),
    ("docs/a.md", "docs/aXmd", False),
    ("**/.env", ".env", True),
    ("**/.env", "a/b/.env", True),
    ("**/.env", "a/b.env", False),
    ("**/.env.*", "a/.env.local", True),
    ("**/.env.*", "a/.env", False),
    ("a/**/z", "a/z", True),
    ("a/**/z", "a/b/c/z", True),
    ("handoff/*/README.md", "handoff/x/README.md", True),
    ("handoff/*/README.md", "handoff/x/y/README.md", False),
    ("handoff/*/README.md", "handoff/README.md", False),
    ("*.py", "a.py", True),
    ("*.py", "a/b.py", False),
    ("a*b*c", "a-b-b-c", True),
    ("a*b*c", "a-c-b", False),
    ("[a]?", "a1", False),
    ("new\nline", "new\nline", True),
]


@pytest.mark.parametrize(("glob", "place", "covered"), COVERS)
def test_pattern(glob: str, place: str, covered: bool) -> None:  # noqa: FBT001 - a column
    assert zones.matches(glob, place) is covered


@given(st.lists(st.text(st.characters(exclude_characters="/*"), min_size=1), min_size=1))
def test_every_path_matches_itself_and_what_is_above_it(names: list[str]) -> None:
    place = "/".join(names)
    assert zones.matches(place, place)
    assert zones.matches("**", place)
    assert all(zones.matches("/".join([*names[:n], "**"]), place) for n in range(len(names) + 1))


def team(rows: Sequence[tuple[str, str]], main: Sequence[tuple[str, str]] = MAIN) -> zones.Team:
    return zones.Team("/nowhere", [], [], list(rows), list(main))


OWNERS = [
    ("README.md", "human"),
    ("docs/openapi.yaml", "api-designer"),
    ("backend/app/main.py", "backend-developer"),
    ("backend/tests/acceptance/test_items.py", "api-designer"),
    ("backend/.env", "human"),
    ("backend", "backend-developer"),
    (".", "human"),
]


@pytest.mark.parametrize(("place", "owner"), OWNERS)
def test_the_last_row_that_matches_holds(place: str, owner: str) -> None:
    assert team(ZONES).owner(place) == owner


def test_a_map_without_a_row_for_it_leaves_a_path_to_a_person() -> None:
    assert team([("docs/**", "api-designer")]).owner("backend/x") == zones.HUMAN


def test_a_place_is_where_a_write_would_land(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    (root / "backend" / "link").symlink_to(root / "docs")
    (root / "backend" / "out").symlink_to(tmp_path)
    (tmp_path / "in").symlink_to(root)
    team = zones.load(str(root))

    places = {
        "docs/new.md": "docs/new.md",
        "backend/link/new.md": "docs/new.md",
        "backend/link/../new.md": "new.md",
        "backend/../docs/./x": "docs/x",
        "../in/backend/x": "backend/x",
        "": ".",
        "..": None,
        "../project2/x": None,
        "backend/out/x": None,
        "backend/out/project/docs/x": "docs/x",
    }
    assert {path: team.place(str(root / path)) for path in places} == places


def test_a_root_that_is_a_link_is_the_same_repository(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    (tmp_path / "link").symlink_to(root)
    assert zones.load(str(tmp_path / "link")).place(str(root / "docs/x")) == "docs/x"


def without(key: str) -> str:
    return json.dumps({name: value for name, value in TEAM.items() if name != key})


BAD_MAPS: dict[str, tuple[str, str]] = {
    "empty": ("", "is no map of a team"),
    "half": (json.dumps(TEAM)[:-9], "is no map of a team"),
    "conflict": ("<<<<<<< before\n{}", "is no map of a team"),
    "list": ("[]", "is no map of a team"),
    "deep": ("[" * 100_000, "is no map of a team"),
    "no tools": (without("tools"), "'tools'"),
    "no main": (without("main"), "'main'"),
    "no agents": (without("agents"), "'agents'"),
    "no zones": (without("zones"), "'zones'"),
    "no version": (without("version"), "'version'"),
    "later version": (json.dumps({**TEAM, "version": 2}), "has version 2"),
    "agent without a name": (json.dumps({**TEAM, "agents": [{}]}), "'name'"),
    "owner is no text": (
        json.dumps({**TEAM, "zones": [{"path": "**", "owner": 7}]}),
        "7 is no text",
    ),
    "may is unknown": (
        json.dumps({**TEAM, "main": [{"path": "**", "may": "perhaps"}]}),
        "has perhaps for what the main thread may do",
    ),
    "stranger": (
        json.dumps({**TEAM, "zones": [{"path": "**", "owner": "nobody"}]}),
        "gives paths to nobody, not in the team",
    ),
}


@pytest.mark.parametrize(("text", "says"), BAD_MAPS.values(), ids=BAD_MAPS)
def test_a_bad_map_is_named_with_its_fault(tmp_path: Path, text: str, says: str) -> None:
    root = repository(tmp_path / "project")
    path = root / "team" / "team.json"
    path.write_text(text)
    with pytest.raises(zones.MapError) as caught:
        zones.load(str(root))
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def missing(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def binary(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize("spoil", [missing, folder, loop, binary])
def test_a_map_that_cannot_be_read_is_a_fault(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    root = repository(tmp_path / "project")
    spoil(root / "team" / "team.json")
    with pytest.raises(zones.MapError):
        zones.load(str(root))


SPELLINGS = [
    ("docs/openapi.yaml", "api-designer"),
    ("DOCS/openapi.yaml", zones.HUMAN),
    ("backend/.ENV", zones.HUMAN),
    ("backend/.Git/config", zones.HUMAN),
    ("backend/git~1/config", zones.HUMAN),
    ("backend/.git./config", zones.HUMAN),
    ("backend/.git::$INDEX_ALLOCATION/config", zones.HUMAN),
    ("backend/.g\u200cit/config", zones.HUMAN),
    ("backend/.e\u200dnv", zones.HUMAN),
    ("backend/tests/Acceptance/x", zones.HUMAN),
    ("backend/te\u017fts/acceptance/x", zones.HUMAN),  # a long s, whose capital is an S
    ("backend/Readme.md", "backend-developer"),
    ("backend/gr\u00fc\u00dfe", "backend-developer"),
]


@pytest.mark.parametrize(("place", "owner"), SPELLINGS)
def test_a_name_that_some_machine_takes_for_anothers_is_a_persons(place: str, owner: str) -> None:
    assert team(ZONES).owner(place) == owner


def test_both_unicode_forms_of_a_name_are_its_owners() -> None:
    rows = [("**", "api-designer"), ("caf\u00e9/**", "backend-developer")]
    assert team(rows).owner("caf\u00e9/x") == "backend-developer"
    assert team(rows).owner("cafe\u0301/x") == zones.HUMAN


def test_what_the_main_thread_may_do() -> None:
    places = ("docs/x", ".claude/settings.json", ".Claude/x", "team", "TEAM/team.json", "teams")
    assert [team(ZONES).may(place) for place in places] == [
        "write",
        "ask",
        "ask",
        "ask",
        "ask",
        "write",
    ]
    assert team(ZONES, [("docs/**", "write")]).may("x") == "not"


BENEATH = [
    ("backend", "backend/tests/acceptance"),
    ("backend/tests", "backend/tests/acceptance"),
    ("backend/app", None),
    ("backend/deep", "backend/deep/er/.env"),
    ("backend/vendored", "backend/vendored/.git"),
    ("handoff/backend-developer", "handoff/backend-developer/README.md"),
]


@pytest.mark.parametrize(("folder", "found"), BENEATH)
def test_a_folder_may_hold_what_is_somebody_elses(
    tmp_path: Path, folder: str, found: str | None
) -> None:
    root = repository(tmp_path / "project")
    for name in ("backend/deep/er/.env", "backend/vendored/.git/config", "backend/app/env"):
        (root / name).parent.mkdir(parents=True)
        (root / name).touch()
    assert zones.load(str(root)).beneath(folder, "backend-developer") == found


@pytest.mark.parametrize("inside", ["", "services/shop"])
def test_a_worktree_has_the_places_of_its_repository(tmp_path: Path, inside: str) -> None:
    top = tmp_path / "top"
    root = repository(top / inside)
    commit(top)
    (root / "team" / "team.json").write_text(json.dumps(TEAM))
    for made in (tmp_path / "beside", top / ".claude" / "worktrees" / "inside"):
        git(top, "worktree", "add", "--quiet", str(made))
        here = made / inside
        known = zones.load(str(root))
        assert known.place(str(here / "docs/x")) == "docs/x"
        assert known.place(str(here / ".git")) == ".git"
        assert known.owner(".git") == zones.HUMAN
        assert known.place(str(root / "docs/x")) == "docs/x"
    assert known.place(str(tmp_path / "other")) is None


def test_a_root_without_git_has_no_worktrees(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    assert zones.load(str(root)).roots == [str(root.resolve())]
