"""local.json: what a project adds to the map, and what it cannot."""

import json
import re
import subprocess
from pathlib import Path

import pytest

import gate
import handoff
import zones
from tests.hooks.own import FROM, OWN, PHONES, PLACE, TO, own, put
from tests.hooks.program import PYTHON, bash, baton, call, repository, told
from tests.hooks.teamwork import BACKEND, DESIGNER, NAME, Teamwork, team_map, teamwork


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "project")


@pytest.fixture
def work(tmp_path: Path) -> Teamwork:
    return teamwork(tmp_path)


def code(root: Path, told: bytes) -> int:
    return baton(root, "guard", stdin=told).code


def test_its_agent_is_of_the_team_and_writes_its_own_alone(root: Path) -> None:
    assert code(root, call(root / PLACE, PHONES)) == 2
    put(root, own())
    assert code(root, call(root / PLACE, PHONES)) == 0
    assert code(root, bash(f"mkdir -p mobile; echo x > {PLACE}", PHONES, root)) == 0
    assert code(root, call(root / "handoff" / PHONES / "tags.md", PHONES)) == 0
    for place in ("backend/x", "mobile/.env", f"handoff/{PHONES}/README.md", OWN, "README.md"):
        assert code(root, call(root / place, PHONES)) == 2, place
    for place in (PLACE, f"handoff/{PHONES}/tags.md", OWN):
        assert code(root, call(root / place)) == 2, place
    assert baton(root, "owner", PLACE, OWN).stdout == f"{PLACE}\t{PHONES}\n{OWN}\thuman\n"


def test_it_is_a_persons(root: Path) -> None:
    put(root, own())
    assert (
        '"permissionDecision": "ask"' in baton(root, "guard", stdin=call(root / OWN, None)).stdout
    )


def test_it_gives_paths_to_those_whom_the_map_has(root: Path) -> None:
    put(root, {"version": 1, "zones": [{"path": "tools/**", "owner": BACKEND}]})
    assert zones.load(str(root)).owner("tools/x.py") == BACKEND
    put(root, {"version": 1, "zones": [{"path": "backend/old/**", "owner": "human"}]})
    assert zones.load(str(root)).owner("backend/old/x.py") == "human"


def test_it_names_tools_that_write_nothing(root: Path) -> None:
    assert code(root, told("mcp__figma__get", {})) == 2
    put(root, {"version": 1, "tools": ["mcp__figma__get"]})
    assert code(root, told("mcp__figma__get", {})) == 0


def test_an_agent_of_the_map_stays_as_the_map_has_it(work: Teamwork) -> None:
    before = work.team.rows
    put(work.root, own("mobile/**", name=BACKEND, owner=BACKEND, receives=[]))
    assert work.team.rows == before


def test_without_it_nothing_more_is_loaded(root: Path) -> None:
    text = "import sys; sys.path.insert(0, 'team'); import zones; zones.load('.')"
    command = [PYTHON, "-I", "-S", "-c", f"{text}; print('local' in sys.modules)"]
    assert subprocess.check_output(command, cwd=root) == b"False\n"
    put(root, own())
    assert subprocess.check_output(command, cwd=root) == b"True\n"


# What no row gives away, with a place that it would give away.
TAKEN = {
    "team/**": "team/zones.py",
    "team/local.json": OWN,
    "**/team.json": "team/team.json",
    "*/baton.py": "team/baton.py",
    ".claude/**": ".claude/settings.json",
    ".claude/agents/**": f".claude/agents/{PHONES}.md",
    "**": ".claude/settings.local.json",
    "tasks/**": "tasks/tags/README.md",
    "**/.env": "mobile/.env",
    "mobile/.env.local": "mobile/.env.local",
    ".git/**": ".git/hooks/pre-commit",
    "mobile/.git/**": "mobile/.git/config",
    "handoff/*/README.md": f"handoff/{BACKEND}/README.md",
    f"handoff/{PHONES}/README.md": f"handoff/{PHONES}/README.md",
    f"handoff/{PHONES}/x/.git/**": f"handoff/{PHONES}/x/.git/config",
}


@pytest.mark.parametrize(("path", "place"), TAKEN.items())
@pytest.mark.parametrize("rows", [None, [{"path": "**", "owner": "human"}]], ids=["", "bare"])
def test_no_row_gives_away_what_guards_the_team(
    root: Path, path: str, place: str, rows: object
) -> None:
    """Nor where the map says nothing of it."""
    known = team_map()
    (root / "team/team.json").write_text(json.dumps({**known, "zones": rows or known["zones"]}))
    put(root, own(path))
    assert zones.load(str(root)).owner(place) == "human"


