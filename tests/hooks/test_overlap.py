"""What the doctor says of local.json: nothing where all is well, and each clash with the map."""

from pathlib import Path
from typing import Any

import pytest

import overlap
import zones
from tests.hooks.own import CARD, FORM, FROM, OWN, PHONES, own, put
from tests.hooks.sick import asked, found, healthy, remove, write
from tests.hooks.teamwork import BACKEND, DESIGNER, FRONTEND, TESTER
from tests.hooks.work import without

HEAD = f"---\nname: {PHONES}\ndescription: works\ntools: Read, Write\n---\n\nYou.\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is well, with an agent of its own."""
    root = healthy(tmp_path, monkeypatch)
    put(root, own(receives=[FROM]))
    write(CARD, HEAD)(root)
    write(FORM, "```markdown\n## Screens\n\n<Each.>\n```\n")(root)
    return root


def row(path: str, *taken: str, owner: str = PHONES) -> dict[str, Any]:
    return {"path": path, "owner": owner, **({"instead_of": [*taken]} if taken else {})}


def rows(*given: dict[str, Any]) -> dict[str, Any]:
    return {**own(), "zones": [*given]}


def test_with_an_agent_of_its_own_all_is_well(root: Path) -> None:
    assert asked(root) == (0, "10 checks, all well.\n", "")


def test_it_finds_what_its_agent_lacks(root: Path) -> None:
    remove(FORM)(root)
    assert found("handoffs", root) == [f"handoff/{PHONES}/README.md has no form with sections"]
    remove(CARD)(root)
    assert found("team", root) == [f"{PHONES} has no card in .claude/agents"]


def test_a_card_that_no_map_knows_is_told_where_it_gets_a_row(root: Path) -> None:
    remove(OWN)(root)
    (what,) = found("team", root)
    assert what.startswith(f"{PHONES} has a card and no row: ")
    assert OWN in what
    assert found("own", root) == []


def test_one_that_is_broken_is_told_with_what_is_wrong(root: Path) -> None:
    put(root, "{")
    code, out, _ = asked(root)
    assert code == 1
    assert f"own: {root / OWN} is no map of a team" in out


TWO = {**own(receives=[FROM]), "agents": [{"name": BACKEND}, {"name": PHONES}, {"name": PHONES}]}
ROUND = [{"from": BACKEND, "what": "x"}], [{"to": DESIGNER, "what": "x"}]
WELL: dict[str, object] = {
    "nothing": {"version": 1},
    "a path of nobody": own("mobile/**", "watch/**"),
    "a part of a path": rows(row("mobile/**"), row("mobile/x/**", PHONES, owner=TESTER)),
    "taken on purpose": rows(row("backend/mobile/**", BACKEND)),
    "all that somebody has": rows(row("docs/openapi.yaml", DESIGNER)),
    "from several": rows(row("backend/**", BACKEND, TESTER)),
    "given to whom it is": rows(row("backend/tests/**", TESTER, owner=BACKEND)),
    "a person's again": rows(row("backend/old/**", owner="human")),
    "its handoffs": own(f"handoff/{PHONES}/**"),
    "beside each other": own(hands_to=[{"to": TESTER, "what": "x"}], receives=[FROM]),
    "news in a circle": own(
        receives=[{"from": BACKEND, "what": "x"}],
        hands_to=[{"to": BACKEND, "what": "x", "told": "y"}],
    ),
}


@pytest.mark.parametrize("said", WELL.values(), ids=WELL)
def test_what_is_well_is_no_fault(root: Path, said: object) -> None:
    put(root, said)
    assert found("own", root) == []


