"""What an update has to cope with: files and repositories that are not as Baton made them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import command
import undo
from tests.update.history import commit, edit, git
from tests.update.small import CARD, LIST, PAGE, SETTINGS
from tests.update.state import changed, state, unmerged

BACKEND, ARCHITECT = CARD.format("backend-developer"), CARD.format("architect")
OWN = "- Ask Ines about invoices."
pytestmark = pytest.mark.usefixtures("small_source")


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fresh, tmp_path / "project")


def updated(root: Path, code: int = 0) -> None:
    assert command.main([str(root), "v2.0.0"]) == code
    assert "_commit: v2.0.0" in (root / ".copier-answers.yml").read_text("utf-8")
    if code == 0:
        assert unmerged(root) == []


def test_a_checkout_that_ends_all_lines_as_windows_does(root: Path) -> None:
    """With core.autocrlf, where git has the lines as they are elsewhere."""
    edit(root / BACKEND, "Be the backend-developer.", OWN)
    commit(root, "A person's change")
    git(root, "config", "core.autocrlf", "true")
    for path in root.glob(".claude/**/*.md"):
        path.unlink()
    (root / PAGE).unlink()
    git(root, "checkout", "--quiet", "--", ".")
    assert b"\r\n" in (root / PAGE).read_bytes()
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    git(root, "commit", "-qam", "Another change")
    git(root, "config", "core.safecrlf", "true")  # refuses what would not come back as it was
    updated(root, 2)
    for name in (BACKEND, ARCHITECT, PAGE, LIST):
        text = (root / name).read_bytes()
        assert text.count(b"\r\n") == text.count(b"\n")
    assert OWN in (root / BACKEND).read_text("utf-8")
    assert "- New." in (root / BACKEND).read_text("utf-8")
    assert unmerged(root) == [PAGE]
    stages = git(root, "ls-files", "--stage", PAGE).splitlines()
    blobs = [git(root, "cat-file", "-p", row.split()[1]) for row in stages]
    assert [row.split()[2] for row in stages] == ["1", "2", "3"]
    assert "\r" not in "".join(blobs)


def test_a_file_in_another_encoding_is_merged_as_bytes(root: Path) -> None:
    path = root / ARCHITECT
    path.write_bytes(path.read_bytes().replace(b"Be the", b"F\xfcr Z\xfcrich: be the"))
    commit(root, "A person's change")
    updated(root)
    assert b"F\xfcr Z\xfcrich: be the" in path.read_bytes()
    assert b"- New." in path.read_bytes()


def test_settings_with_a_comment_stay_and_are_said(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / SETTINGS
    path.write_text("// Ours.\n" + path.read_text("utf-8"), "utf-8")
    commit(root, "A person's change")
    before = path.read_bytes()
    updated(root, 2)
    said = capsys.readouterr().out
    assert path.read_bytes() == before
    assert unmerged(root) == [SETTINGS]
    assert "no JSON" in said
    theirs = root / ".baton" / "sync" / "theirs" / SETTINGS
    assert "Bash(git diff:*)" in json.loads(theirs.read_text("utf-8"))["permissions"]["allow"]


def test_a_page_that_is_a_link_stays_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ARCHITECT).unlink()
    (root / ARCHITECT).symlink_to("backend-developer.md")
    commit(root, "One card for both")
    updated(root, 2)
    assert (root / ARCHITECT).readlink() == Path("backend-developer.md")
    assert "- New." in (root / BACKEND).read_text("utf-8")
    said = capsys.readouterr().out
    assert f"{ARCHITECT}. It is a link, and stays one" in said
    assert f"These wait for you, and git does not know:\n  {ARCHITECT}\n" in said
    assert "git commit refuses" not in said
    assert unmerged(root) == []
    git(root, "add", "--all")  # nothing of it is in git's way
    git(root, "commit", "--quiet", "--message", "Version 2")


def test_a_link_to_nowhere_stays_one(root: Path) -> None:
    (root / LIST).unlink()
    (root / LIST).symlink_to("nowhere.md")
    commit(root, "A link")
    updated(root, 2)
    assert (root / LIST).readlink() == Path("nowhere.md")


def test_a_file_keeps_its_mode(root: Path) -> None:
    (root / LIST).chmod(0o755)
    commit(root, "A mode")
    updated(root)
    assert (root / LIST).stat().st_mode & 0o777 == 0o755


def test_a_file_of_ours_in_the_way_of_a_new_one(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = CARD.format("reviewer")
    (root / name).write_text("Ours.\n", "utf-8")
    commit(root, "A reviewer")
    updated(root, 2)
    assert (root / name).read_text("utf-8") == "Ours.\n"
    assert "yours before Baton had one" in capsys.readouterr().out
    assert unmerged(root) == [name]


def test_git_commit_refuses_what_waits_and_commit_a_does_not_ask(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    commit(root, "A person's change")
    updated(root, 2)
    said = capsys.readouterr().out
    assert f"and git commit refuses until they are settled:\n  {PAGE}\n" in said
    assert "git commit -a does not ask" in said
    git(root, "add", CARD.format("reviewer"))
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "commit", "--quiet", "--message", "Version 2")
    git(root, "commit", "--quiet", "--all", "--message", "Version 2")
    assert "<<<<<<< yours" in git(root, "show", f"HEAD:{PAGE}")


def submodule(root: Path, folder: Path) -> Path:
    whole = folder / "whole"
    whole.mkdir()
    git(whole, "init", "--quiet")
    git(whole, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(root), "api")
    commit(whole, "With the project")
    git(whole / "api", "switch", "--quiet", "--create", "update")
    return whole / "api"


def worktree(root: Path, folder: Path) -> Path:
    git(root, "worktree", "add", "--quiet", "-b", "update", str(folder / "tree"))
    return folder / "tree"


def odd_name(root: Path, folder: Path) -> Path:
    return root.rename(folder / "a b's «ö»")


def longer_names(root: Path, folder: Path) -> Path:
    """A repository of SHA-256, where this git knows them."""
    whole = shutil.copytree(root, folder / "longer", ignore=shutil.ignore_patterns(".git"))
    git(whole, "init", "--quiet", "--object-format=sha256")
    commit(whole, "All")
    return whole


PLACES: list[Callable[[Path, Path], Path]] = [submodule, worktree, odd_name, longer_names]


@pytest.mark.parametrize("place", PLACES)
def test_a_repository_of_another_kind(
    root: Path, tmp_path: Path, place: Callable[[Path, Path], Path]
) -> None:
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    commit(root, "A person's change")
    there = place(root, tmp_path)
    before = state(there)
    updated(there, 2)
    assert unmerged(there) == [PAGE]
    assert CARD.format("reviewer") in changed(there)
    assert undo.main([str(there), "--abort"]) == 0
    assert state(there) == before


def test_an_answers_file_that_ends_its_lines_as_windows_does(root: Path) -> None:
    path = root / ".copier-answers.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    commit(root, "On Windows")
    updated(root)
    text = path.read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") > 2
