"""CONTRIBUTING's recipes for adding things, followed to the letter in a copy of the template."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pytest_copie.plugin import Copie

from tests.render.checks import faults
from tests.support.quick import quickly
from tests.support.render import Render, texts
from tests.support.template import ROOT, VARIABLE, template

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(
    r"^`(?P<file>[^`]+)`(?P<where>[^\n]*):\n\n```\w*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)


def recipe(title: str) -> str:
    """The section of CONTRIBUTING under this heading."""
    return GUIDE.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0]


def steps(title: str) -> Iterator[Mapping[str, str]]:
    found = [step.groupdict() for step in STEP.finditer(recipe(title))]
    assert found, f"no step under «{title}»"
    yield from found


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of one's own to add things to; what the checks read of a template is read here."""
    root = Path(shutil.copytree(template(), tmp_path / "template"))
    monkeypatch.setenv(VARIABLE, str(root))
    return root


def follow(title: str, root: Path) -> list[str]:
    """Does what the recipe says; answers with the files it touched."""
    touched = []
    for step in steps(title):
        path = root / step["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if above := re.search(r"above the line `(.+?)`", step["where"]):
            lines = path.read_text("utf-8").splitlines(keepends=True)
            at = [index for index, line in enumerate(lines) if line.strip() == above[1]]
            assert len(at) == 1, f"{step['file']}: {above[1]!r} stands {len(at)} times"
            path.write_text("".join([*lines[: at[0]], step["text"], *lines[at[0] :]]), "utf-8")
        else:
            assert "a new file" in step["where"], step["where"]
            assert not path.exists(), f"{step['file']} is there already"
            path.write_text(step["text"], "utf-8")
        touched.append(step["file"])
    return touched


def render(copie: Copie, root: Path, **answers: object) -> Path:
    """A project made from the template with the addition; it passes every check of a render."""
    with quickly():
        made = copie.copy(extra_answers=answers, template_dir=root)
    if made.exception:
        raise made.exception
    assert made.project_dir
    project = Path(made.project_dir)
    assert faults(Render(project, answers, texts(project))) == []
    return project


def test_an_agent_is_a_row_and_a_body(copy: Path, copie: Copie) -> None:
    touched = follow("An agent", copy)
    assert touched == ["copier/team.yml", "template/.claude/agents/security-engineer.md.jinja"]
    project = render(copie, copy)
    card = (project / ".claude/agents/security-engineer.md").read_text("utf-8")
    assert card.startswith("---\nname: security-engineer\n")
    assert "## Boundaries\n\nYou own `handoff/security-engineer/`." in card
    team = json.loads((project / "team/team.json").read_text("utf-8"))
    assert "security-engineer" in [agent["name"] for agent in team["agents"]]
    assert (project / "handoff/security-engineer/README.md").is_file()
    assert (project / ".claude/notes/security-engineer.md").is_file()
    assert "| security-engineer | review |" in (project / "AGENTS.md").read_text("utf-8")
    without = render(copie, copy, agents_off=["security-engineer"])
    assert not list(without.rglob("*security-engineer*"))


def test_a_question_is_its_topic(copy: Path, copie: Copie) -> None:
    touched = follow("A question", copy)
    assert touched == ["copier/habits.yml", "template/AGENTS.md.jinja"]
    page = (render(copie, copy) / "AGENTS.md").read_text("utf-8")
    assert "Write comments and documents in English." in page
    answers = {"language": "Portuguese"}
    page = (render(copie, copy, **answers) / "AGENTS.md").read_text("utf-8")
    assert "Write comments and documents in Portuguese." in page


def test_a_data_layer_is_a_row_and_its_adapters(copy: Path, copie: Copie) -> None:
    touched = follow("A data layer", copy)
    assert touched[0] == "copier/backend.yml"
    folders = ("template/backend/app/adapters/", "template/backend/tests/adapters/")
    assert all(name.startswith(folders) for name in touched[1:])
    project = render(copie, copy, data_layer="mongodb")
    assert (project / "backend/app/adapters/mongodb/__init__.py").is_file()
    assert not (project / "backend/app/adapters/sqlalchemy").exists()
    assert "pymongo" in (project / "backend/pyproject.toml").read_text("utf-8")
    assert "MongoDB" in (project / ".claude/agents/backend-developer.md").read_text("utf-8")
    other = render(copie, copy)
    assert not (other / "backend/app/adapters/mongodb").exists()


def test_a_client_is_one_module_and_its_one_line_templates(copy: Path, copie: Copie) -> None:
    follow("A client", copy)
    project = render(copie, copy)
    theirs = (project / ".opencode/agents/backend-developer.md").read_text("utf-8")
    ours = (project / ".claude/agents/backend-developer.md").read_text("utf-8")
    front, body = theirs.split("---\n", 2)[1:]
    assert body == ours.split("---\n", 2)[2], "the body is written once"
    assert 'edit: {"*": deny, "backend/**": allow' in front
