"""The launcher of updates: which version it takes, what it asks, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import sync
from tests.hooks.program import PYTHON, Answer, baton, commit, git, repository

# What a version brings as its program: it says what it was started with.
PROGRAM = "import sys\nprint('started', '{version}', *sys.argv[2:])\nsys.exit(2)\n"
RELEASES = ("v1.0.0", "v1.9.0", "v1.10.0")
NO_RELEASES = ("v2.0.0-rc.1", "v2.0.0rc2", "nightly", "v3", "release-4.0.0")


def template(root: Path, versions: Sequence[str] = ()) -> Path:
    """A repository with versions, of which each has a program of its own."""
    (root / "sync").mkdir(parents=True)
    commit(root)
    for version in versions:
        (root / "sync" / "__main__.py").write_text(PROGRAM.format(version=version))
        commit(root)
        git(root, "tag", version)
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(tmp_path / "project")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template that no test changes."""
    return template(tmp_path_factory.mktemp("source") / "template", [*RELEASES, *NO_RELEASES])


def made(project: Path, source: object, version: str) -> Path:
    """The project, as made from a version."""
    answers = f"# Changes here are lost.\n_commit: {version}\n_src_path: {source}\nsse: true\n"
    (project / ".copier-answers.yml").write_text(answers)
    return project


def refused(answer: Answer, *words: str) -> None:
    """One clear line, and nothing else."""
    assert answer.code == 1
    assert answer.stderr.startswith("baton: ")
    assert answer.stderr.endswith(".\n")
    assert answer.stderr.count("\n") == 1
    assert [word for word in words if word not in answer.stderr] == []


def test_the_newest_release_is_fetched_and_its_program_started(project: Path, source: Path) -> None:
    made(project, source, "v1.0.0")
    code, out, err = baton(project, "sync", "--yes", "--preview", "--answers", "sse=false")
    said = f"Baton v1.10.0 from {source}, after v1.0.0\n"
    started = "started v1.10.0 v1.10.0 --yes --preview --answers sse=false\n"
    assert (code, out, err) == (2, said + started, "")


def test_a_version_can_be_named(project: Path, source: Path) -> None:
    made(project, source, "v1.0.0")
    assert "started v1.9.0 v1.9.0 " in baton(project, "sync", "--yes", "--to", "v1.9.0").stdout
    assert "started v3 v3 " in baton(project, "sync", "--yes", "--to=v3").stdout
    refused(baton(project, "sync", "--yes", "--to", "v9.9.9"), "v9.9.9", "nothing was changed")
    refused(baton(project, "sync", "--yes", "--to"), "--to")


def test_nothing_newer_is_the_same_version_again(project: Path, source: Path) -> None:
    made(project, source, "v1.10.0")
    assert "started v1.10.0 v1.10.0 " in baton(project, "sync", "--yes").stdout


def test_no_folder_stays_behind(
    project: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    baton(made(project, source, "v1.0.0"), "sync", "--yes")
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("now", "newer"),
    [
        ("v1.0.0", True),
        ("v1.9.0", True),
        ("1.9.0", True),
        ("v1.9.0-3-gabcdef0", True),
        ("v1.10.0-rc.1", True),
        ("v1.10.0rc1", True),
        ("v1.10.0-rc.1-2-gabcdef0", True),
        ("abcdef0", True),
        ("v1.10.0", False),
        ("v1.10.0-3-gabcdef0", False),
        ("v2.0.0-rc.1", False),
        ("v2.0.0", False),
    ],
)
def test_a_check_says_whether_a_newer_release_is_out(
    project: Path, source: Path, now: str, capsys: pytest.CaptureFixture[str], *, newer: bool
) -> None:
    code = sync.run(["--check"], str(made(project, source, now)))
    said = json.loads(capsys.readouterr().out)
    assert said == {"origin": str(source), "now": now, "newest": "v1.10.0", "newer": newer}
    assert code == (2 if newer else 0)


