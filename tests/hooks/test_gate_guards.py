"""Each part of the gate that keeps something: with it a case ends well, without it it does not."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

import gate
import guard
import handoff
import journal
from tests.hooks.program import told
from tests.hooks.teamwork import BACKEND, CODE, DESIGNER, NAME, TESTER, Teamwork, teamwork
from tests.hooks.work import without

PLACE = f"handoff/{BACKEND}/{NAME}.md"


class Guard(NamedTuple):
    """A line of a program, what would be there without it, and the case that it is for."""

    program: ModuleType
    line: str
    instead: str
    case: Callable[[Teamwork], bool]
    tdd: str = "on-request"


def nothing(work: Teamwork) -> bool:
    work.open()
    work.start()
    return f"{PLACE} is not there" in work.stop()[0]


def an_old_one_is_there(work: Teamwork) -> bool:
    work.hand()
    work.open()
    work.start()
    return "as it was before" in work.stop()[0]


def gives_up(work: Teamwork) -> bool:
    work.open()
    work.start()
    return [bool(work.stop()[0]) for _ in range(4)] == [True, True, True, False]


def no_feature_has_a_name(work: Teamwork) -> bool:
    work.start()
    work.write(CODE)
    return "for no feature" in work.stop()[0]


def a_question_is_asked(work: Teamwork) -> bool:
    work.open(DESIGNER)
    work.start()
    return work.stop() == ("", "")


def a_file_is_not_listed(work: Teamwork) -> bool:
    work.open()
    work.start()
    work.write(CODE)
    work.hand()
    return "`files` lacks" in work.stop()[0]


def a_reader_is_called_early(work: Teamwork) -> bool:
    work.open()
    return work.early(BACKEND) != ""


def news_keep_nobody_waiting(work: Teamwork) -> bool:
    return not any("told" in row for row in handoff.awaited(work.team, TESTER))


def it_was_blocked(work: Teamwork) -> bool:
    work.open()
    work.hand(DESIGNER, status="BLOCKED")
    return "it ended with BLOCKED" in work.early(BACKEND)


def code_before_its_test(work: Teamwork) -> bool:
    work.open()
    data = told("Write", {"file_path": str(work.root / CODE)}, BACKEND, work.root)
    return "waits for a failing test" in guard.decide(data, str(work.root)).reason


def no_test_was_run(work: Teamwork) -> bool:
    work.open(BACKEND)
    work.start()
    work.write(CODE)
    work.hand(files=f"[{CODE}]")
    return "all tests were not run" in work.stop()[0]


def another_version(work: Teamwork) -> bool:
    row = {"version": 0, "at": 1.0, "agents": [], "tree": "", "secrets": {}}
    work.write(f".baton/features/{NAME}.json", json.dumps(row))
    try:
        journal.opened(str(work.root))
    except ValueError:
        return True
    return False


ABSENT = "    if not os.path.isfile(path):\n        make"
STARTING = "if lacks := handoff.due(team, name, givers):"
STRICT = """if team.work.get("tdd") != "strict" or not place.startswith(f"{team.work['app']}/"):"""
AWAITED = ' if "told" not in row and "phase" not in row]'
GUARDS = {
    "there": Guard(handoff, ABSENT, "    if 0:\n        make", nothing),
    "new": Guard(gate, "if not lacks and name not in written:", "if 0:", an_old_one_is_there),
    "the bound": Guard(gate, "MOST = 3", "MOST = 99", gives_up),
    "the name": Guard(gate, "if not self.names:", "if 0:", no_feature_has_a_name),
    "its part": Guard(gate, ' if self.agent in row["agents"]]\n', "]\n", a_question_is_asked),
    "the list": Guard(handoff, "sorted({*changed} - listed)", "[]", a_file_is_not_listed),
    "the start": Guard(gate, STARTING, "if lacks := []:", a_reader_is_called_early),
    "news": Guard(handoff, AWAITED, "]", news_keep_nobody_waiting),
    "the status": Guard(handoff, "not in READY:", "not in STATUSES:", it_was_blocked),
    "the red": Guard(
        guard, 'team.work.get("tdd") != "strict"', "1", code_before_its_test, "strict"
    ),
    "the green": Guard(gate, 'whole.get("state") != now', "0", no_test_was_run, "critical"),
    "the version": Guard(journal, 'if row["version"] != VERSION or', "if", another_version),
}


@pytest.mark.parametrize("it", GUARDS.values(), ids=GUARDS)
def test_with_it_the_case_ends_well_and_without_it_does_not(
    it: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert it.case(teamwork(tmp_path / "with", it.tdd))
    without(monkeypatch, it.program, it.line, it.instead)
    try:
        well = it.case(teamwork(tmp_path / "without", it.tdd))
    except Exception:  # noqa: BLE001 - what fails does not end well
        well = False
    assert not well
