"""What the audit does when something fails: a full disk, no git, a clock that jumps, a crash."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import journal
from tests.hooks.program import baton
from tests.hooks.work import BACKEND, CONTRACT, DESIGNER, Work, project, told


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A project in which backend-developer has started."""
    work = project(tmp_path)
    work.start()
    return work


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_a_clock_that_jumps_hides_nothing(
    work: Work, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    """Set back, no command is before the change: it is told, and nobody is accused."""
    now = time.time
    monkeypatch.setattr("time.time", lambda: now() - jump)
    work.spill()
    block, message = work.stop()
    assert CONTRACT in (block if jump > 0 else message)


def test_a_log_that_a_full_disk_cut_off_is_read_on(work: Work) -> None:
    with (work.root / ".baton" / "log.jsonl").open("a") as file:
        file.write('{"at": 1.5, "event": "used", "agent": "backend-dev')
    work.spill()
    assert CONTRACT in work.stop()[0]


def test_a_log_that_takes_no_line_is_no_silence(work: Work) -> None:
    log = work.root / ".baton" / "log.jsonl"
    text = log.read_text()
    work.spill()
    log.unlink()
    log.mkdir()
    block, message = work.stop()
    assert block == ""
    assert message.startswith(f"The audit could not look at what {BACKEND} changed: ")
    code, out, err = baton(work.root, "audit", "start", stdin=told())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert text


@pytest.mark.skipif(os.name != "posix", reason="needs a limit of POSIX")
def test_a_disk_that_is_full_is_a_fault(tmp_path: Path) -> None:
    script = (
        "import resource, signal, sys; sys.path.insert(0, sys.argv[1]); import journal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))\n"
        "journal.note(sys.argv[2], 'used', what='x' * 99)\n"
    )
    hooks = str(Path(str(journal.__file__)).parent)
    command = ["python3", "-c", script, hooks, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert b"the disk is full" in done.stderr
    assert journal.events(str(tmp_path)) == []


def test_a_long_log_begins_anew_when_nobody_runs(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST", 100)
    old, log = (work.root / ".baton" / name for name in ("log.old.jsonl", "log.jsonl"))
    work.start(DESIGNER, "d1")
    assert not old.exists(), "somebody runs"
    work.stop(DESIGNER, "d1")
    work.stop()
    work.start()
    assert old.exists()
    assert len(log.read_text().splitlines()) == 1
    work.spill()
    assert CONTRACT in work.stop()[0]


def test_of_two_who_begin_at_once_neither_begins_the_log_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST", 100)
    root = str(tmp_path)
    for agent, number in ((BACKEND, "b1"), (DESIGNER, "d1")):
        journal.note(root, "starting", agent=agent, id=number)
    assert not journal.rotate(root, "b1")
    assert not journal.rotate(root, "d1")
    journal.note(root, "stop", agent=DESIGNER, id="d1")
    assert journal.rotate(root, "b1")


def test_an_agent_whose_start_nobody_saw(tmp_path: Path) -> None:
    work = project(tmp_path)
    assert work.stop() == (
        "",
        f"The audit could not look at what {BACKEND} changed: nothing is noted of its start.",
    )


def test_a_broken_map_is_told(work: Work) -> None:
    work.write("team/team.json", "{")
    assert "is no map of a team" in work.stop()[1]


def test_without_git_the_audit_says_so(work: Work, tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path)}
    code, out, err = baton(work.root, "audit", "start", stdin=told(), env=nothing)
    assert (code, out) == (2, "")
    assert "No such file or directory" in err
    code, out, err = baton(work.root, "audit", "stop", stdin=told(), env=nothing)
    assert (code, err) == (0, "")
    assert "The audit could not look" in json.loads(out)["systemMessage"]


@pytest.mark.parametrize("stdin", [b"", b"{", b"[1]", b"{}", b'{"agent_type": 1, "agent_id": 2}'])
@pytest.mark.parametrize("moment", ["start", "stop"])
def test_what_is_no_message_of_the_client_is_a_fault_in_one_line(
    work: Work, moment: str, stdin: bytes
) -> None:
    code, out, err = baton(work.root, "audit", moment, stdin=stdin)
    assert (code, out) == (2, "")
    assert err.startswith("baton: ")
    assert err.count("\n") == 1


def test_the_client_is_told_in_json(work: Work) -> None:
    work.spill()
    code, out, err = baton(work.root, "audit", "stop", stdin=told())
    assert code == 2
    assert json.loads(out)["decision"] == "block"
    assert CONTRACT in json.loads(out)["reason"]
    assert CONTRACT in err


def test_many_agents_at_once(tmp_path: Path) -> None:
    work = project(tmp_path)
    numbers = [f"n{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        begun = list(
            pool.map(lambda n: baton(work.root, "audit", "start", stdin=told(number=n)), numbers)
        )
        assert {answer.code for answer in begun} == {0}
        work.write("README.md")
        ended = pool.map(lambda n: baton(work.root, "audit", "stop", stdin=told(number=n)), numbers)
        assert all("README.md" in json.loads(answer.stdout)["systemMessage"] for answer in ended)
