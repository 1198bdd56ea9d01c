"""What the audit sees: in which repositories, of which files, and what it leaves alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import look
from tests.hooks.program import baton, commit, git
from tests.hooks.work import CONTRACT, Work, all_bytes, is_root, nested, project, told, without

in_linux = pytest.mark.skipif(sys.platform != "linux", reason="the names are those of Linux")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A project in which backend-developer has started."""
    work = project(tmp_path)
    work.start()
    return work


NAMES = ["docs/with space", 'docs/it\'s "so"', "docs/é", "docs/-x", "docs/[a]*", "docs/:(top)x"]


@in_linux
@pytest.mark.parametrize("place", [*NAMES, "docs/\udcff"])
def test_names_of_all_kinds(work: Work, place: str) -> None:
    work.spill(place)
    assert work.stop()[0]
    assert [event["place"] for event in work.events("changed")] == [place]
    work.restore(place)
    assert not (work.root / place).exists()


@in_linux
def test_a_name_of_two_lines_is_told(work: Work) -> None:
    work.spill("docs/two\nlines")
    assert "docs/two\nlines" in work.stop()[1]


CHANGES = {
    "bytes": lambda path: path.write_bytes(b"\0\r\n"),
    "length": lambda path: path.write_text(""),
    "bit": lambda path: path.chmod(0o755),
    "gone": lambda path: path.unlink(),
    "link": lambda path: (path.unlink(), path.symlink_to("guide.md")),
    "folder": lambda path: (path.unlink(), path.mkdir(), (path / "x").write_text("")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_of_all_kinds(work: Work, change: object) -> None:
    assert callable(change)
    change(work.root / CONTRACT)
    assert CONTRACT in work.stop()[1]


def test_a_change_that_keeps_size_and_time_is_seen(work: Work) -> None:
    path = work.root / CONTRACT
    was = path.stat()
    path.write_text("as it WAS\n")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert CONTRACT in work.stop()[1]


def test_what_git_ignores_is_not_looked_at(work: Work) -> None:
    work.write("node_modules/x")
    work.write("node_modules/.env")
    work.write("team/__pycache__/x.pyc")
    work.write(".baton/x")
    assert work.stop() == ("", "")


def test_a_file_that_an_agent_has_ignored_is_still_looked_at(work: Work) -> None:
    work.write("docs/.gitignore", "*\n")
    work.write(CONTRACT)
    assert CONTRACT in work.stop()[1]


SECRETS = [".env", "backend/.env", "docs/.env.local", "conf/deep/.env"]


@pytest.mark.parametrize("ignored", [True, False])
@pytest.mark.parametrize("place", SECRETS)
def test_a_secret_is_seen_and_not_copied(tmp_path: Path, place: str, *, ignored: bool) -> None:
    work = project(tmp_path)
    work.write(place, "KEY=secret-one\n")
    if not ignored:
        work.write(".gitignore", "")
    work.start()
    command = f"python3 -c \"open('{place}', 'w')\""
    work.used(command)
    work.write(place, "KEY=secret-two\n")
    block, message = work.stop()
    assert block == "", "nothing can put it back"
    assert f"{place} (" in message
    assert f", by `{command}`" in message
    assert b"secret-" not in all_bytes(work.root / ".baton")


def test_a_secret_that_goes_is_seen(work: Work) -> None:
    work.write(".env", None)
    assert ".env (human)" in work.stop()[1]


PLANTED = [".claude/settings.local.json", ".git/hooks/pre-commit", ".env"]


@pytest.mark.parametrize("place", PLANTED)
def test_what_is_planted_is_taken_away(work: Work, place: str) -> None:
    if place == ".env":
        work.write(place, None)
        work.stop()
    work.write(".git/info/exclude", ".claude/settings.local.json\n")
    work.spill(place, "{}\n")
    block, _ = work.stop()
    assert f"- {place} by `python3 " in block
    assert "It belongs to a person" in block
    work.restore(place)
    assert not (work.root / place).exists()
    assert work.stop() == ("", "")


def test_the_settings_of_git_are_looked_at(work: Work) -> None:
    git(work.root, "config", "core.hooksPath", "elsewhere")
    assert ".git/config (human)" in work.stop()[1]


def test_the_repository_is_not_touched(tmp_path: Path) -> None:
    work = project(tmp_path)
    work.write("README.md", "not committed\n")
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (work.root / ".git").rglob("*")
        if path.is_file()
    }
    work.start()
    work.spill()
    work.stop()
    work.restore(CONTRACT)
    assert before == {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (work.root / ".git").rglob("*")
        if path.is_file()
    }
    assert git(work.root, "status", "--porcelain") == " M README.md\n"


def test_a_project_without_a_repository(tmp_path: Path) -> None:
    work = project(tmp_path)
    shutil.rmtree(work.root / ".git")
    work.start()
    work.spill()
    assert CONTRACT in work.stop()[0]
    work.restore(CONTRACT)
    assert work.stop() == ("", "")


def test_a_repository_that_begins_while_the_agent_works(tmp_path: Path) -> None:
    work = project(tmp_path)
    shutil.rmtree(work.root / ".git")
    work.start()
    git(work.root, "init")
    assert ".git/config (human)" in work.stop()[1]


def test_a_folder_of_a_repository(tmp_path: Path) -> None:
    work = project(tmp_path)
    nested(work)
    work.start()
    (tmp_path / "beside").write_text("not ours")
    (tmp_path / ".git" / "hooks").mkdir(exist_ok=True)
    (tmp_path / ".git" / "hooks" / "pre-push").write_text("")
    work.write(CONTRACT)
    message = work.stop()[1]
    assert CONTRACT in message
    assert "../.git/hooks/pre-push (human)" in message
    assert "beside" not in message


@pytest.mark.skipif(not is_root(), reason="only root can give a folder away")
def test_a_folder_that_belongs_to_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = project(tmp_path)
    nested(work)
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    work.start()
    work.spill()
    work.write("../.git/hooks/pre-push")
    assert CONTRACT in work.stop()[0]
    work.restore(CONTRACT)
    assert "../.git/hooks/pre-push (human)" in work.stop()[1]
    without(monkeypatch, look, '"safe.directory=*"', '"x.y=z"')
    work.start(number="a2")
    work.write("../.git/hooks/pre-push", "changed again\n")
    assert work.stop(number="a2") == ("", ""), "that line is what it needs"


def test_an_agent_in_a_worktree_of_its_own(tmp_path: Path) -> None:
    work = project(tmp_path)
    other = work.root / ".claude" / "worktrees" / "agent-a1"
    git(work.root, "worktree", "add", "--quiet", str(other))
    work.start()
    work.used(f"cd {other} && python3 -c \"open('{CONTRACT}', 'w')\"")
    (other / CONTRACT).write_text("changed\n")
    (other / "backend" / "main.py").write_text("its own\n")
    block, _ = work.stop()
    assert block.count("Put it back") == 1
    assert f"restore {other / CONTRACT}`" in block
    with pytest.raises(LookupError):
        work.restore(CONTRACT)
    work.restore(str(other / CONTRACT))
    assert (other / CONTRACT).read_text() == "as it was\n"
    assert work.stop() == ("", "")
    assert (other / "backend" / "main.py").read_text() == "its own\n"


def test_a_worktree_that_comes_and_one_that_goes(tmp_path: Path) -> None:
    work = project(tmp_path)
    first, second = (work.root / ".claude" / "worktrees" / name for name in ("one", "two"))
    git(work.root, "worktree", "add", "--quiet", str(first))
    work.start()
    git(work.root, "worktree", "remove", str(first))
    git(work.root, "worktree", "add", "--quiet", str(second))
    assert work.stop() == ("", "")


def test_repositories_in_the_repository(tmp_path: Path) -> None:
    work = project(tmp_path)
    for name in ("vendor/empty", "vendor/full"):
        work.write(f"{name}/x")
        git(work.root / name, "init", "--quiet")
    commit(work.root / "vendor" / "full")
    (work.root / "vendor" / "pipe").parent.mkdir(exist_ok=True)
    os.mkfifo(work.root / "vendor" / "pipe")
    work.start()
    work.write("vendor/full/y")
    commit(work.root / "vendor" / "full")
    work.spill()
    block, _ = work.stop()
    assert block.count("Put it back") == 1
    assert CONTRACT in block


@pytest.mark.skipif(is_root(), reason="root reads everything")
def test_a_file_that_cannot_be_read(work: Work) -> None:
    (work.root / "README.md").chmod(0)
    work.spill()
    assert CONTRACT in work.stop()[0]


def test_settings_and_hooks_of_git_change_nothing(tmp_path: Path) -> None:
    work = project(tmp_path)
    (tmp_path / "ignore").write_text("*.yaml\n")
    (tmp_path / "home").write_text(
        f"[core]\nautocrlf = true\nhooksPath = {tmp_path}\nexcludesFile = {tmp_path}/ignore\n"
    )
    hook = tmp_path / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\n")
    hook.chmod(0o755)
    work.write(".gitattributes", "* text=auto eol=crlf ident\n")
    work.write("docs/two", b"a\r\nb\n$Id$\n")
    ways = {"GIT_CONFIG_GLOBAL": str(tmp_path / "home"), "GIT_DIR": str(tmp_path / "elsewhere")}
    stdin = told()
    assert baton(work.root, "audit", "start", stdin=stdin, env=ways).code == 0
    work.spill("docs/two", "changed\n")
    work.write("docs/new.yaml")
    assert baton(work.root, "audit", "stop", stdin=stdin, env=ways).code == 2
    assert [event["place"] for event in work.events("changed")] == ["docs/new.yaml", "docs/two"]
    assert baton(work.root, "restore", "docs/two", env=ways).code == 0
    assert (work.root / "docs" / "two").read_bytes() == b"a\r\nb\n$Id$\n"
    assert not (tmp_path / "hooked").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_git_is_asked_again_when_a_file_goes_while_it_reads(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.run
    failed: list[list[str]] = []

    def run(command: list[str], **more: object) -> object:
        if "add" in command and not failed:
            failed.append(command)
            return subprocess.CompletedProcess(command, 128, b"", b"fatal: unable to stat")
        return real(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("subprocess.run", run)
    work.spill()
    assert CONTRACT in work.stop()[0]
    assert failed
