"""What other people's answers files and scripts rely on: names, values, order, no trust."""

import re
from collections.abc import Mapping
from typing import cast

import pytest
from jinja2 import meta

from tests.questions.fixed import ASKED, DEFAULTS, ONLY_FOR_EXISTING, VALUES
from tests.support.answers import RECIPES
from tests.support.render import Renderer
from tests.support.strict_yaml import load
from tests.support.tables import documents, environment, evaluate, parsed, questions, rendered
from tests.support.template import template


def asked() -> Mapping[str, Mapping[str, object]]:
    """The questions that somebody is asked under some answer."""
    known = questions(template())
    return {name: row for name, row in known.items() if row.get("when", True) is not False}


def test_the_questions_are_these_in_this_order() -> None:
    assert tuple(asked()) == ASKED


@pytest.mark.parametrize("question", VALUES)
def test_the_choices_are_these(question: str) -> None:
    choices = asked()[question]["choices"]
    if isinstance(choices, str):
        choices = parsed(rendered(template(), choices, cast("Mapping[str, object]", evaluate({}))))
    values = list(choices.values()) if isinstance(choices, dict) else choices
    assert values == VALUES[question]


def test_the_defaults_are_these() -> None:
    assert {name: value for name, value in evaluate({}).items() if name in DEFAULTS} == DEFAULTS


def test_paths_and_runner_are_asked_of_those_who_have_a_backend() -> None:
    conditional = {name for name, row in asked().items() if "when" in row}
    assert conditional == ONLY_FOR_EXISTING


def test_every_question_says_what_it_changes() -> None:
    for name, row in asked().items():
        text = str(row.get("help", ""))
        assert re.search(r"[?].+[.]$|[?]$", " ".join(text.split())), f"{name}: {text}"


def test_a_recipe_decides_nothing_but_defaults() -> None:
    """Its answers given one by one make the same team, but for models and colours."""
    for recipe in RECIPES:
        with_recipe = cast("Mapping[str, object]", evaluate({"recipe": recipe}))
        one_by_one = evaluate({name: with_recipe[name] for name in ASKED if name != "recipe"})
        for table in ("agents", "links", "zones", "owners", "layer", "commands"):
            assert dict(one_by_one)[table] == with_recipe[table], f"{recipe}: {table}"


def test_a_recipe_answers_questions_that_exist() -> None:
    recipes = cast("dict[str, dict[str, dict[str, object]]]", dict(evaluate({}))["recipes"])
    assert set().union(*(row["answers"] for row in recipes.values())) <= set(ASKED)


def test_nothing_needs_trust() -> None:
    """Copier would ask for it at every update from then on, for ever."""
    settings = {name for document in documents(template()) for name in document if name[0] == "_"}
    assert not {"_tasks", "_migrations", "_jinja_extensions"} & settings


def test_what_is_yours_is_frozen_for_update_and_recopy_alike() -> None:
    settings = documents(template())[0]
    patterns = cast("list[str]", settings["_exclude"])
    context = {"_copier_operation": "update"}
    lines = "\n".join(str(rendered(template(), line, context)) for line in patterns).split()
    copied = "\n".join(
        str(rendered(template(), line, {"_copier_operation": "copy"})) for line in patterns
    ).split()
    assert [line for line in lines if line not in copied] == settings["_skip_if_exists"]


def test_the_freeze_depends_on_no_answer() -> None:
    """An answer that comes later, or is flipped, would break an update or delete files in it."""
    patterns = cast("list[str]", documents(template())[0]["_exclude"])
    freeze = environment(template()).parse("".join(line for line in patterns if "update" in line))
    assert meta.find_undeclared_variables(freeze) == {"_copier_operation"}


def test_the_answers_file_says_where_the_project_came_from(render: Renderer) -> None:
    stored = cast("dict[str, object]", load(render({}).files[".copier-answers.yml"]))
    assert stored["_src_path"] == str(template())
    assert {name for name in stored if name[0] != "_"} == {*ASKED} - ONLY_FOR_EXISTING