BAD: dict[str, tuple[object, list[str]]] = {
    "two of a name": (
        TWO,
        [f"{name} has two rows in the map, and one in {OWN} is" for name in (BACKEND, PHONES)],
    ),
    "a handoff with nobody": (
        own(receives=[{"from": "architect", "what": "x"}]),
        [f"{PHONES} has a handoff with architect, which is not in the team"],
    ),
    "a circle": (
        own(receives=ROUND[0], hands_to=ROUND[1]),
        [f"{DESIGNER} and {BACKEND} and {PHONES} wait for each other"],
    ),
    "another's path": (
        own("docs/openapi.yaml"),
        [f"gives docs/openapi.yaml to {PHONES}, and docs/openapi.yaml is {DESIGNER}'s"],
    ),
    "a part of another's path": (
        own("backend/mobile/**"),
        [f"gives backend/mobile/** to {PHONES}, and backend/mobile is {BACKEND}'s"],
    ),
    "more than another's path": (own("docs/**"), [f"and docs/openapi.yaml is {DESIGNER}'s"]),
    "across another's path": (
        own("**/*.kt"),
        ["and backend/.kt is", "and backend/tests", "and frontend"],
    ),
    "of several, one": (
        rows(row("backend/**", BACKEND)),
        [f"and backend/tests/acceptance is {TESTER}'s"],
    ),
    "from another": (rows(row("frontend/**", BACKEND)), [f"and frontend is {FRONTEND}'s"]),
    "between two of the map": (
        rows(row("backend/**", TESTER, owner=TESTER)),
        [f"to {TESTER}, and backend is {BACKEND}'s"],
    ),
    "two of its own": (
        rows(row("mobile/**"), row("mobile/x/**", owner=TESTER)),
        [f"gives mobile/x/** to {TESTER}, and mobile/x is {PHONES}'s"],
    ),
    "what guards the team": (own("team/**"), ["but team/**, which comes after it, goes to human"]),
    "a part of that": (own(".claude/notes/x.md"), ["but .claude/**, which comes after it, goes"]),
    "a secret": (own("mobile/.env"), ["but **/.env, which comes after it, goes to human"]),
    "its own form": (own(FORM), ["README.md, which comes after it, goes to human"]),
    "another's handoffs": (
        own(f"handoff/{BACKEND}/**"),
        [f"but handoff/{BACKEND}/**, which comes after it, goes to {BACKEND}"],
    ),
    "a row under another": (
        rows(row("mobile/x/**"), row("mobile/**", PHONES, owner=TESTER)),
        [f"gives mobile/x/** to {PHONES}, but mobile/**, which comes after it, goes to {TESTER}"],
    ),
    "a folder without what is in it": (
        rows(row("backend", BACKEND)),
        ["backend is a folder, and backend/** what is in it"],
    ),
}


@pytest.mark.parametrize(("said", "says"), BAD.values(), ids=BAD)
def test_a_clash_is_named(root: Path, said: object, says: list[str]) -> None:
    put(root, said)
    whole = found("own", root)
    assert len(whole) == len(says), whole
    assert all(any(part in what for what in whole) for part in says), whole


def test_what_it_says_comes_with_what_helps(root: Path) -> None:
    put(root, own("docs/openapi.yaml"))
    code, out, _ = asked(root)
    assert code == 1
    assert out.splitlines()[1] == f"Fix: {overlap.own.__doc__}"
    assert '"instead_of"' in out


@pytest.mark.parametrize(
    ("line", "instead", "case"),
    [
        ("if names.count(name) > 1", "if 0", "two of a name"),
        ("{*ends} - team.agents", "set()", "a handoff with nobody"),
        ("if name in ends)", "if 0)", "a circle"),
        ('if covers and covers[-1][1] != row["owner"]', "if 0", "what guards the team"),
        ("for path, _ in before if", "for path, _ in before if 0 and", "another's path"),
        ('(one, two, f"{one}/{two}", f"{two}/{one}")', "(one,)", "more than another's path"),
        ('f"{two}/{one}"', "two", "across another's path"),
        ('(root / row["path"]).is_dir()', "0", "a folder without what is in it"),
    ],
)
def test_without_a_look_a_clash_is_not_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch, line: str, instead: str, case: str
) -> None:
    put(root, BAD[case][0])
    text = Path(str(overlap.__file__)).read_text()
    assert text.count(line) == 1, line
    without(monkeypatch, overlap, line, instead)
    assert len([*overlap.own(root)]) < len(BAD[case][1])


def test_a_team_without_it_is_not_looked_at(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove(OWN)(root)
    monkeypatch.setattr(zones, "load", None)
    assert found("own", root) == []
