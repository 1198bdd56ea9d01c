"""The tables as this suite works them out are those that Copier works out."""

import json
import shutil
from itertools import islice
from pathlib import Path

import copier
import pytest
from jinja2 import meta

from tests.support.answers import RECIPES, answer_set, full_teams, label, some_teams
from tests.support.tables import Answers, environment, evaluate, questions
from tests.support.template import template

SAMPLE = [
    *(pytest.param({"recipe": name}, id=name) for name in ("custom", *RECIPES)),
    *(pytest.param(answer_set(row), id=label(row)) for row in islice(full_teams(), 0, None, 29)),
    *(pytest.param(answer_set(row), id=label(row)) for row in islice(some_teams(), 0, None, 11)),
]


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The questionnaire alone, over a template of one file that holds all answers and tables."""
    root = tmp_path_factory.mktemp("probe")
    shutil.copy2(template() / "copier.yml", root)
    for folder in ("copier", "extensions"):
        shutil.copytree(template() / folder, root / folder)
    pairs = (f'"{name}": {{{{ {name} | to_json }}}}' for name in questions(template()))
    (root / "template").mkdir()
    (root / "template" / "all.json.jinja").write_text(f"{{{', '.join(pairs)}}}")
    return root


@pytest.mark.parametrize("answers", SAMPLE)
def test_the_tables_agree_with_copier(answers: Answers, probe: Path, tmp_path: Path) -> None:
    copier.run_copy(
        str(probe),
        tmp_path / "out",
        data=dict(answers),
        defaults=True,
        quiet=True,
    )
    asked = json.loads((tmp_path / "out" / "all.json").read_text("utf-8"))
    assert json.loads(json.dumps(evaluate(answers))) == asked


def depends_on(name: str) -> set[str]:
    """The questions that a table is worked out from, directly or through others."""
    known = questions(template())
    parsed = environment(template()).parse(str(known[name]["default"]))
    direct = meta.find_undeclared_variables(parsed) & known.keys()
    return direct.union(*(depends_on(other) for other in direct))


def asked(names: set[str]) -> set[str]:
    return {name for name in names if questions(template())[name].get("when", True) is not False}


def test_who_hands_what_to_whom_depends_on_the_team_alone() -> None:
    """So every team in one answer set is every team in all of them."""
    assert asked(depends_on("agents")) == {"agents_off", "recipe"}
    assert asked(depends_on("links")) == {"agents_off", "recipe"}


def test_who_owns_what_depends_on_the_team_and_where_things_are() -> None:
    paths = {name for name in questions(template()) if name.endswith("_path")}
    places = {"stack", "data_layer", "runner", "recipe"} | paths
    assert asked(depends_on("zones")) - {"agents_off"} <= places
