"""Everybody, each agent out and each alone, under pairwise answers: no check finds a fault.

That any two answers meet is tried on every change. What three of them do together, the slow tests
try: every answer set with the full team. The texts that speak of the team are drawn for all answer
sets on every change, by tests/team/test_every_team.py.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.render.checks import faults
from tests.support.answers import RECIPES, answer_set, full_teams, label, some_teams
from tests.support.render import Renderer, texts
from tests.support.tables import Answers
from tests.support.template import template

CASES = [
    *(pytest.param(answer_set(row), id=label(row)) for row in some_teams()),
    *(pytest.param({"recipe": name}, id=name) for name in ("custom", *RECIPES)),
    *(pytest.param(answer_set(row), id=label(row), marks=pytest.mark.slow) for row in full_teams()),
]


@pytest.mark.parametrize("answers", CASES)
def test_a_render_keeps_every_promise(answers: Answers, render: Renderer) -> None:
    found = faults(render.texts(answers))
    assert not found, "\n".join([f"{len(found)} faults", *found])


@pytest.mark.parametrize("stack", ["fastapi", "existing"])
def test_renders_in_process_are_those_of_the_command(
    stack: str, render: Renderer, tmp_path: Path
) -> None:
    copy = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", "-d", f"stack={stack}"]
    subprocess.run([*copy, template(), tmp_path], check=True, timeout=120)
    assert texts(tmp_path) == render({"stack": stack}).files
