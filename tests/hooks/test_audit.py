"""What the audit says when an agent stops: of which changes, by whom, and to whom."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

import audit
import journal
from tests.hooks.program import bash, baton
from tests.hooks.work import BACKEND, CONTRACT, DESIGNER, SPILL, Work, project, told


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A project in which backend-developer has started."""
    work = project(tmp_path)
    assert work.start() == ""
    return work


def test_what_an_agent_may_write_is_not_spoken_of(work: Work) -> None:
    work.spill("backend/main.py")
    work.write("backend/new/deep.py")
    work.write("handoff/backend-developer/items.md")
    assert work.stop() == ("", "")


def test_a_change_that_the_agents_command_names_sends_it_back(work: Work) -> None:
    work.used(SPILL)
    work.write(CONTRACT)
    block, message = work.stop()
    assert message == ""
    assert block.startswith(f"{BACKEND} changed what is not its own:\n- {CONTRACT} by `{SPILL}`. ")
    assert (
        f"Put it back: `python3 {work.root}/team/baton.py restore {work.root / CONTRACT}`" in block
    )
    assert f"It belongs to {DESIGNER}, so {BACKEND} may not write it." in block
    assert f"python3 team/baton.py request {DESIGNER}" in block
    assert block.endswith("\nThen give your whole report again.")
    [changed] = work.events("changed")
    assert changed["place"], changed["owner"] == (CONTRACT, DESIGNER)
    assert (changed["agent"], changed["id"], changed["proven"]) == (BACKEND, "a1", True)


def test_once_it_is_put_back_the_agent_may_stop(work: Work) -> None:
    work.spill()
    assert work.stop()[0]
    work.used(f"python3 team/baton.py restore {CONTRACT}")
    work.restore(CONTRACT)
    assert work.stop() == ("", "")
    assert (work.root / CONTRACT).read_text() == "as it was\n"


def test_a_place_that_is_as_it_was_is_not_changed(work: Work) -> None:
    work.spill()
    assert work.stop()[0]
    work.write(CONTRACT, "as it was\n")
    assert work.stop() == ("", "")


def test_an_agent_is_sent_back_twice_at_most(work: Work) -> None:
    work.spill()
    assert work.stop()[0]
    assert work.stop()[0]
    block, message = work.stop()
    assert block == ""
    assert message == (
        f"While {BACKEND} ran, these changed: {CONTRACT}, which {BACKEND} did not put back."
    )
    assert [event["places"] for event in work.events("unrestored")] == [[CONTRACT]]
    assert work.stop() == ("", ""), "what a person was told is not told again"


def test_another_agent_is_sent_back_for_its_own(work: Work) -> None:
    work.spill()
    assert work.stop()[0]
    work.start(BACKEND, "a2")
    work.used("python3 -c \"open('docs/guide.md', 'w')\"", number="a2")
    work.write("docs/guide.md")
    block, _ = work.stop(BACKEND, "a2")
    assert "docs/guide.md" in block
    assert CONTRACT not in block


def test_a_persons_change_is_reported_and_never_taken_back(work: Work) -> None:
    work.write(CONTRACT, "a person's\n")
    work.write("README.md", "a person's\n")
    assert work.stop() == (
        "",
        f"While {BACKEND} ran, these changed: README.md (human); {CONTRACT} ({DESIGNER}).",
    )
    assert not any(event["proven"] for event in work.events("changed"))
    with pytest.raises(LookupError, match="saw no agent change"):
        work.restore(CONTRACT)
    assert (work.root / CONTRACT).read_text() == "a person's\n"


def test_the_main_thread_hears_once_what_a_person_is_told(work: Work) -> None:
    assert audit.report(b"{}", str(work.root)) == ""
    work.write(CONTRACT, "a person's\n")
    _, message = work.stop()
    assert message
    assert audit.report(b"{}", str(work.root)) == message
    assert audit.report(b"{}", str(work.root)) == ""


def test_many_changes_are_counted(work: Work) -> None:
    for number in range(40):
        work.write(f"docs/{number}")
    message = work.stop()[1]
    assert message.endswith("; and 10 more.")
    assert len(work.events("changed")) == 40


NO_WRITE = [
    f"cat {CONTRACT}",
    f"cd backend && grep -n x ../{CONTRACT} | head",
    f"git diff {CONTRACT}; git add {CONTRACT}",
    f"python3 -c \"open('{CONTRACT}.bak', 'w')\"",
    f"python3 -c \"open('old-{Path(CONTRACT).name}', 'w')\"",
    f"python3 -c \"open('backend/{CONTRACT}', 'w')\"",
    "python3 backend/generate.py",
]
WRITES = [
    SPILL,
    f"cd docs && python3 -c \"open('{Path(CONTRACT).name}', 'w')\"",
    f"python3 ../x.py ../{CONTRACT}",
    f"python3 - <<'EOF'\nopen('./{CONTRACT}', 'w')\nEOF",
    f"cat {CONTRACT} | python3 x.py -o $PWD/{CONTRACT}",
    f"git -c alias.w='!touch {CONTRACT}' w",
    f"make OUT=${{PWD}}/{CONTRACT}",
]


