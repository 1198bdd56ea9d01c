"""What plain `copier update` loses or moves while it exits with 0, and what `baton sync` does then.

One person's year in a small template, updated by both: each test looks at one thing in the two.
Where the template's own settings make plain Copier safe already, its test says so.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from copier.errors import UserMessageError

import command
from project import ANSWERS
from tests.support.quick import quickly
from tests.update.history import commit, edit, git, update
from tests.update.renders import project
from tests.update.small import (
    CARD,
    DELETED,
    DROPPED,
    LIST,
    PAGE,
    PICTURE,
    PNG,
    SETTINGS,
    STREAM,
    Unkept,
)
from tests.update.state import changed, state, unmerged

OWN = "- Ask Ines about invoices."
RULE = "Bash(make:*)"
pytestmark = pytest.mark.usefixtures("small_source")
ARCHITECT, BACKEND, DESIGNER, TESTER = (
    CARD.format(name) for name in ("architect", "backend-developer", "designer", "tester")
)


@dataclass
class After:
    """A project after an update, its exit code, and what it said."""

    root: Path
    code: int
    said: str

    def text(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def has(self, name: str) -> bool:
        return (self.root / name).exists()


@pytest.fixture(scope="module")
def year(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after a year of work."""
    root = shutil.copytree(fresh, tmp_path_factory.mktemp("year") / "project")
    for name in (ARCHITECT, DESIGNER, TESTER):
        edit(root / name, "- Work.", f"- Work.\n{OWN}")
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    text = (fresh / LIST).read_text("utf-8").split("## Three")
    text[1] = text[1].replace("- Step 5", f"{OWN}\n- Step 5", 1)
    (root / LIST).write_text("## Three".join(text), "utf-8")
    (root / PICTURE).write_bytes(PNG % b"mine")
    settings = json.loads((root / SETTINGS).read_text("utf-8"))
    settings["permissions"]["allow"].append(RULE)
    (root / SETTINGS).write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
    edit(root / BACKEND, "Be the backend-developer.", OWN)
    (root / BACKEND).write_bytes((root / BACKEND).read_bytes().replace(b"\n", b"\r\n"))
    with (root / DROPPED).open("a", encoding="utf-8") as file:
        file.write("DEBUG = True\n")
    (root / DELETED).unlink()
    commit(root, "A year of work")
    return root


@pytest.fixture(scope="module")
def plain(year: Path, tmp_path_factory: pytest.TempPathFactory) -> After:
    """After plain `copier update`, which raises nothing: its exit code is 0."""
    root = shutil.copytree(year, tmp_path_factory.mktemp("plain") / "project")
    with quickly():
        update(root, agents_off=["architect"], sse=True)
    return After(root, 0, "")


@pytest.fixture(scope="module")
def synced(year: Path, tmp_path_factory: pytest.TempPathFactory) -> After:
    """After `baton sync`."""
    root = shutil.copytree(year, tmp_path_factory.mktemp("synced") / "project")
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("update.tell", said.extend)
        answers = ["--answers", "agents_off=[architect]", "sse=true"]
        code = command.main([str(root), "v2.0.0", *answers])
    return After(root, code, "\n".join(said))


def test_a_conflict_is_no_success(plain: After, synced: After) -> None:
    assert (plain.code, synced.code) == (0, 2)
    assert "These wait for you, and git commit refuses until they are settled:" in synced.said
    for name in unmerged(synced.root):
        assert f"  {name}" in synced.said


@pytest.mark.parametrize("name", [ARCHITECT, DESIGNER, TESTER])
def test_an_edited_agent_that_goes(plain: After, synced: After, name: str) -> None:
    """Left out by an answer, deleted or renamed by the template."""
    assert not plain.has(name)
    assert OWN in synced.text(name)
    assert name in unmerged(synced.root)
    assert f"kept: {name}" in synced.said


