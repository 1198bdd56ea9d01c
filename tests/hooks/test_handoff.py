"""A handoff: each thing that can be missing in it, and what the programs write by themselves."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import handoff
from tests.hooks.program import baton
from tests.hooks.teamwork import BACKEND, CODE, DESIGNER, FRONTEND, NAME, TESTER, Teamwork, teamwork

PLACE = f"handoff/{BACKEND}/{NAME}.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teamwork:
    return teamwork(tmp_path_factory.mktemp("made"))


@pytest.fixture
def work(made: Teamwork, tmp_path: Path) -> Teamwork:
    return Teamwork(shutil.copytree(made.root, tmp_path / "project"))


GOOD: dict[str, dict[str, str | None]] = {
    "as it is": {},
    "a task": {"task": "1-add-tags.md"},
    "a time in UTC": {"time": "2026-01-31T14:05:00Z"},
    "a time elsewhere": {"time": "2026-01-31T14:05:00.123456+05:30"},
    "quotes": {"status": '"DONE"', "agent": f"'{BACKEND}'"},
    "a comment": {"status": "DONE # at last"},
    "no files in words": {"files": "\n  - none"},
    "a file": {"files": "\n  - backend/app/main.py"},
    "a file beside it": {"files": "\n- ./backend/app/main.py"},
    "files in a row": {"files": "[backend/app/main.py]"},
    "the word none": {"Decisions": "none"},
    "code alone": {"Decisions": "```python\nx: list[int] = []\n```"},
    "a heading in code": {"Decisions": "~~~md\n## Other\n~~~\nDone."},
    "brackets in code": {"Decisions": "`<tag>` and `TODO` are kept."},
    "an address": {"Decisions": "See <https://example.com/a>."},
    "fewer and more": {"Decisions": "1 < 2, and 3 > 2."},
    "a title of other case": {"API contract": None, "Decisions": "x\n\n## api Contract\n\nnone"},
    "an endpoint by its number": {"API contract": "- `DELETE /tags/5`: 204"},
    "an endpoint by its name": {"API contract": "| DELETE | /tags/{id} | 204 |"},
    "an endpoint with a query": {"API contract": "GET http://localhost:8000/tags?page=2"},
    "what is listed elsewhere": {"Decisions": "Not `POST /tags`: nobody asked."},
}
BAD: dict[str, tuple[dict[str, str | None], str]] = {
    "no agent": ({"agent": None}, f"`agent` is missing, and should be {BACKEND}"),
    "another agent": ({"agent": TESTER}, f"`agent` is {TESTER}, and should be {BACKEND}"),
    "another feature": ({"feature": "x"}, "`feature` is x, and should be tags"),
    "no task": ({"task": None}, "`task` is missing, and should be a file of tasks/tags/, or none"),
    "a task of nobody": ({"task": "9-x.md"}, "`task` is 9-x.md"),
    "a time of the form": ({"time": "<now>"}, "`time` should be a time with its zone"),
    "a time without a zone": ({"time": "2026-01-31T14:05:00"}, "`time` should be a time with"),
    "a month too many": ({"time": "2026-13-31T14:05:00+00:00"}, "`time` should be a time with"),
    "no status": ({"status": None}, "`status` should be one of DONE, DONE_WITH_CONCERNS"),
    "a status of its own": ({"status": "FINISHED"}, "`status` should be one of DONE"),
    "an input that is due": ({"inputs": "{}"}, "`inputs` lacks tasks/tags/README.md: read it, and"),
    "an input that is gone": ({"inputs": "\n  x.md: 1"}, "`inputs` names x.md, which is not there"),
    "an old input": ({"inputs": "\n  AGENTS.md: 1\n"}, "stale: read AGENTS.md again"),
    "a list in its place": ({"inputs": "\n  - x"}, "line 8 of its front matter cannot be read"),
    "a line of nothing": ({"status": "DONE\nwhat is this"}, "line 7 of its front matter"),
    "a file of nobody": ({"files": "\n  - backend/x.py"}, "backend/x.py, which is not there and"),
    "a file of another": ({"files": "[docs/openapi.yaml]"}, f"which belongs to {DESIGNER}"),
    "a file outside": ({"files": "[../x]"}, "`files` names ../x, which is outside the repository"),
    "no section": ({"Decisions": None}, "there is no section «Decisions»"),
    "an empty section": ({"Decisions": " "}, "nothing, not even the word none, is in «Decisions»"),
    "a dash": ({"Decisions": "- "}, "nothing, not even the word none, is in «Decisions»"),
    "a comment alone": ({"Decisions": "<!-- x -->"}, "nothing, not even the word none, is in"),
    "the form": (
        {"Decisions": "<What was decided, and why.>"},
        "the words of the form are still in «Decisions»",
    ),
    "its words": (
        {"Decisions": "What was\ndecided, and why."},
        "the words of the form are still in «Decisions»",
    ),
    "brackets": ({"Decisions": "Uses <name>."}, "<name> (code needs backticks) is still in"),
    "to do": ({"Decisions": "TODO"}, "TODO (code needs backticks) is still in «Decisions»"),
    "to be done": ({"Decisions": "to be written"}, "to be written (code needs backticks) is"),
    "an endpoint of its own": (
        {"API contract": "- `POST /tags`: 201\n- `GET /tag`: 200"},
        "the contract, docs/openapi.yaml, does not have POST /tags, GET /tag",
    ),
}


@pytest.mark.parametrize("parts", GOOD.values(), ids=GOOD)
def test_it_is_whole(work: Teamwork, parts: dict[str, str | None]) -> None:
    work.hand(**parts)
    assert work.faults() == []


@pytest.mark.parametrize(("parts", "says"), BAD.values(), ids=BAD)
def test_what_is_missing_is_said(work: Teamwork, parts: dict[str, str | None], says: str) -> None:
    work.write("AGENTS.md", "All.\n")
    work.hand(**parts)
    assert [fault for fault in work.faults() if says in fault]


def test_all_of_it_is_said_at_once(work: Teamwork) -> None:
    work.hand(status="x", files="[backend/nothing.py]", Decisions="TODO", inputs="{}", time="now")
    assert len(work.faults()) == 5


def test_a_handoff_that_is_none(work: Teamwork) -> None:
    assert "is not there; `python3 team/baton.py handoff new tags" in work.faults()[0]
    work.write(PLACE, "# Tags\n")
    assert "it does not begin with front matter" in work.faults()[0]
    work.write(PLACE, b"\xff\xfe")
    assert "utf-8" in work.faults()[0]
    (work.root / PLACE).unlink()
    (work.root / PLACE).mkdir()
    assert work.faults() == [f"{PLACE} is a folder; move it away and write a file"]


def test_a_link_is_no_handoff(work: Teamwork) -> None:
    work.hand(TESTER)
    (work.root / PLACE).symlink_to(work.root / f"handoff/{TESTER}/{NAME}.md")
    assert work.faults() == [f"{PLACE} is a link that leads elsewhere"]


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_it_may_have_any_line_ends_and_a_mark(work: Teamwork, ends: str) -> None:
    path = work.hand(files="\n  - backend/app/main.py")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text().replace("\n", ends).encode())
    assert work.faults() == []


def test_what_was_deleted_was_there(work: Teamwork) -> None:
    work.write("backend/app/main.py", None)
    work.hand(files="[backend/app/main.py]")
    assert work.faults() == [], "at the last commit"
    work.write("backend/app/late.py", "x = 1\n")
    work.open()
    work.write("backend/app/late.py", None)
    work.hand(files="[backend/app/late.py]")
    assert work.faults() == [], "when the feature was opened"


def test_what_changed_is_listed(work: Teamwork) -> None:
    work.hand()
    assert work.faults(BACKEND, NAME, CODE) == [], "it is not there"
    work.write(CODE)
    assert work.faults(BACKEND, NAME, CODE) == [f"`files` lacks {CODE}"]


def test_an_input_is_what_the_map_hands_over_and_is_there(work: Teamwork) -> None:
    brief = f"tasks/{NAME}/README.md"
    assert handoff.inputs(work.team, BACKEND, NAME) == [brief]
    assert handoff.inputs(work.team, DESIGNER, NAME) == [brief]
    work.hand(DESIGNER)
    work.hand(BACKEND)
    needs = work.write(f"handoff/{FRONTEND}/{NAME}-needs.md", "A list.\n")
    assert handoff.inputs(work.team, DESIGNER, NAME) == [brief, f"handoff/{FRONTEND}/{needs.name}"]
    own = [f"handoff/{DESIGNER}/{NAME}.md", f"handoff/{BACKEND}/{NAME}.md"]
    assert handoff.inputs(work.team, TESTER, NAME) == [brief, *own]


def test_a_changed_input_makes_it_stale_until_it_is_read_again(work: Teamwork) -> None:
    work.hand(DESIGNER)
    path = work.hand()
    work.hand(DESIGNER, status="DONE_WITH_CONCERNS")
    (stale,) = work.faults()
    assert stale.startswith(f"stale: read handoff/{DESIGNER}/{NAME}.md again")
    assert baton(work.root, "handoff", "new", NAME, "--from", BACKEND).code == 0
    assert work.faults() == []
    assert "`GET /tags`, for tags." in path.read_text()


def check(work: Teamwork, *words: str) -> tuple[int, str]:
    code, out, err = baton(work.root, "handoff", *words)
    return code, out + err


def test_new_fills_in_what_is_known(work: Teamwork) -> None:
    work.open(BACKEND, DESIGNER)
    work.write(CODE, "x = 1\n")
    work.write("backend/app/main.py", None)
    work.write("frontend/app.ts")
    work.hand(DESIGNER)
    code, said = check(work, "new", NAME, "--from", BACKEND)
    assert (code, said.count("\n")) == (0, 1)
    text = (work.root / PLACE).read_text()
    told = handoff.Handoff(text)
    assert set(told.inputs) == {
        f"tasks/{NAME}/README.md",
        f"handoff/{DESIGNER}/{NAME}.md",
        "docs/openapi.yaml",
    }
    assert told.files == ["backend/app/main.py", CODE]
    assert "## Decisions\n\n<What was decided, and why.>" in text
    code, said = check(work, "check", NAME, "--from", BACKEND)
    assert code == 1
    assert said.count("\n") == 1
    for word in ("`task`", "`status`", "«API contract», «Decisions»"):
        assert word in said


def test_the_contract_is_an_input_of_those_who_work_after_it(work: Teamwork) -> None:
    work.open()
    for agent in (DESIGNER, FRONTEND):
        assert check(work, "new", NAME, "--from", agent)[0] == 0
    told = {
        agent: handoff.Handoff((work.root / f"handoff/{agent}/{NAME}.md").read_text()).inputs
        for agent in (DESIGNER, FRONTEND)
    }
    assert "docs/openapi.yaml" in told[FRONTEND]
    assert "docs/openapi.yaml" not in told[DESIGNER]


def test_new_loses_nothing_of_what_was_written(work: Teamwork) -> None:
    path = work.hand(Decisions=None, files="[backend/app/old.py]", inputs="\n  AGENTS.md: 1")
    work.write("AGENTS.md")
    path.write_text(path.read_text() + "\n## My own\n\nKept.\n")
    assert check(work, "new", NAME, "--from", BACKEND)[0] == 0
    text = path.read_text()
    assert re.findall("(?m)^## (.+)", text) == ["API contract", "My own", "Decisions"]
    assert "Kept." in text
    assert handoff.Handoff(text).files == ["backend/app/old.py"]
    assert "AGENTS.md" in handoff.Handoff(text).inputs
    assert check(work, "new", NAME, "--from", BACKEND)[0] == 0
    assert [line for line in path.read_text().splitlines() if line[:5] != "time:"] == [
        line for line in text.splitlines() if line[:5] != "time:"
    ]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda work: (work.root / PLACE).mkdir(), "is a folder or leads elsewhere; move it away"),
        (lambda work: work.write(PLACE, "Mine.\n"), "front matter between two lines ---; mend it"),
        (lambda work: work.write(f"handoff/{BACKEND}/README.md", "x"), "has no form between"),
    ],
)
def test_new_touches_nothing_that_it_does_not_understand(
    work: Teamwork, spoil: object, says: str
) -> None:
    assert callable(spoil)
    spoil(work)
    before = (work.root / PLACE).read_text() if (work.root / PLACE).is_file() else ""
    code, said = check(work, "new", NAME, "--from", BACKEND)
    assert code == 1
    assert says in said
    assert before == ((work.root / PLACE).read_text() if (work.root / PLACE).is_file() else "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("new", NAME), "say whose handoff it is: --from AGENT"),
        (("new", NAME, "--from", "nobody"), "nobody is none of api-designer"),
        (("check", "../x"), "'../x' names no feature"),
    ],
)
def test_a_call_that_cannot_be_is_named(work: Teamwork, words: tuple[str, ...], says: str) -> None:
    code, said = check(work, *words)
    assert (code, said.count("\n")) == (1, 1)
    assert says in said


def test_check_takes_all_agents_of_a_feature(work: Teamwork) -> None:
    work.open(BACKEND, DESIGNER)
    code, said = check(work, "check", NAME)
    assert (code, [line.partition(":")[0] for line in said.splitlines()]) == (
        1,
        [BACKEND, DESIGNER],
    )
    work.hand(DESIGNER)
    work.hand(status="BLOCKED")
    assert check(work, "check", NAME) == (1, f"{BACKEND}: it ended with BLOCKED.\n")
    work.hand(status="DONE_WITH_CONCERNS")
    assert check(work, "check", NAME) == (0, "What is handed over of tags is whole.\n")


def test_a_full_disk_keeps_the_handoff(work: Teamwork) -> None:
    path = work.hand()
    before = path.read_text()
    shell = "ulimit -f 0; trap '' XFSZ; exec python3 -I -S team/baton.py handoff new tags --from "
    words = ["bash", "-c", shell + BACKEND]
    done = subprocess.run(words, cwd=work.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("baton: ")
    assert "Traceback" not in done.stderr
    assert path.read_text() == before
