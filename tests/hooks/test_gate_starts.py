"""The second place: nobody starts before what it waits for is handed over."""

import json
import shutil
from pathlib import Path

import pytest

import guard
from tests.hooks.teamwork import BACKEND, DESIGNER, FRONTEND, NAME, TESTER, Teamwork, teamwork

PLACE = f"handoff/{BACKEND}/{NAME}.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teamwork:
    return teamwork(tmp_path_factory.mktemp("made"))


@pytest.fixture
def work(made: Teamwork, tmp_path: Path) -> Teamwork:
    return Teamwork(shutil.copytree(made.root, tmp_path / "project"))


def test_who_starts_hears_what_it_owes_and_the_hashes_of_its_inputs(work: Teamwork) -> None:
    work.open(BACKEND, DESIGNER)
    work.hand(DESIGNER)
    told = work.start()
    assert f"{NAME} is open. Before you end, write {PLACE}" in told
    assert f"  handoff/{DESIGNER}/{NAME}.md: " in told
    assert work.start(TESTER, "t1") == ""


def test_nobody_starts_before_what_it_waits_for_is_whole(work: Teamwork) -> None:
    assert work.early(BACKEND) == ""
    work.open()
    assert work.early(DESIGNER) == ""
    said = work.early(BACKEND)
    assert said.startswith(
        f"{BACKEND} waits for what others hand over of {NAME}. {DESIGNER}: handoff/"
    )
    assert said.endswith(f"python3 team/baton.py feature open {NAME} --with AGENT ...")
    work.hand(DESIGNER, Endpoints="TODO")
    assert "TODO" in work.early(BACKEND)
    work.hand(DESIGNER, status="BLOCKED")
    assert "it ended with BLOCKED" in work.early(BACKEND)
    work.hand(DESIGNER, status="DONE_WITH_CONCERNS")
    assert work.early(BACKEND) == ""
    assert BACKEND in work.early(TESTER)
    work.hand()
    assert work.early(TESTER) == "", "nobody waits for what is only told"
    work.write(f"tasks/{NAME}/README.md", "# Tags, and more\n")
    assert "stale" in work.early(TESTER)


def test_who_has_no_task_in_a_feature_keeps_nobody_waiting(work: Teamwork) -> None:
    work.open(BACKEND)
    assert work.early(BACKEND) == ""
    assert work.early(TESTER) == "", "and may be asked a question"


def test_a_need_waits_for_nobody(work: Teamwork) -> None:
    work.open()
    assert DESIGNER in work.early(FRONTEND, "Build tags.")
    assert work.early(FRONTEND, f"State your needs in handoff/{FRONTEND}/{NAME}-needs.md.") == ""


def test_who_is_asked_for_a_change_waits_for_nobody(work: Teamwork) -> None:
    work.open()
    assert work.early(BACKEND)
    work.write(f"handoff/{DESIGNER}/requests.md", f"- [ ] {BACKEND}: a health route\n")
    assert work.early(BACKEND) == ""


def test_of_several_features_the_prompt_says_which(work: Teamwork) -> None:
    work.open()
    work.open(BACKEND, name="more")
    assert work.early(BACKEND) == (
        f"say in the prompt for which feature {BACKEND} starts: {NAME}, more"
    )
    assert work.early(BACKEND, "Build more.") == ""
    assert work.early(BACKEND, f"Read tasks/{NAME}/README.md.") != ""
    assert work.early(BACKEND, "Build more-of-it or tags-more.").startswith("say in the prompt")


@pytest.mark.parametrize(
    ("tool", "key"),
    [("Agent", "subagent_type"), ("Task", "subagent_type"), ("Agent", "agent_type")],
)
def test_the_guard_asks_before_an_agent_starts(work: Teamwork, tool: str, key: str) -> None:
    def call(agent: str) -> str:
        given = {key: agent, "prompt": "x"}
        data = {"tool_name": tool, "tool_input": given, "cwd": str(work.root)}
        return guard.decide(json.dumps(data).encode(), str(work.root)).reason

    assert call(BACKEND) == ""
    work.open()
    assert call(BACKEND).startswith(f"{BACKEND} waits for")
    assert call(DESIGNER) == ""
    assert call("general-purpose") == ""
    assert [row["agent"] for row in work.noted("called")] == [DESIGNER]
    (refused,) = work.noted("refused")
    assert refused["why"].startswith(f"{BACKEND} waits for")
