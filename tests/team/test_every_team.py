"""All 511 teams, each under other answers than the next: their texts, their map, their order."""

from itertools import cycle

import pytest

from tests.render import checks_agents, checks_names, checks_team, checks_words
from tests.render.checks import Check
from tests.support.answers import BACKENDS, answer_set, full_teams, subsets
from tests.support.render import Renderer
from tests.support.sketch import sketch

CHECKS: tuple[Check, ...] = (
    checks_agents.the_team_is_rendered,
    checks_agents.front_matter_is_strict,
    checks_agents.agents_have_six_sections,
    checks_agents.agents_have_their_length,
    checks_team.the_map_is_the_tables,
    checks_team.handoffs_are_given_and_taken,
    checks_team.every_handoff_has_its_form,
    checks_team.side_by_side_is_possible,
    checks_names.agents_named_are_in_the_team,
    checks_words.no_text_contradicts_an_answer,
    checks_words.no_passage_stands_twice,
)
TEAMS = [
    {**answer_set({**row, "backend": backend}), "agents_off": off}
    for off, row, backend in zip(subsets(), cycle(full_teams()), cycle(BACKENDS), strict=False)
]
PARTS = 16


@pytest.mark.parametrize("part", range(PARTS))
def test_a_team_keeps_every_promise(part: int) -> None:
    found = {
        f"{check.__name__}: {fault} under {answers}"
        for answers in TEAMS[part::PARTS]
        for drawn in [sketch(answers)]
        for check in CHECKS
        for fault in check(drawn)
    }
    assert not found, "\n".join([f"{len(found)} faults", *sorted(found)])


def test_these_are_all_teams() -> None:
    assert len(TEAMS) == 2 ** len(sketch({"agents_off": []}).tables["roster"]) - 1


def test_a_sketch_is_what_copier_renders(render: Renderer) -> None:
    for answers in TEAMS[:: len(TEAMS) // 4]:
        drawn, made = sketch(answers).files, render(answers).files
        assert drawn == {name: made[name] for name in drawn}
