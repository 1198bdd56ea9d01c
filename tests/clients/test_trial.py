"""The doctor's own run of the client: it ends well where all is well, and finds what is not."""

from collections.abc import Callable

import pytest

import client as trial
from tests.clients.stage import SetStage, Stage
from tests.support.answers import RECIPES

CARD, SETTINGS = ".claude/agents/backend-developer.md", ".claude/settings.json"
SPOILED: dict[str, tuple[Callable[[Stage], None], str]] = {
    "a card": (lambda at: at.edit(CARD, "name: ", "nick: "), "does not load backend-developer"),
    "settings": (lambda at: at.edit(SETTINGS, "{", ""), "is not kept from writing team/trial"),
    "no hook": (lambda at: at.edit(SETTINGS, "PreToolUse", "Before"), "is not kept from writing"),
}


@pytest.mark.parametrize("recipe", sorted(RECIPES)[:1])
def test_all_is_well(stage: SetStage, recipe: str) -> None:
    here = stage({"recipe": recipe})
    assert trial.faults(str(here.root), str(here.client)) == []
    assert not (here.root / ".baton").exists(), "it is tried on a copy"


@pytest.mark.parametrize(("spoil", "says"), SPOILED.values(), ids=SPOILED)
def test_it_finds(stage: SetStage, spoil: Callable[[Stage], None], says: str) -> None:
    here = stage({})
    spoil(here)
    assert [what for what in trial.faults(str(here.root), str(here.client)) if says in what]


def test_what_is_no_client_is_named(stage: SetStage) -> None:
    here = stage({})
    assert trial.faults(str(here.root), "no-such-client") == ["there is no client no-such-client"]
    (said,) = trial.faults(str(here.root), "true")
    assert said.startswith("the client could not be tried: ")