@pytest.mark.parametrize("command", NO_WRITE)
def test_a_command_that_writes_something_else_proves_nothing(work: Work, command: str) -> None:
    work.used(command)
    work.write(CONTRACT)
    block, message = work.stop()
    assert block == ""
    assert CONTRACT in message


@pytest.mark.parametrize("command", WRITES)
def test_a_command_that_may_write_the_place_proves_it(work: Work, command: str) -> None:
    work.used(command)
    work.write(CONTRACT)
    assert CONTRACT in work.stop()[0]


def test_a_command_after_the_change_proves_nothing(work: Work) -> None:
    work.write(CONTRACT, "a person's\n")
    work.used(SPILL, later=10)
    assert work.stop()[0] == ""


def test_a_deleted_file_counts_as_well(work: Work) -> None:
    work.spill(CONTRACT, None)
    assert CONTRACT in work.stop()[0]


BY_OTHERS = {
    "the main thread": (None, None, "used", "{root}/docs/openapi.yaml"),
    "the main thread, after a person agreed": (None, None, "ask", "{root}/docs/openapi.yaml"),
    "a command of the main thread": (None, None, "used", "python3 docs/make.py docs/openapi.yaml"),
    "another agent, who is asked for it": (BACKEND, "a2", "used", SPILL),
}


@pytest.mark.parametrize(("agent", "number", "event", "what"), BY_OTHERS.values(), ids=BY_OTHERS)
def test_what_others_wrote_is_not_spoken_of(
    work: Work, agent: str | None, number: str | None, event: str, what: str
) -> None:
    work.used(what.format(root=work.root), agent, number, event=event)
    work.write(CONTRACT)
    assert work.stop() == ("", "")


def test_what_the_guard_refused_to_others_explains_nothing(work: Work) -> None:
    work.used(work.root / CONTRACT, None, None, event="refused")
    work.used(work.root / "docs/other", None, None)
    work.write(CONTRACT)
    assert CONTRACT in work.stop()[1]


def test_agents_side_by_side_have_their_own(work: Work) -> None:
    work.start(DESIGNER, "d1")
    work.write(CONTRACT)
    work.write("backend/main.py")
    assert work.stop(DESIGNER, "d1") == ("", "")
    assert work.stop() == ("", ""), "the other one stopped, and was there"


def test_who_started_before_and_runs_counts(tmp_path: Path) -> None:
    work = project(tmp_path)
    work.start(DESIGNER, "d1")
    work.start()
    work.write(CONTRACT)
    assert work.stop() == ("", "")


def test_who_stopped_before_does_not_count(tmp_path: Path) -> None:
    work = project(tmp_path)
    work.start(DESIGNER, "d1")
    work.stop(DESIGNER, "d1")
    work.start()
    work.write(CONTRACT)
    assert CONTRACT in work.stop()[1]


def test_whom_a_crash_ended_counts_for_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = project(tmp_path)
    work.start(DESIGNER, "d1")
    now = time.time() + 2 * journal.DAY
    monkeypatch.setattr("time.time", lambda: now)
    work.start()
    work.write(CONTRACT)
    assert CONTRACT in work.stop()[1]


def test_an_agent_that_calls_itself_human_explains_nothing(work: Work) -> None:
    work.used("x", "human", "h1", event="refused")
    work.write("README.md")
    assert "README.md (human)" in work.stop()[1]


def test_an_agent_that_goes_on_later_begins_where_it_stopped(work: Work) -> None:
    work.write(CONTRACT, "a person's\n")
    assert CONTRACT in work.stop()[1]
    work.spill("docs/guide.md")
    block, _ = work.stop()
    assert "docs/guide.md" in block
    assert CONTRACT not in block


def test_a_request_of_the_main_thread_is_ours(work: Work) -> None:
    assert baton(work.root, "request", BACKEND, "x", "--from", DESIGNER).code == 0
    assert work.stop() == ("", "")


def test_who_starts_hears_what_is_asked_of_it(tmp_path: Path) -> None:
    work = project(tmp_path)
    work.write("handoff/backend-developer/requests.md", f"- [ ] {DESIGNER}: page the list\n")
    assert work.start(DESIGNER) == f"{BACKEND} asks: page the list"
    assert work.start(BACKEND) == ""


def test_the_whole_way_with_the_programs_themselves(tmp_path: Path) -> None:
    """The guard lets the command pass, the command writes, the audit finds it, it is put back."""
    work = project(tmp_path)
    command = f"{sys.executable} -c \"open('{CONTRACT}', 'w').write('spilled')\""
    assert baton(work.root, "audit", "start", stdin=told()).code == 0
    assert baton(work.root, "guard", stdin=bash(command, BACKEND, work.root)).code == 0
    subprocess.run(command, shell=True, cwd=work.root, check=True)  # noqa: S602 - as the client does
    assert baton(work.root, "audit", "stop", stdin=told()).code == 2
    code, out, _ = baton(work.root, "restore", CONTRACT)
    assert code == 0
    assert out.startswith(f"{CONTRACT} is as it was. What was there is in {work.root}/.baton")
    assert baton(work.root, "audit", "stop", stdin=told()).code == 0