def test_before_the_first_release_the_newest_commit_counts(project: Path, tmp_path: Path) -> None:
    source = template(tmp_path / "early")
    first = git(source, "rev-parse", "HEAD").strip()
    (source / "sync" / "__main__.py").write_text(PROGRAM.format(version="early"))
    last = git(commit(source), "rev-parse", "HEAD").strip()
    assert baton(made(project, source, first[:7]), "sync", "--check").code == 2
    for now in (last[:7], last, f"v0.0.0-2-g{last[:7]}"):
        assert baton(made(project, source, now), "sync", "--check").code == 0
    answer = baton(made(project, source, first), "sync", "--yes")
    assert f"started early {last[:12]}" in answer.stdout


def test_a_check_takes_less_than_two_seconds(project: Path, source: Path) -> None:
    made(project, source, "v1.0.0")
    start = time.monotonic()
    code, out, _ = baton(project, "sync", "--check")
    assert (code, json.loads(out)["newest"]) == (2, "v1.10.0")
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("gh:baton/baton", "https://github.com/baton/baton"),
        ("gl:baton/baton.git", "https://gitlab.com/baton/baton.git"),
        ("git+https://example.com/baton", "https://example.com/baton"),
        ("git@example.com:baton.git", "git@example.com:baton.git"),
        ("'/a b/template'", "/a b/template"),
        ('"C:/template"', "C:/template"),
    ],
)
def test_an_address_is_read_as_copier_reads_it(project: Path, written: str, address: str) -> None:
    assert sync.origin(str(made(project, written, "'v1.0.0'"))) == (address, "v1.0.0")


def test_a_relative_address_is_seen_from_the_project(project: Path, source: Path) -> None:
    made(project, os.path.relpath(source, project), "v1.0.0")
    command = [PYTHON, "../team/baton.py", "sync", "--check"]
    done = subprocess.run(command, cwd=project / "backend", capture_output=True, check=False)
    assert done.returncode == 2


