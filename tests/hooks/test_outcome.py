"""What a run of pytest leaves behind, and that it fails for nothing else."""

from pathlib import Path

import pytest

import guard
import runs
from tests.hooks.program import told
from tests.hooks.suite import GREEN, RED, TEST, TWO, noted, run
from tests.hooks.teamwork import BACKEND, CODE, NAME, Teamwork, teamwork


@pytest.fixture
def work(tmp_path: Path) -> Teamwork:
    return teamwork(tmp_path, "strict")


def may_write(work: Teamwork, place: str = CODE, agent: str = BACKEND) -> str:
    """Why a write is refused, or nothing."""
    data = told("Write", {"file_path": str(work.root / place)}, agent, work.root)
    return guard.decide(data, str(work.root)).reason


def owes(work: Teamwork) -> str:
    return work.stop()[0]


def test_a_run_leaves_what_it_came_to(work: Teamwork) -> None:
    work.write(TEST, GREEN)
    assert run(work) == 0
    found = noted(work)
    assert found["whole"] == found["any"]
    assert (found["any"]["green"], found["any"]["ran"], found["any"]["red"]) == (True, 1, [])
    assert found["any"]["state"] == runs.state(str(work.root), work.team.work)
    work.write(TEST, RED)
    assert run(work) == 1
    found = noted(work)["whole"]
    assert (found["green"], found["red"]) == (False, [TEST])
    assert found["state"] == runs.state(str(work.root), work.team.work)


PARTS = [["-k", "one"], [TEST], ["-m", "not slow"], ["--deselect", "x"], ["--ignore=x"], ["--co"]]


@pytest.mark.parametrize("words", PARTS, ids=str)
def test_a_run_of_some_tests_is_not_all_of_them(work: Teamwork, words: list[str]) -> None:
    work.write(TEST, GREEN)
    run(work)
    whole = noted(work)["whole"]
    work.write(TEST, f"{GREEN}\n\n")
    run(work, *words)
    assert noted(work)["whole"] == whole
    assert noted(work)["any"]["state"] != whole["state"]


@pytest.mark.parametrize("words", [["backend/tests"], ["-x"], ["."], ["-v", "--tb", "short"]])
def test_a_run_of_all_tests_is(work: Teamwork, words: list[str]) -> None:
    work.write(TEST, GREEN)
    run(work, *words)
    assert noted(work)["whole"]["green"]


def test_no_test_is_not_green(work: Teamwork) -> None:
    assert run(work) == 5
    assert not noted(work)["any"]["green"]


def test_where_tests_are_on_request_nothing_is_left(tmp_path: Path) -> None:
    work = teamwork(tmp_path)
    work.open()
    work.write(TEST, RED)
    run(work)
    assert not (work.root / ".baton" / "tests.json").exists()
    assert may_write(work) == ""
    work.start()
    work.write(CODE, TWO)
    work.hand(files=f"[{CODE}]")
    assert owes(work) == ""


def test_a_folder_that_takes_nothing_fails_no_test(work: Teamwork) -> None:
    work.write(TEST, GREEN)
    work.write(".baton")
    assert run(work) == 0


def test_a_feature_that_cannot_be_read_fails_no_test(work: Teamwork) -> None:
    work.write(TEST, GREEN)
    work.write(f".baton/features/{NAME}.json", "{")
    assert run(work) == 0
