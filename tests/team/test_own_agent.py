"""The agent of one's own that team/README.md shows: written as it says, it is of the team."""

import json
import re
import shutil
from pathlib import Path

import pytest

import doctor
import overlap
from tests.hooks.program import bash, baton, call, commit
from tests.support.answers import BACKENDS, ROSTER
from tests.support.render import Renderer
from tests.support.tables import Answers

NAME = "mobile-developer"
STEP = re.compile(r"^`([^`\n]+)`[^\n]*:\n\n(`{3,})\w+\n(.*?)^\2\n", re.MULTILINE | re.DOTALL)
FILES = [f".claude/agents/{NAME}.md", "team/local.json", f"handoff/{NAME}/README.md"]
EVERYBODY: Answers = {"agents_off": []}


def own(render: Renderer, folder: Path, answers: Answers = EVERYBODY) -> Path:
    """A project, committed, in which a person did what the page says."""
    root = commit(Path(shutil.copytree(render(answers).root, folder / "project")))
    steps = STEP.findall((root / "team" / "README.md").read_text("utf-8"))
    assert [name for name, _, _ in steps] == FILES
    for name, _, text in steps:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return commit(root)


ALONE: Answers = {"agents_off": [name for name in ROSTER if name != "backend-developer"]}
TEAMS = {
    "everybody": EVERYBODY,
    "one": ALONE,
    "in a repository with its backend": {**BACKENDS["poetry-repository"], "tdd": "on-request"},
}


@pytest.mark.parametrize("answers", TEAMS.values(), ids=TEAMS)
def test_written_as_the_page_says_all_is_well(
    render: Renderer, tmp_path: Path, answers: Answers
) -> None:
    root = own(render, tmp_path, answers)
    said = baton(root, "doctor", env={"HOME": str(root.parent)})
    assert said == (0, "10 checks, all well.\n", "")


@pytest.mark.parametrize("name", FILES)
def test_without_one_of_the_three_the_doctor_says_so(
    render: Renderer, tmp_path: Path, name: str
) -> None:
    root = own(render, tmp_path)
    (root / name).unlink()
    checks = (doctor.team, overlap.own, doctor.handoffs)
    assert [what for check in checks for what in check(root) if NAME in what]


def test_it_writes_its_own_and_hands_over(render: Renderer, tmp_path: Path) -> None:
    root = own(render, tmp_path)
    data = json.loads((root / "team" / "local.json").read_text())
    giver = data["agents"][0]["receives"][0]["from"]

    def code(told: bytes) -> int:
        return baton(root, "guard", stdin=told).code

    assert code(call(root / "mobile/app.kt", NAME)) == 0
    assert code(bash("mkdir mobile && echo x > mobile/app.kt", NAME, root)) == 0
    assert code(call(root / f"handoff/{NAME}/search.md", NAME)) == 0
    assert code(call(root / "mobile/app.kt")) == 2
    for place in ("backend/app/main.py", "docs/openapi.yaml", "team/local.json", "README.md"):
        assert code(call(root / place, NAME)) == 2, place

    assert baton(root, "feature", "open", "search", "--with", giver, NAME).code == 0
    assert f"{NAME:20}waiting     for {giver}" in baton(root, "status").stdout
    assert baton(root, "handoff", "new", "search", "--from", NAME).code == 0
    text = (root / f"handoff/{NAME}/search.md").read_text()
    assert "## Screens" in text
    assert "## Left out" in text
