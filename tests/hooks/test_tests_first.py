"""Tests first: what a red run opens, what a green one ends, and what stays shut."""

from pathlib import Path

import pytest

import guard
from tests.hooks.program import bash, git, told
from tests.hooks.suite import CALLING, GREEN, RED, TEST, TWO, noted, run
from tests.hooks.teamwork import BACKEND, CODE, NAME, TESTER, Teamwork, teamwork


@pytest.fixture
def work(tmp_path: Path) -> Teamwork:
    return teamwork(tmp_path, "strict")


def may_write(work: Teamwork, place: str = CODE, agent: str = BACKEND) -> str:
    """Why a write is refused, or nothing."""
    data = told("Write", {"file_path": str(work.root / place)}, agent, work.root)
    return guard.decide(data, str(work.root)).reason


def owes(work: Teamwork) -> str:
    return work.stop()[0]


def test_code_waits_for_a_feature_and_its_red_test(work: Teamwork) -> None:
    assert "is written for a feature, and none is open" in may_write(work)
    work.open()
    said = may_write(work)
    assert said == (
        f"{CODE} waits for a failing test of {NAME}: write one in backend/tests, and see it fail: "
        "python -m pytest -p team.outcome"
    )
    assert may_write(work, TEST) == ""
    work.write(TEST, GREEN)
    run(work)
    assert may_write(work) == said, "a test that passes opens nothing"
    work.write(TEST, RED)
    assert run(work, TEST) == 1
    assert may_write(work) == ""
    work.write(TEST, GREEN)
    run(work)
    assert may_write(work) == "", "from then on it is free"


def test_an_error_in_collection_is_red_too(work: Teamwork) -> None:
    work.open()
    work.write(TEST, "from app.tags import two\n")
    assert run(work) == 2
    assert may_write(work) == ""


def test_an_error_in_a_fixture_is_red_too(work: Teamwork) -> None:
    work.open()
    work.write(TEST, "def test_one(nothing): ...\n")
    assert run(work) == 1
    assert may_write(work) == ""


def test_an_old_test_that_fails_is_not_this_features(work: Teamwork) -> None:
    work.write(TEST, RED)
    work.open()
    run(work)
    assert may_write(work)
    work.write(TEST, f"{RED}\n\ndef test_two() -> None:\n    assert False\n")
    run(work)
    assert may_write(work) == ""


def test_a_red_test_of_another_feature_opens_it_for_who_has_part_in_both(work: Teamwork) -> None:
    work.open(TESTER)
    work.write(TEST, RED)
    run(work)
    assert "none is open" in may_write(work), "of a feature in which it has no part"


def test_the_shell_waits_as_well_and_what_is_no_code_does_not(work: Teamwork) -> None:
    work.open()

    def ran(command: str) -> str:
        return guard.decide(bash(command, BACKEND, work.root), str(work.root)).reason

    assert "waits for a failing test" in ran(f"echo x > {CODE}")
    assert "waits for a failing test" in ran("cp backend/app/main.py backend/app/other.py")
    assert ran("rm -rf backend/app/__pycache__") == ""
    assert ran(f"echo x > {TEST}") == ""
    assert ran("echo x > backend/README.md") == ""


def test_the_main_session_and_others_are_as_free_as_before(work: Teamwork) -> None:
    work.open()
    data = told("Write", {"file_path": str(work.root / CODE)}, None, work.root)
    assert guard.decide(data, str(work.root)).reason == ""
    assert may_write(work, "frontend/app.ts", "frontend-developer") == ""


def test_acceptance_tests_are_out_of_reach_for_who_must_satisfy_them(work: Teamwork) -> None:
    work.open()
    place = "backend/tests/acceptance/test_tags.py"
    assert f"belongs to {TESTER}" in may_write(work, place)
    assert may_write(work, place, TESTER) == ""


def test_a_whole_turn_ends_green_and_covered(work: Teamwork) -> None:
    work.open(BACKEND)
    work.start()
    files = f"[{CODE}, {TEST}]"
    work.write(TEST, CALLING)
    run(work)
    assert may_write(work) == ""
    work.write(CODE, TWO)
    work.hand(files=files)
    assert "all tests were not run since the last change of code" in owes(work)
    assert run(work) == 0
    assert f"no test runs line 9 of {CODE}" in owes(work)
    work.write(TEST, f"{CALLING}    assert two(6) == 7\n")
    run(work)
    assert owes(work) == ""
    assert "waits for a failing test" in may_write(work), "the next turn begins with its own"


