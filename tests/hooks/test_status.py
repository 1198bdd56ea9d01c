"""The board: each state that an agent can be in, and the three shapes in which it is shown."""

import json
import re
import shutil
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gate
import journal
import status
from tests.hooks.program import baton
from tests.hooks.teamwork import BACKEND, DESIGNER, FRONTEND, NAME, TESTER, Teamwork, teamwork


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teamwork:
    return teamwork(tmp_path_factory.mktemp("made"))


@pytest.fixture
def work(made: Teamwork, tmp_path: Path) -> Teamwork:
    return Teamwork(shutil.copytree(made.root, tmp_path / "project"))


def cells(work: Teamwork, name: str = NAME) -> dict[str, tuple[str, list[str]]]:
    (row,) = (row for row in status.board(str(work.root))["features"] if row["name"] == name)
    return {at["agent"]: (at["state"], at["why"]) for at in row["agents"]}


def test_nothing_is_open(work: Teamwork) -> None:
    found = status.board(str(work.root))
    assert (found["features"], found["requests"], found["denials"]) == ([], [], 0)
    assert "No feature is open" in baton(work.root, "status").stdout
    assert "No feature is open." in baton(work.root, "status", "--html").stdout


def test_who_can_begin_and_who_waits_for_whom(work: Teamwork) -> None:
    work.open(DESIGNER, BACKEND, TESTER)
    assert cells(work) == {
        DESIGNER: ("ready", []),
        BACKEND: ("waiting", [DESIGNER]),
        TESTER: ("waiting", [DESIGNER, BACKEND]),
        FRONTEND: ("no task", []),
    }


def test_who_runs_and_who_handed_over(work: Teamwork) -> None:
    work.open()
    work.start(DESIGNER)
    assert cells(work)[DESIGNER] == ("running", [])
    work.hand(DESIGNER)
    work.stop(DESIGNER)
    assert cells(work)[DESIGNER] == ("handed over", [])
    assert cells(work)[BACKEND] == ("ready", [])


def test_who_is_stale_incomplete_or_blocked(work: Teamwork) -> None:
    work.open()
    work.hand(DESIGNER)
    work.hand(TESTER, Covered="TODO")
    work.write(f"tasks/{NAME}/README.md", "# Tags, and more\n")
    work.hand(BACKEND, status="BLOCKED")
    found = cells(work)
    assert found[DESIGNER][0] == "stale"
    assert found[DESIGNER][1][0].startswith(f"stale: read tasks/{NAME}/README.md again")
    assert found[TESTER][0] == "incomplete"
    assert found[BACKEND] == ("blocked", ["it ended with BLOCKED"])


def test_who_never_handed_over_stays_on_the_board(work: Teamwork) -> None:
    work.open()
    work.start(DESIGNER)
    for _ in range(gate.MOST + 1):
        work.stop(DESIGNER)
    state, why = cells(work)[DESIGNER]
    assert state == "gave up"
    assert f"handoff/{DESIGNER}/{NAME}.md is not there" in why[0]
    work.hand(DESIGNER)
    assert cells(work)[DESIGNER][0] == "handed over", "until it does"


def test_of_several_features_it_runs_for_the_one_it_was_called_for(work: Teamwork) -> None:
    work.open()
    work.open(name="more")
    work.early(DESIGNER, "Design more.")
    work.start(DESIGNER)
    assert cells(work)[DESIGNER][0] == "ready"
    assert cells(work, "more")[DESIGNER][0] == "running"


def test_two_of_one_name_and_one_that_crashed(
    work: Teamwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.open(BACKEND)
    work.start()
    work.start(number="a2")
    work.hand()
    work.stop()
    assert cells(work)[BACKEND][0] == "running"
    later = time.time() + 2 * journal.DAY
    monkeypatch.setattr("time.time", lambda: later)
    assert cells(work)[BACKEND][0] == "handed over"


def test_what_is_asked_and_what_was_refused(work: Teamwork) -> None:
    work.open()
    work.write(
        f"handoff/{BACKEND}/requests.md", f"- [ ] {DESIGNER}: a cursor\n- [ ] human: a key\n"
    )
    for number in range(status.SHOWN + 2):
        more = {"agent": BACKEND, "id": "a1", "tool": "Write", "what": f"x{number}", "why": "no"}
        journal.note(str(work.root), "refused", **more)
    found = status.board(str(work.root))
    assert found["requests"] == [
        {"owner": DESIGNER, "what": f"{BACKEND} asks: a cursor"},
        {"owner": "human", "what": f"{BACKEND} asks: a key"},
    ]
    assert found["denials"] == status.SHOWN + 2
    assert [row["what"] for row in found["denied"]][-1] == f"x{status.SHOWN + 1}"
    assert len(found["denied"]) == status.SHOWN
    out = baton(work.root, "status").stdout
    assert f"asked of {DESIGNER}: {BACKEND} asks: a cursor\n" in out
    assert f"\n{status.SHOWN + 2} calls were refused.\n" in out


def test_the_terminal_has_a_table_where_it_is_wide_enough(work: Teamwork) -> None:
    work.open()
    wide = baton(work.root, "status", env={"COLUMNS": "120"}).stdout.splitlines()
    assert wide[0].split() == ["api-", "backend-", "test-", "frontend-"]
    assert wide[2].split() == [NAME, "ready", "waiting", "waiting", "waiting"]
    narrow = baton(work.root, "status", env={"COLUMNS": "40"}).stdout.splitlines()
    assert narrow[:3] == [
        "",
        NAME,
        f"  {DESIGNER:20}ready",
    ]
    assert f"  {BACKEND:20}waiting     for {DESIGNER}" in narrow
    assert max(map(len, narrow)) < 80


def test_it_has_colour_only_where_there_is_one(
    work: Teamwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.open()
    found = status.board(str(work.root))
    assert "\033[" not in baton(work.root, "status").stdout
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert any("\033[2mwaiting" in line for line in status.lines(found))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not any("\033[" in line for line in status.lines(found))


def test_a_program_gets_all_of_it(work: Teamwork) -> None:
    work.open()
    code, out, _ = baton(work.root, "status", "--json")
    assert code == 0
    assert json.loads(out) == json.loads(json.dumps(status.board(str(work.root))))


class Page(HTMLParser):
    """What a page holds: that each tag is closed, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [] if tag in ("meta", "path", "circle") else [tag]
        self.open += ["path"] * (tag == "path")
        given = [value for name, value in attrs if name in ("src", "href", "srcset", "action")]
        self.loads += [value or "" for value in given]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_is_whole_and_loads_nothing(work: Teamwork) -> None:
    work.open()
    work.write(f"handoff/{BACKEND}/requests.md", f"- [ ] {DESIGNER}: <script>a</script> & b\n")
    text = baton(work.root, "status", "--html").stdout
    page = Page(text)
    assert (page.open, page.loads) == ([], [])
    assert "script" not in re.findall(r"<(\w+)", text)
    assert f"{BACKEND} asks: <script>a</script> & b" in "".join(page.texts)
    assert "@import" not in text
    assert "url(" not in text.replace("url(#end)", "")
    assert "prefers-color-scheme: dark" in text
    for agent in (DESIGNER, BACKEND, TESTER, FRONTEND):
        shown = 3 + (agent == DESIGNER)  # in the table, the list and the picture; who is asked
        assert page.texts.count(agent) == shown
