"""Each check finds the faults that are planted for it, and takes nothing harmless for one."""

import pytest

from tests.render import planted_in_files, planted_in_team, planted_in_words
from tests.render.checks import CHECKS
from tests.render.plants import Plant
from tests.support.render import Renderer

PLACES = (planted_in_files, planted_in_team, planted_in_words)
FAULTS = [plant for place in PLACES for plant in place.FAULTS]
HARMLESS = [plant for place in PLACES for plant in place.HARMLESS]


@pytest.mark.parametrize("plant", FAULTS, ids=str)
def test_a_planted_fault_is_found(plant: Plant, render: Renderer) -> None:
    found = plant.found(render)
    assert any(plant.words in fault for fault in found), found


@pytest.mark.parametrize("plant", HARMLESS, ids=str)
def test_a_harmless_line_is_no_fault(plant: Plant, render: Renderer) -> None:
    assert plant.found(render) == []


def test_every_check_has_a_fault_to_find() -> None:
    assert {plant.check for plant in FAULTS} == set(CHECKS)


def test_every_ban_has_a_fault_to_find() -> None:
    assert planted_in_words.unproven() == []