def test_the_end_is_not_red(work: Teamwork) -> None:
    work.open(BACKEND)
    work.start()
    work.write(TEST, RED)
    run(work)
    work.hand(files=f"[{TEST}]")
    assert f"the tests are not green: {TEST}" in owes(work)
    work.hand(files=f"[{TEST}]", status="BLOCKED")
    assert owes(work) == "", "who is blocked says so, and nobody builds on it"


def test_old_lines_need_no_test_and_changed_ones_do(work: Teamwork) -> None:
    work.write(CODE, TWO)
    work.write(TEST, CALLING)
    work.open(BACKEND)
    work.start()
    work.write(CODE, TWO.replace("number + 1", "1 + number"))
    run(work)
    work.hand(files=f"[{CODE}]")
    assert owes(work) == ""
    work.start(number="a2")
    work.write(CODE, TWO.replace("return 7", "return 8"))
    run(work)
    work.hand(files=f"[{CODE}]", Decisions="Eight.")
    assert f"no test runs line 9 of {CODE}" in work.stop(number="a2")[0]


def test_what_no_test_has_to_reach_is_not_asked_for(work: Teamwork) -> None:
    text = TWO.replace("    if number > 5:\n", "    if number > 5:  # pragma: no cover\n")
    work.open(BACKEND)
    work.start()
    work.write(CODE, text)
    work.write(TEST, CALLING)
    run(work)
    work.hand(files=f"[{CODE}, {TEST}]")
    assert owes(work) == ""


MEASURING = [["-p", "pytest_cov", "--cov=backend/app", "--cov-report="]]
MEASURING.append([*MEASURING[0], "--cov-branch", "-p", "xdist", "-n", "2"])


@pytest.mark.parametrize("words", MEASURING, ids=["alone", "side by side"])
def test_where_pytest_cov_measures_it_is_asked_and_not_disturbed(
    work: Teamwork, words: list[str]
) -> None:
    work.open(BACKEND)
    work.write(CODE, TWO)
    work.write(TEST, CALLING)
    limit = "--cov-fail-under=50"
    assert run(work, *words, limit) == 0, "it has its data"
    assert noted(work)["whole"]["missed"] == {CODE: [9]}
    work.write(TEST, f"{CALLING}    assert two(6) == 7\n")
    assert run(work, *words, limit) == 0
    assert noted(work)["whole"]["missed"] == {CODE: []}


def test_the_workers_of_xdist_tell_what_they_ran(work: Teamwork) -> None:
    work.open(BACKEND)
    work.start()
    work.write(CODE, TWO)
    work.write(TEST, f"{CALLING}    assert two(6) == 7\n\n\ndef test_two() -> None:\n    pass\n")
    assert run(work, "-p", "xdist", "-n", "2") == 0
    assert noted(work)["whole"]["missed"] == {CODE: []}


def test_where_it_is_critical_only_the_end_is_green(tmp_path: Path) -> None:
    work = teamwork(tmp_path, "critical")
    work.open(BACKEND)
    work.start()
    assert may_write(work) == ""
    work.write(CODE, TWO)
    work.write(TEST, CALLING)
    work.hand(files=f"[{CODE}, {TEST}]")
    assert "all tests were not run" in owes(work)
    run(work)
    assert owes(work) == "", "though a line is not run"


def test_who_changed_no_code_runs_no_test(work: Teamwork) -> None:
    work.open()
    work.start(TESTER)
    work.write("backend/tests/acceptance/test_tags.py", RED)
    work.hand(TESTER, files="[backend/tests/acceptance/test_tags.py]")
    assert work.stop(TESTER)[0] == ""


def test_a_worktree_has_runs_of_its_own_for_the_same_feature(work: Teamwork) -> None:
    work.open(BACKEND)
    there = Teamwork(work.root / ".claude" / "worktrees" / "one")
    git(work.root, "worktree", "add", "--quiet", str(there.root))
    there.write(TEST, RED)
    assert run(there) == 1
    assert noted(there)["any"]["red"] == [TEST]
    assert not (work.root / ".baton" / "tests.json").exists()
    assert may_write(work, f".claude/worktrees/one/{CODE}") == ""
