"""A hostile answer is refused in plain words before anything is written, or kept to the letter."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.questions.hostile import KEPT, PATHS, REFUSED
from tests.questions.refusals import kept, refusal
from tests.render.checks_agents import agents, skills
from tests.render.checks_files import every_file_parses, no_jinja_left
from tests.support.answers import ROSTER
from tests.support.markdown import front_matter
from tests.support.render import Renderer
from tests.support.tables import Answers

HOSTILE = [(question, text) for question, texts in REFUSED.items() for text in texts]
# Kept answers share renders: a row is one answer to each question of the stack that asks it.
ROWS = [
    {name: text for name, text in zip(names, texts, strict=True) if text is not None}
    for names in (("project_name", "description", "project_slug"), ("app_path",))
    for texts in zip_longest(*(KEPT[name] for name in names))
]
WRONG_CHOICES = {
    "agents_off": ["architect", "nobody"],
    "change_policy": "bold",
    "data_layer": "mongodb",
    "docs_lookup": "google",
    "license": "WTFPL",
    "recipe": "django",
    "runner": "conda",
    "stack": "{{ stack }}",
    "tdd": "",
}


def asked_with(answers: Answers) -> Answers:
    """The answers, with the stack under which their questions are asked."""
    stack = "existing" if {*PATHS} & answers.keys() else "fastapi"
    return {"stack": stack, "agents_off": [], **answers}


def test_there_are_many() -> None:
    assert len(HOSTILE) >= 120
    assert sum(len(texts) for texts in KEPT.values()) >= 50


@pytest.mark.parametrize(("question", "text"), HOSTILE, ids=ascii)
def test_it_is_refused_in_plain_words(question: str, text: str, tmp_path: Path) -> None:
    asked, message = refusal(asked_with({question: text}), tmp_path / "project")
    assert asked == question
    assert re.fullmatch(r"[A-Z].{15,200}", message), message


@pytest.mark.parametrize("question", PATHS)
def test_every_path_is_looked_at(question: str, tmp_path: Path) -> None:
    for text in ("../outside", "/etc", "", "a\nb", "team/x", "a/{{ b }}"):
        assert refusal(asked_with({question: text}), tmp_path / "project")[0] == question


def test_a_new_backend_decides_its_own_paths(tmp_path: Path) -> None:
    asked, message = refusal({"stack": "fastapi", "app_path": "src/shop"}, tmp_path / "project")
    assert asked == "app_path"
    assert message.startswith("The stack fastapi decides where this is.")


def test_two_questions_never_share_a_path(tmp_path: Path) -> None:
    answers = {"stack": "existing", "app_path": "src", "frontend_path": "src"}
    asked, message = refusal(answers, tmp_path / "project")
    assert asked == "frontend_path"
    assert message.startswith("src is the answer to another question already.")


@pytest.mark.parametrize("answers", ROWS, ids=lambda row: ascii("|".join(row.values())))
def test_it_is_kept_to_the_letter(answers: Answers, render: Renderer) -> None:
    project = render.texts(asked_with(answers))
    assert every_file_parses(project) + no_jinja_left(project) == []
    assert all(map(front_matter, (*agents(project).values(), *skills(project).values())))
    assert {question: kept(project, question) for question in answers} == answers


@pytest.mark.parametrize("question", WRONG_CHOICES)
def test_an_unknown_choice_is_refused_with_the_known_ones(question: str, tmp_path: Path) -> None:
    answers = {"stack": "existing", question: WRONG_CHOICES[question]}
    asked, message = refusal(answers, tmp_path / "project")
    assert asked == question
    assert re.fullmatch(r"'.*' is not in \[('[\w.-]+'(, )?)+\]", message)


def test_leaving_everybody_out_is_refused(tmp_path: Path) -> None:
    found = refusal({"agents_off": list(ROSTER)}, tmp_path / "project")
    assert found == ("agents_off", "Every agent is left out. Keep at least one.")