def test_the_git_of_a_caller_is_not_meant(
    project: Path, source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Git sets these for its own hooks."""
    other = commit(repository(tmp_path / "other"))
    for name in ("GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(other / ".git" / ("index" if "INDEX" in name else "")))
    made(project, source, "v1.0.0")
    before = git(other, "status", "--porcelain")
    assert "started v1.10.0" in baton(project, "sync", "--yes").stdout
    assert git(other, "status", "--porcelain") == before == ""


def test_without_a_person_who_says_yes_nothing_starts(project: Path, source: Path) -> None:
    answer = baton(made(project, source, "v1.0.0"), "sync", stdin=b"y\n")
    refused(answer, "--yes", "nothing was changed")
    assert answer.stdout == f"Baton v1.10.0 from {source}, after v1.0.0\n"
    shell = ["sh", "-c", 'exec "$0" -I -S team/baton.py sync <&-', PYTHON]
    done = subprocess.run(shell, cwd=project, capture_output=True, text=True, check=False)
    refused(Answer(done.returncode, "", done.stderr), "--yes")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such terminals")
@pytest.mark.parametrize(("typed", "code"), [("y", 2), ("yes", 2), ("", 1), ("n", 1), ("\x04", 1)])
def test_a_person_is_asked_once(project: Path, source: Path, typed: str, code: int) -> None:
    import pty  # noqa: PLC0415 - not there on Windows

    made(project, source, "v1.0.0")
    person, terminal = pty.openpty()
    command = [PYTHON, "-I", "-S", "team/baton.py", "sync"]
    with subprocess.Popen(command, cwd=project, stdin=terminal, stdout=-1, stderr=-1) as running:
        os.write(person, typed.encode() + b"\n" * (typed != "\x04"))
        out, err = (said.decode() for said in running.communicate(timeout=30))
    os.close(person)
    os.close(terminal)
    assert running.returncode == code
    assert out.count("? [y/N]") == 1
    assert ("started" in out) == (code == 2)
    assert err.count("\n") == (code == 1)


def test_it_starts_where_the_other_programs_are_of_two_versions(
    project: Path, source: Path
) -> None:
    for program in (project / "team").glob("*.py"):
        if program.name not in ("baton.py", "sync.py"):
            program.write_text("<<<<<<< half of another version\n")
    made(project, source, "v1.0.0")
    assert "started v1.10.0" in baton(project, "sync", "--yes").stdout
    assert baton(project, "sync", "--check").code == 2


def test_a_version_from_before_updates_says_how_to_go_there(project: Path, tmp_path: Path) -> None:
    source = tmp_path / "old"
    source.mkdir()
    (source / "copier.yml").write_text("")
    git(commit(source), "tag", "v1.0.0")
    answer = baton(made(project, source, "v1.0.0"), "sync", "--yes")
    refused(answer, "v1.0.0 brings no sync", "uvx copier update --vcs-ref v1.0.0")


def test_where_nothing_is_committed_there_is_no_version(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    refused(baton(made(project, tmp_path / "empty", "v1.0.0"), "sync", "--check"), "no version yet")


def ending(project: Path, tmp_path: Path, program: str) -> Path:
    """The project, and a version whose program ends as it is told."""
    source = tmp_path / "ending"
    (source / "sync").mkdir(parents=True)
    (source / "sync" / "__main__.py").write_text(program)
    git(commit(source), "tag", "v1.0.0")
    return made(project, source, "v1.0.0")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")
def test_a_program_that_is_killed_is_no_success(project: Path, tmp_path: Path) -> None:
    ending(project, tmp_path, "import os\nos.kill(os.getpid(), 9)\n")
    refused(baton(project, "sync", "--yes"), "killed", "The next baton sync takes it back first")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")
def test_a_program_that_is_stopped_ends_by_itself(project: Path, tmp_path: Path) -> None:
    """^C goes to both: the launcher waits until the program has taken back what it did."""
    program = """
import time
try:
    print("running", flush=True)
    time.sleep(30)
except KeyboardInterrupt:
    time.sleep(0.5)
    print("taken back", flush=True)
    raise SystemExit(1)
"""
    ending(project, tmp_path, program)
    command = [PYTHON, "-I", "-S", "team/baton.py", "sync", "--yes"]
    with subprocess.Popen(
        command, cwd=project, stdout=-1, stderr=-1, text=True, start_new_session=True
    ) as running:
        assert running.stdout
        assert [running.stdout.readline()[:5] for _ in range(2)] == ["Baton", "runni"]
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (1, "taken back\n", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "cannot be read"),
        (b"", "must have one _commit and one _src_path"),
        (b"_src_path: x\n", "must have one _commit"),
        (b"_commit: v1\n", "must have one _commit"),
        (b"_commit: v1\n_src_path: x\n_src_path: y\n", "must have one _commit and one _src_path"),
        (b"_commit: v1\n<<<<<<<\n_commit: v2\n_src_path: y\n", "must have one _commit"),
        (b"_commit: v1\n_src_path: \xff\n", "cannot be read"),
    ],
    ids=["a folder", "empty", "no _commit", "no _src_path", "two origins", "marks", "no UTF-8"],
)
def test_broken_answers_are_refused(project: Path, text: bytes | None, why: str) -> None:
    path = project / ".copier-answers.yml"
    path.mkdir() if text is None else path.write_bytes(text)
    refused(baton(project, "sync", "--yes"), ".copier-answers.yml", why, "git log -p")
    refused(baton(project, "sync", "--check"), ".copier-answers.yml", why, "git log -p")


def test_without_answers_it_says_where_to_find_them(project: Path) -> None:
    refused(baton(project, "sync", "--yes"), ".copier-answers.yml", "git log -p")


def test_an_origin_that_is_gone_is_said(project: Path, tmp_path: Path) -> None:
    made(project, tmp_path / "gone", "v1.0.0")
    for word in ("--yes", "--check"):
        refused(baton(project, "sync", word), "git ls-remote failed", "nothing was changed", "gone")


def test_without_an_update_there_is_nothing_to_take_back(project: Path) -> None:
    """Which needs neither answers nor an origin."""
    refused(baton(project, "sync", "--abort"), "There is no update to take back")