def test_what_git_ignores_is_not_updated(
    year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule of this machine is enough, where nothing in the project says otherwise."""
    for untracked in (False, True):
        root = shutil.copytree(year, tmp_path / str(untracked) / "project")
        (root / ".git" / "info").mkdir(exist_ok=True)
        (root / ".git" / "info" / "exclude").write_text(".claude/\n")
        (root / ".gitignore").write_text("/.baton/\n")
        if untracked:
            git(root, "rm", "-rq", "--cached", ".claude")
        commit(root, "Without the exception")
        before = state(root)
        assert command.main([str(root), "v2.0.0"]) == 1
        assert "git ignores .claude/" in capsys.readouterr().err
        assert state(root) == before
    update(root)
    assert OWN not in (root / BACKEND).read_text("utf-8")  # and git never had it


def test_with_the_exception_of_the_template_nothing_is_ignored(
    year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = shutil.copytree(year, tmp_path / "project")
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text(".claude/\n")
    assert command.main([str(root), "v2.0.0"]) == 2
    assert OWN in (root / BACKEND).read_text("utf-8")
    assert "git ignores" not in capsys.readouterr().err


def section(text: str, line: str) -> str:
    """The heading above a line."""
    return text.split(line, maxsplit=1)[0].rpartition("## ")[2].split("\n")[0]


def test_an_edit_stays_in_its_section_where_lines_repeat(plain: After, synced: After) -> None:
    """In the managed files no three lines stand twice, so that plain Copier finds the place too."""
    assert plain.text(LIST).count(OWN) == 1
    assert section(plain.text(LIST), OWN) == "Four"
    assert section(synced.text(LIST), OWN) == "Three"
    assert "## One" not in synced.text(LIST)


def test_an_edited_binary(plain: After, synced: After) -> None:
    assert (plain.root / PICTURE).read_bytes() == PNG % b"2"
    assert (synced.root / PICTURE).read_bytes() == PNG % b"mine"
    assert (synced.root / ".baton/sync/theirs" / PICTURE).read_bytes() == PNG % b"2"
    assert PICTURE in unmerged(synced.root)


def test_settings_never_carry_marks(plain: After, synced: After) -> None:
    assert "<<<<<<<" in plain.text(SETTINGS)
    allowed = json.loads(synced.text(SETTINGS))["permissions"]["allow"]
    assert allowed == ["Bash(pytest:*)", "Bash(git diff:*)", RULE]
    assert SETTINGS not in unmerged(synced.root)


def test_a_line_that_both_changed_is_in_a_conflict(plain: After, synced: After) -> None:
    for after in (plain, synced):
        assert PAGE in unmerged(after.root)
        for line in ("Run the tests with make.", "Run all tests, always."):
            assert line in after.text(PAGE)
    assert "<<<<<<< yours" in synced.text(PAGE)
    assert ">>>>>>> Baton v2.0.0" in synced.text(PAGE)


def test_a_file_that_ends_its_lines_as_windows_does(plain: After, synced: After) -> None:
    assert "<<<<<<<" in plain.text(BACKEND)
    text = synced.text(BACKEND)
    assert text.count("\r\n") == text.count("\n")
    assert f"\r\n{OWN}\r\n" in text
    assert "\r\n- New.\r\n" in text
    assert BACKEND not in unmerged(synced.root)


def test_agents_of_a_later_version_come(plain: After, synced: After) -> None:
    """By plain Copier too: the question is whom to leave out, and not whom to have."""
    for after in (plain, synced):
        assert after.has(CARD.format("security-engineer"))


def test_what_is_a_persons_is_frozen(plain: After, synced: After) -> None:
    """By plain Copier too: `_exclude` names what an update does not see, not `_skip_if_exists`."""
    for after in (plain, synced):
        assert after.text(DROPPED) == "DEBUG = False\nDEBUG = True\n"
        assert not after.has(DELETED)


def test_what_a_changed_answer_lacks_is_said(plain: After, synced: After) -> None:
    assert not plain.has(STREAM)
    assert not synced.has(STREAM)
    assert f"missing: {STREAM}" in synced.said
    assert "sync --add-missing" in synced.said


def test_turning_a_feature_off_deletes_nothing(
    small_source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By plain Copier too, since nobody's own paths are seen by an update."""
    given = f"_commit: v1.0.0\n_src_path: {small_source}\nsse: true\n"
    for name in ("plain", "synced"):
        root = tmp_path / name
        project(root, Unkept(root, given, whole=True).files())
        git(root, "init", "--quiet")
        commit(root, "A new project")
        if name == "plain":
            update(root, sse=False)
        else:
            assert command.main([str(root), "v2.0.0", "--answers", "sse=false"]) == 0
            assert f"  {STREAM}" in capsys.readouterr().out
        assert (root / STREAM).read_text() == "# A stream.\n"


def test_a_dirty_tree_is_refused(
    fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By plain Copier too."""
    root = shutil.copytree(fresh, tmp_path / "project")
    edit(root / PAGE, "Be kind.", "Be quick.")
    before = state(root)
    with pytest.raises(UserMessageError):
        update(root)
    assert command.main([str(root), "v2.0.0"]) == 1
    shutil.rmtree(root / ".git")
    with pytest.raises(UserMessageError):
        update(root)
    assert command.main([str(root), "v2.0.0"]) == 1
    assert "is in no git repository" in capsys.readouterr().err
    assert [name for name in state(root) if before[name] != state(root)[name]] == []


@pytest.mark.parametrize("how", ["plain", "sync"])
def test_a_folder_of_a_larger_repository(fresh: Path, tmp_path: Path, how: str) -> None:
    """Works by plain Copier too; a sync does not mind what others are at, either."""
    whole = tmp_path / "whole"
    root = shutil.copytree(fresh, whole / "apps" / "api")
    shutil.rmtree(root / ".git")
    (whole / "other.md").write_text("Other.\n")
    git(whole, "init", "--quiet")
    edit(root / PAGE, "Run the tests.", "Run the tests with make.")
    commit(whole, "All of us")
    if how == "sync":
        (whole / "other.md").write_text("Being changed.\n")
        assert command.main([str(root), "v2.0.0"]) == 2
        assert (whole / "other.md").read_text() == "Being changed.\n"
    else:
        update(root)
    assert unmerged(whole) == [f"apps/api/{PAGE}"]
    assert (root / CARD.format("reviewer")).exists()
    assert {path.split("/")[0] for path in changed(whole)} <= {"apps", "other.md"}


def test_one_answer_changes_no_other(
    fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By plain Copier too."""
    found = []
    for how in ("plain", "sync"):
        root = shutil.copytree(fresh, tmp_path / how)
        if how == "plain":
            update(root, sse=True)
        else:
            assert command.main([str(root), "v2.0.0", "--answers", "sse=true"]) == 0
        found.append({*(root / ANSWERS).read_text().splitlines()})
    assert capsys.readouterr().err == ""
    before = {*(fresh / ANSWERS).read_text().splitlines()}
    assert found[0] - before == found[1] - before == {"_commit: v2.0.0", "sse: true"}