def test_no_row_gives_away_what_another_hands_over(work: Teamwork) -> None:
    put(work.root, own("handoff/**", f"handoff/{BACKEND}/**"))
    assert work.team.owner(f"handoff/{BACKEND}/tags.md") == BACKEND
    assert work.team.owner(f"handoff/{PHONES}/tags.md") == PHONES


def test_both_ends_of_a_handoff_know_it(work: Teamwork) -> None:
    put(work.root, own(receives=[FROM], hands_to=[TO]))
    rows = work.team.rows
    assert {"to": PHONES, "what": "the contract"} in rows[DESIGNER]["hands_to"]
    assert {"from": PHONES, "what": "what the app calls"} in rows[BACKEND]["receives"]
    assert rows[PHONES]["receives"] == [FROM]
    work.open(DESIGNER, PHONES, BACKEND)
    work.write(f"handoff/{PHONES}/README.md", "```markdown\n## Screens\n\n<Each.>\n```\n")
    assert DESIGNER in work.early(PHONES)
    assert f"handoff/{PHONES}/{NAME}.md" in work.early(BACKEND)
    work.hand(DESIGNER)
    assert work.early(PHONES) == ""
    assert f"handoff/{DESIGNER}/{NAME}.md" in handoff.inputs(work.team, PHONES, NAME)
    assert baton(work.root, "handoff", "new", NAME, "--from", PHONES).code == 0
    text = (work.root / f"handoff/{PHONES}/{NAME}.md").read_text()
    said = {"<Each.>": "One.", r"(?<=task: )<.*": "none", r"(?<=status: )<.*": "DONE"}
    for left, words in said.items():
        text = re.sub(left, words, text)
    work.write(f"handoff/{PHONES}/{NAME}.md", text)
    assert work.faults(PHONES) == []
    assert PHONES not in work.early(BACKEND)
    assert f"handoff/{PHONES}/{NAME}.md" in handoff.inputs(work.team, BACKEND, NAME)


def test_its_agent_does_not_end_before_its_handoff_is_whole(work: Teamwork) -> None:
    put(work.root, own())
    work.write(f"handoff/{PHONES}/README.md", "```markdown\n## Screens\n\n<Each.>\n```\n")
    work.open(PHONES)
    assert f"handoff new {NAME} --from {PHONES}" in "\n".join(gate.briefing(work.team, PHONES))
    work.start(PHONES)
    work.write(PLACE)
    assert f"handoff/{PHONES}/{NAME}.md is not there" in work.stop(PHONES)[0]


def test_a_need_and_news_keep_their_kind(work: Teamwork) -> None:
    need = {"from": BACKEND, "what": "limits", "phase": "design"}
    news = {"to": BACKEND, "what": "a release", "told": "before a release"}
    put(work.root, own(receives=[need], hands_to=[news]))
    assert handoff.awaited(work.team, PHONES) == []
    waits = [row["from"] for row in handoff.awaited(work.team, BACKEND)]
    assert waits == [DESIGNER]


def test_a_handoff_that_both_ends_state_is_one(root: Path) -> None:
    said = own(receives=[{"from": "watch-developer", "what": "x"}])
    said["agents"].append({"name": "watch-developer", "hands_to": [{"to": PHONES, "what": "x"}]})
    put(root, said)
    rows = zones.load(str(root)).rows
    assert rows[PHONES]["receives"] == [{"from": "watch-developer", "what": "x"}]
    assert rows["watch-developer"]["hands_to"] == [{"to": PHONES, "what": "x"}]


def test_a_handoff_with_nobody_at_its_end_is_not_there(root: Path) -> None:
    """So that leaving an agent out does not stop the others."""
    put(root, own(receives=[{"from": "architect", "what": "x"}]))
    assert zones.load(str(root)).rows[PHONES]["receives"] == []


def test_every_command_knows_its_agent(work: Teamwork) -> None:
    put(work.root, own())
    assert baton(work.root, "feature", "open", NAME, "--with", PHONES).code == 0
    board = json.loads(baton(work.root, "status", "--json").stdout)
    (cell,) = [at for at in board["features"][0]["agents"] if at["agent"] == PHONES]
    assert cell["state"] == "ready"
    assert PHONES in baton(work.root, "status", "--html").stdout
    assert baton(work.root, "request", PHONES, "a page", "--from", BACKEND).code == 0
    assert baton(work.root, "request", BACKEND, "a call", "--from", PHONES).code == 0
    message = work.write("message", f"x\n\nAgent: {PHONES}\n")
    work.write(PLACE)
    subprocess.run(["git", "add", PLACE], cwd=work.root, check=True)
    assert baton(work.root, "check", "--message", str(message)).code == 0
    subprocess.run(["git", "add", OWN], cwd=work.root, check=True)
    assert f"{OWN} belongs to human" in baton(work.root, "check", "--message", str(message)).stdout
