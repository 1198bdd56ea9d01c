"""What an update cannot take: one clear line, exit 1, and nothing changed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import command
import project
from project import ANSWERS
from tests.update.history import commit, edit, git
from tests.update.small import PAGE
from tests.update.state import refused, state

CARD = ".claude/agents/backend-developer.md"
pytestmark = pytest.mark.usefixtures("small_source")
Break = Callable[[Path], object]


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fresh, tmp_path / "project")


def rewrite(root: Path, name: str, old: str, new: str) -> None:
    edit(root / name, old, new)
    commit(root, "A person's change")


def answers(old: str, new: str) -> Break:
    """Other answers, committed."""
    return lambda root: rewrite(root, ANSWERS, old, new)


def instead(name: str, make: Callable[[Path], object]) -> Break:
    """Something else where Baton has a file or folder, committed."""

    def broken(root: Path) -> None:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        make(path)
        commit(root, "Something else")

    return broken


def without_git(root: Path) -> None:
    shutil.rmtree(root / ".git")


def without_commits(root: Path) -> None:
    without_git(root)
    git(root, "init", "--quiet")


def not_in_utf_8(root: Path) -> None:
    with (root / ANSWERS).open("ab") as file:
        file.write(b"# \xff\n")
    commit(root, "A person's change")


def ignored(root: Path) -> None:
    rewrite(root, ".gitignore", "!/.claude/\n", ".claude/\n")


def ignored_everywhere(root: Path) -> None:
    """By a rule of this machine, where the project's own exception was taken out."""
    rewrite(root, ".gitignore", "!/.claude/\n", "")
    (root / ".git" / "info" / "exclude").write_text(".claude/\n")


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "kept.md").write_text("Kept.\n")


def a_link_outside(path: Path) -> None:
    outside = path.parents[len(path.parts) - 1 - path.parts.index("project")] / "outside"
    outside.mkdir()
    path.symlink_to(outside, target_is_directory=True)


def a_repository(path: Path) -> None:
    path.mkdir()
    git(path, "init", "--quiet")
    (path / "mine.md").write_text("Mine.\n")
    commit(path, "A repository of its own")


def a_module_that_is_not_there(path: Path) -> None:
    a_repository(path)
    git(path.parent, "rm", "-rq", "--cached", path.name)
    git(path.parent, "add", path.name)
    shutil.rmtree(path)
    path.mkdir()


def unseen(name: str, rule: str) -> Break:
    """A file with a person's words that git ignores and does not have."""

    def broken(root: Path) -> None:
        with (root / ".gitignore").open("a", encoding="utf-8") as file:
            file.write(f"{rule}\n")
        git(root, "rm", "-rq", "--cached", name)
        commit(root, "Not in git")
        edit(root / name, "## Rules\n", "## Rules\n\nAsk Ines.\n")

    return broken


def passed_over(flag: str) -> Break:
    """A file that git is told not to look at, with a person's words."""

    def broken(root: Path) -> None:
        git(root, "update-index", f"--{flag}", PAGE)
        edit(root / PAGE, "## Rules\n", "## Rules\n\nAsk Ines.\n")

    return broken


def a_rule_for_a_new_one(root: Path) -> None:
    """It ignores what the new version adds."""
    (root / ".git" / "info" / "exclude").write_text("reviewer.md\n")


def staged(root: Path) -> None:
    edit(root / CARD, "## Work\n", "## Work and rest\n")
    git(root, "add", CARD)


BROKEN: dict[str, tuple[Break, tuple[str, ...]]] = {
    "no answers": (
        lambda root: (root / ANSWERS).unlink(),
        ("has no .copier-answers.yml", "git log"),
    ),
    "answers without _commit": (
        answers("_commit: v1.0.0\n", ""),
        ("no lines _commit", "git log -p"),
    ),
    "two origins": (answers("_src_path:", "_src_path: x\n_src_path:"), ("2 lines _src_path",)),
    "answers that are no UTF-8": (not_in_utf_8, (ANSWERS, "cannot be read")),
    "a version that never was": (answers("v1.0.0", "v0.9.0"), ("has no v0.9.0", "_commit")),
    "a downgrade": (answers("v1.0.0", "v2.0.0"), ("v1.0.0 does not follow v2.0.0", "git revert")),
    "no repository": (without_git, ("in no git repository", "git init")),
    "a page that git ignores": (unseen(PAGE, "/AGENTS.md"), (f"git ignores {PAGE}", "git add")),
    "a page of which git is told not to look for changes": (
        passed_over("assume-unchanged"),
        (f"look at {PAGE}", f"--no-assume-unchanged {PAGE}"),
    ),
    "a page that git leaves out": (
        passed_over("skip-worktree"),
        (f"look at {PAGE}", f"--no-skip-worktree {PAGE}"),
    ),
    "a new file that git would ignore": (
        a_rule_for_a_new_one,
        ("git ignores .claude/agents/reviewer.md", "check-ignore"),
    ),
    "no commit yet": (without_commits, ("Nothing is committed yet",)),
    "a detached head": (
        lambda root: git(root, "switch", "--quiet", "--detach"),
        ("HEAD is detached",),
    ),
    "a dirty tree": (
        lambda root: edit(root / CARD, "## Work\n", "## Rest\n"),
        (CARD, "Commit or stash"),
    ),
    "a staged change": (staged, (CARD, "Commit or stash")),
    "a deleted file": (lambda root: (root / CARD).unlink(), (CARD, "Commit or stash")),
    "an untracked file": (
        lambda root: (root / "new.md").write_text("New.\n"),
        ("new.md", "Commit"),
    ),
    "an ignored .claude": (ignored, ("git ignores .claude/", "Write !/.claude/ into .gitignore")),
    "a rule of this machine": (ignored_everywhere, ("git ignores .claude/", "!/.claude/")),
    "a folder that links elsewhere": (
        instead(".claude/skills", a_link_outside),
        (".claude/skills is a link", "Put the folder itself there"),
    ),
    "a file for a folder": (
        instead(".claude/skills", lambda path: path.write_text("Mine.\n")),
        (".claude/skills is a file", "git mv"),
    ),
    "a folder for a file": (instead("AGENTS.md", a_folder), ("AGENTS.md is a folder", "Move it")),
    "a submodule": (instead(".claude", a_repository), (".claude is a repository of its own",)),
    "a submodule that is not there": (
        instead(".claude/skills", a_module_that_is_not_there),
        (".claude/skills is a repository of its own",),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_updated_is_refused(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, words = BROKEN[name]
    broken(root)
    before = state(root)
    version = "v1.0.0" if name == "a downgrade" else "v2.0.0"
    assert command.main([str(root), version]) == 1
    refused(before, root, capsys.readouterr().err, *words)
    assert not (root / ".baton").exists()


def test_what_git_says_of_a_repository_that_it_does_not_read_is_passed_on(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(root)
    monkeypatch.setitem(project.PLAIN, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert command.main([str(root), "v2.0.0"]) == 1
    refused(before, root, capsys.readouterr().err, "dubious ownership", "safe.directory")
