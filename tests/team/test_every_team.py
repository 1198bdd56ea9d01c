"""All 511 teams, each under other answers than the next: their texts, their map, their order."""

from collections import defaultdict
from itertools import cycle
from math import gcd

import pytest

from tests.render import checks_agents, checks_names, checks_team, checks_words
from tests.render.checks import Check
from tests.support.answers import BACKENDS, ROSTER, answer_set, full_teams, subsets
from tests.support.render import Renderer
from tests.support.sketch import sketch
from tests.support.tables import Answers

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
EVERY_TEAM = list(subsets())
EVERY_ANSWER = list(full_teams(BACKENDS))
# 511 teams and 288 answer sets have no common divisor, so each round pairs them anew.
ROUNDS = 2
CASES = [
    {**answer_set(row), "agents_off": off}
    for _, off, row in zip(
        range(ROUNDS * len(EVERY_TEAM)), cycle(EVERY_TEAM), cycle(EVERY_ANSWER), strict=False
    )
]
PARTS = 16


@pytest.mark.parametrize("part", range(PARTS))
def test_a_team_keeps_every_promise(part: int) -> None:
    found = defaultdict[str, list[Answers]](list)
    for answers in CASES[part::PARTS]:
        drawn = sketch(answers)
        for check in CHECKS:
            for fault in check(drawn):
                found[f"{check.__name__}: {fault}"].append(answers)
    assert not found, "\n".join(
        f"{fault}\n  in {len(sets)} of {len(CASES[part::PARTS])} teams, first {sets[0]}"
        for fault, sets in found.items()
    )


def test_these_are_all_teams() -> None:
    assert len(EVERY_TEAM) == 2 ** len(ROSTER) - 1
    assert gcd(len(EVERY_TEAM), len(EVERY_ANSWER)) == 1


def test_a_sketch_is_what_copier_renders(render: Renderer) -> None:
    for answers in CASES[:: len(CASES) // 4]:
        drawn, made = sketch(answers).files, render(answers).files
        assert drawn == {name: made[name] for name in drawn}
