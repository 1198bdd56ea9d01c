"""What becomes of one file, by its three sides."""

from pathlib import Path

import pytest

import command
import decide
import texts
from decide import Change, Sides
from tests.update.history import commit, git
from tests.update.state import state

PROGRAM = "team/report.py"


def change(path: str, base: bytes | None, mine: bytes | None, new: bytes | None) -> Change:
    sides: Sides = (base, mine, new)
    found = decide.change(path, sides, "v2.0.0")
    assert found
    return found


def test_a_program_of_a_persons_is_not_replaced() -> None:
    found = change(PROGRAM, None, b"mine\n", b"new\n")
    assert (found.kind, found.now) == (decide.CONFLICT, b"mine\n")
    found = change(PROGRAM, b"old\n", b"mine\n", b"new\n")
    assert (found.kind, found.now) == (decide.REPLACED, b"new\n")
    assert f"git show HEAD:./{PROGRAM}" in found.why


def test_an_edited_program_is_replaced_also_where_it_did_not_change() -> None:
    assert change(PROGRAM, b"old\n", b"mine\n", b"old\n").kind == decide.REPLACED


@pytest.mark.parametrize("new", [b"a\nb\n", b"a\r\nb\r\n"], ids=["here", "as on Windows"])
def test_lines_end_as_in_the_file_that_is_there(new: bytes) -> None:
    """However the version was fetched: git can end all lines as on Windows there."""
    assert change("AGENTS.md", b"a\n", b"a\n", new).now == b"a\nb\n"
    assert change("AGENTS.md", b"a\n", b"a\r\n", new).now == b"a\r\nb\r\n"
    assert change("AGENTS.md", b"a\r\n", b"0\na\n", new).now == b"0\na\nb\n"


def test_what_has_no_lines_stays_byte_for_byte() -> None:
    picture = b"\x89PNG\r\n\0"
    assert texts.ended(picture, b"\x89PNG\n\0") == picture


@pytest.mark.usefixtures("quick")
def test_the_new_agents_are_named_where_an_edited_one_goes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = root / ".claude/agents/ui-ux-designer.md"
    card.write_bytes(card.read_bytes() + b"A person's own words.\n")
    commit(root, "A year of work")
    assert command.main([str(root), "v4.0.0"]) == 2
    said = capsys.readouterr().out
    assert "kept: .claude/agents/ui-ux-designer.md" in said
    assert "New here: .claude/agents/security-engineer.md" in said


@pytest.mark.usefixtures("quick")
def test_notes_that_git_ended_as_on_windows_have_no_words_of_a_persons(root: Path) -> None:
    for path in (root / ".claude/notes").glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    commit(root, "Windows")
    assert command.main([str(root), "v1.0.0", "--answers", "agents_off=[architect]"]) == 0


@pytest.mark.usefixtures("quick")
def test_a_link_is_not_joined(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "CLAUDE.md").unlink()
    (root / "CLAUDE.md").symlink_to("AGENTS.md")
    commit(root, "One page")
    before = state(root)
    assert command.main([str(root), "v1.0.0", "--adopt", "CLAUDE.md"]) == 1
    assert "baton: CLAUDE.md is a link." in capsys.readouterr().err
    assert state(root) == before


@pytest.mark.usefixtures("quick")
def test_a_page_is_joined_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "AGENTS.md").write_bytes(b"# Ours\r\n\r\nBe kind.\r\n")
    commit(root, "Ours")
    assert command.main([str(root), "v1.0.0", "--adopt", "AGENTS.md"]) == 0
    text = (root / "AGENTS.md").read_bytes()
    assert text.endswith(b"## Our own words\r\n\r\n# Ours\r\n\r\nBe kind.\r\n")
    assert texts.windows(text)
    commit(root, "Joined")
    assert command.main([str(root), "v1.0.0", "--adopt", "AGENTS.md"]) == 1
    assert "it was joined, or edited" in capsys.readouterr().err
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.usefixtures("quick")
def test_a_program_that_was_there_before_is_kept_beside(root: Path) -> None:
    (root / "team/git.py").write_text("OURS = 1\n")
    commit(root, "Ours")
    assert command.main([str(root), "v1.0.0", "--adopt", "team/git.py"]) == 0
    assert (root / "team/git.yours.py").read_text() == "OURS = 1\n"
    assert "OURS" not in (root / "team/git.py").read_text("utf-8")


@pytest.mark.usefixtures("quick")
def test_leaving_names_what_is_there_and_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "backend/pyproject.toml").unlink()
    (root / "AGENTS.md").write_text("Ours.\n")
    commit(root, "Ours")
    before = state(root)
    assert command.main([str(root), "v1.0.0", "--leave"]) == 0
    said = capsys.readouterr().out
    assert "  AGENTS.md (you changed it)\n" in said
    assert "  team/guard.py\n" in said
    assert ".github/workflows/ci.yml: the job" in said
    assert "backend/pyproject.toml" not in said
    assert state(root) == before
