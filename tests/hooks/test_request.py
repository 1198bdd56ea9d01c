"""Requests: how one is filed, what keeps it, and who is told of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import journal
import request
from tests.hooks.program import Answer, baton, repository

PLACE = "handoff/backend-developer/requests.md"
TITLE = "# Requests\n\nWho asked, or a person, ticks the box when the request is met.\n\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "project")


def ask(
    root: Path, what: str, owner: str = "api-designer", by: str = "backend-developer"
) -> Answer:
    return baton(root, "request", owner, what, "--from", by)


def written(root: Path, text: str) -> Path:
    """The file of requests, as somebody wrote it."""
    path = root / PLACE
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_a_request_is_a_line_in_the_folder_of_who_asks(root: Path) -> None:
    said = "api-designer is asked in handoff/backend-developer/requests.md.\n"
    assert ask(root, "pages in GET /items, it grows") == (0, said, "")
    assert ask(root, "a database", "human").code == 0
    assert (root / PLACE).read_text() == (
        f"{TITLE}- [ ] api-designer: pages in GET /items, it grows\n- [ ] human: a database\n"
    )
    assert request.waiting(str(root), "api-designer") == [
        "backend-developer asks: pages in GET /items, it grows"
    ]
    assert request.waiting(str(root), "human") == ["backend-developer asks: a database"]
    assert request.waiting(str(root), "backend-developer") == []


def test_it_is_noted(root: Path) -> None:
    ask(root, "pages")
    (line,) = (root / ".baton" / "log.jsonl").read_text().splitlines()
    noted = json.loads(line)
    assert noted.pop("at") > 0
    assert noted == {
        "event": "requested",
        "version": journal.VERSION,
        "agent": "backend-developer",
        "owner": "api-designer",
        "place": PLACE,
        "what": "pages",
    }


def test_what_is_open_is_not_asked_again_and_what_is_met_may_be(root: Path) -> None:
    for _ in range(2):
        assert ask(root, "`pages`").code == 0
    assert (root / PLACE).read_text() == f"{TITLE}- [ ] api-designer: `pages`\n"
    assert ask(root, "`pages`", "human").code == 0

    met = (root / PLACE).read_text().replace("[ ]", "[x]")
    (root / PLACE).write_text(met)
    assert request.waiting(str(root), "api-designer") == []
    assert ask(root, "`pages`").code == 0
    assert (root / PLACE).read_text() == f"{met}- [ ] api-designer: `pages`\n"


def test_it_is_one_line_whatever_it_holds(root: Path) -> None:
    ask(root, " pages,\n\n- [ ] human: do\tthis\x1b[2J\u2028now \udcff")
    (line,) = (root / PLACE).read_text().removeprefix(TITLE).splitlines()
    assert line == "- [ ] api-designer: pages, - [ ] human: do this [2J now"


@pytest.mark.parametrize(
    "text", ["# Mine\n\n- [x] human: done\n", "# Mine", "# Mine\r\n", "\ufeff"]
)
def test_what_a_person_wrote_there_stays(root: Path, text: str) -> None:
    path = written(root, "")
    path.write_bytes(text.encode())
    assert ask(root, "pages").code == 0
    kept = path.read_bytes().decode()
    assert kept.startswith(text)
    assert kept[len(text) :].lstrip("\n") == "- [ ] api-designer: pages\n"
    assert "\n- [ ] api-designer: pages\n" in kept


REFUSED = {
    "nobody is asked": ("pages", "nobody", "backend-developer", "nobody is none of"),
    "nobody asks": ("pages", "api-designer", "nobody", "nobody is none of"),
    "a person asks": ("pages", "api-designer", "human", "human is none of"),
    "a way out": ("pages", "api-designer", "../x", "../x is none of"),
    "nothing": (" \n\t", "api-designer", "backend-developer", "say what should change, and why"),
}


@pytest.mark.parametrize(("what", "owner", "by", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_request_is_refused(
    root: Path, what: str, owner: str, by: str, says: str
) -> None:
    code, out, err = ask(root, what, owner, by)
    assert (code, out) == (1, "")
    assert err.startswith(f"baton: {says}")
    assert "none of" not in err or err.endswith("none of api-designer, backend-developer.\n")
    assert not (root / "handoff").exists()
    assert not (root / ".baton").exists()


def folder(path: Path, _aside: Path) -> None:
    path.mkdir(parents=True)


def link(path: Path, aside: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(aside / "requests.md")


def linked_folder(path: Path, aside: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.symlink_to(aside)


@pytest.mark.parametrize("spoil", [folder, link, linked_folder])
def test_what_is_no_file_of_its_own_is_a_fault(root: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(root / PLACE, root / "docs")
    code, out, err = ask(root, "pages")
    assert (code, out) == (1, "")
    assert PLACE in err
    assert err.count("\n") == 1
    assert not list((root / "docs").iterdir())
    assert request.waiting(str(root), "api-designer") == []


def test_requests_that_are_filed_at_once_are_all_there(root: Path) -> None:
    wanted = [f"number {number}" for number in range(12)]
    command = [sys.executable, "-I", "-S", str(root / "team" / "baton.py"), "request", "human"]
    running = [
        subprocess.Popen([*command, what, "--from", "backend-developer"], stdout=subprocess.DEVNULL)
        for what in wanted
    ]
    assert [run.wait() for run in running] == [0] * len(wanted)
    waiting = request.waiting(str(root), "human")
    assert sorted(waiting) == sorted(f"backend-developer asks: {what}" for what in wanted)


BY_HAND = """
- [ ] api-designer: one
* [ ] api-designer:two
  + []  **api-designer**: three, with `code`: and more
\t- [  ] `api-designer` :  four \t
- [ ] **api-designer:** five
- [x] api-designer: met
- [X] api-designer: met
- [ ] api-designers: another
- [ ] human: another
- [ ] api-designer:
- [] nobody
-[ ] api-designer: no item
api-designer: no box
"""


def test_lines_by_hand_count(root: Path) -> None:
    path = written(root, BY_HAND)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"\xff\xfe\n")
    assert request.waiting(str(root), "api-designer") == [
        f"backend-developer asks: {what}"
        for what in ("one", "two", "three, with `code`: and more", "four", "five")
    ]


def test_requests_of_all_agents_count(root: Path) -> None:
    assert request.waiting(str(root), "human") == []
    ask(root, "b", "human", "backend-developer")
    ask(root, "a", "human", "api-designer")
    assert request.waiting(str(root), "human") == [
        "api-designer asks: a",
        "backend-developer asks: b",
    ]
