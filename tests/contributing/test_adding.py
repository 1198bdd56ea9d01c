"""CONTRIBUTING's recipes for adding things, followed to the letter in a copy of the template."""

import json
import shutil
from pathlib import Path

import copier
import pytest
from pytest_copie.plugin import Copie

from tests.contributing.recipes import follow
from tests.render.checks import faults
from tests.support.quick import quickly
from tests.support.render import Render, texts
from tests.support.template import VARIABLE, template


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of one's own to add things to; what the checks read of a template is read here."""
    root = Path(shutil.copytree(template(), tmp_path / "template"))
    monkeypatch.setenv(VARIABLE, str(root))
    return root


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


def test_an_agent_that_retires_stays_a_choice(copy: Path, copie: Copie) -> None:
    follow("Retiring an agent", copy)
    both = ["ui-ux-designer", "code-reviewer"]
    project = render(copie, copy, agents_off=both)
    answers = (project / ".copier-answers.yml").read_text("utf-8")
    assert "agents_off:\n- code-reviewer\n- ui-ux-designer\n" in answers
    team = json.loads((project / "team/team.json").read_text("utf-8"))
    assert not {*both} & {agent["name"] for agent in team["agents"]}
    assert not list(project.rglob("*ui-ux-designer*"))


def test_a_question_with_a_new_name_has_the_old_answer(copy: Path, tmp_path: Path) -> None:
    follow("A question", copy)
    follow("Renaming a question", copy)
    project = tmp_path / "project"
    project.mkdir()
    answers = project / ".copier-answers.yml"
    answers.write_text(f"_src_path: {copy}\nlanguage: Portuguese\n", "utf-8")
    left = ["*", "!AGENTS.md", "!.copier-answers.yml"]
    copier.run_recopy(project, defaults=True, overwrite=True, quiet=True, exclude=left)
    assert "written_in: Portuguese\n" in answers.read_text("utf-8")
    page = (project / "AGENTS.md").read_text("utf-8")
    assert "Write comments and documents in Portuguese." in page
