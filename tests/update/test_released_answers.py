"""Every version that was released: its answers render with today's template, and none is lost."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import copier
import pytest
import yaml

from tests.questions.fixed import ASKED
from tests.support.quick import quickly
from tests.support.strict_yaml import load
from tests.support.tables import evaluate
from tests.support.template import VARIABLE, template
from tests.update.history import edit
from tests.update.released import other_answers
from tests.update.versions import rename

Given = Mapping[str, object]
RELEASED = sorted((Path(__file__).parent / "answers").glob("*.yml"))
# Questions that are asked no more, and need no answer: since when, and why.
RETIRED: Mapping[str, str] = {}


def again(answers: Given, *, whole: bool = False) -> Given:
    """The answers of a project that had these, once today's template rendered it anew.

    The rest of it is rendered where that matters.
    """
    with TemporaryDirectory() as folder, quickly():
        path = Path(folder) / ".copier-answers.yml"
        path.write_text(yaml.safe_dump({**answers, "_src_path": str(template())}), "utf-8")
        left = [] if whole else ["*", "!.copier-answers.yml"]
        copier.run_recopy(folder, defaults=True, overwrite=True, quiet=True, exclude=left)
        found = load(path.read_text("utf-8"))
    assert isinstance(found, dict)
    return {name: value for name, value in found.items() if not name.startswith("_")}


def lost(answers: Given, *, whole: bool = False) -> list[str]:
    """The answers that today's template does not heed: changed, or gone without an heir."""
    now = again(answers, whole=whole)
    changed = [name for name in answers if name in now and now[name] != answers[name]]
    gone = [name for name in answers if name not in now and name not in RETIRED]
    return changed + [
        name for name in gone if again({key: answers[key] for key in answers if key != name}) == now
    ]


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of one's own, to change as a later version would."""
    root = Path(shutil.copytree(template(), tmp_path / "template"))
    monkeypatch.setenv(VARIABLE, str(root))
    return root


def test_the_answers_of_every_release_are_heeded() -> None:
    given = {path.stem: load(path.read_text("utf-8")) for path in RELEASED}
    given["today"] = other_answers()
    found = {name: lost(cast("Given", answers), whole=True) for name, answers in given.items()}
    assert found == {name: [] for name in given}


def test_the_answers_of_a_release_are_all_and_none_is_the_default() -> None:
    answers = other_answers()
    assert tuple(answers) == ASKED
    for name in ASKED:
        others = {key: answers[key] for key in answers if key != name}
        assert dict(evaluate(others))[name] != answers[name], name


def test_an_answer_to_a_question_with_a_new_name_is_heeded(later: Path) -> None:
    answers = other_answers()
    rename(later, "change_policy", "pace")
    assert lost(answers) == []
    edit(later / "copier/habits.yml", "{{ change_policy | default(", "{{ (")
    assert lost(answers) == ["change_policy"]


def test_an_answer_that_is_no_choice_any_more_is_lost(later: Path) -> None:
    answers = {**other_answers(), "change_policy": "balanced", "recipe": "minimal-change"}
    habits = later / "copier/habits.yml"
    edit(habits, "    balanced:\n", "    even:\n")
    edit(habits, 'grave faults mended": balanced\n', 'grave faults mended": even\n')
    edit(habits, "default('balanced')", "default('even')")
    assert lost(answers) == ["change_policy"]
