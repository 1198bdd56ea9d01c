"""Answers that change later: the team follows at once, and the code when a person says so."""

import shutil
from pathlib import Path

import pytest

import command
from project import ANSWERS
from tests.update.history import commit, git
from tests.update.renders import Files, Rendered, project

pytestmark = pytest.mark.usefixtures("quick")


def render(history: Path, **answers: str) -> Files:
    rows = [f"{name}: {value}" for name, value in answers.items()]
    given = "\n".join(["_commit: v1.0.0", f"_src_path: {history}", *rows, ""])
    return Rendered(history, given, whole=True).files()


@pytest.fixture
def quiet(history: Path, tmp_path: Path) -> Path:
    """A project without the stream, in whose code a person worked."""
    root = tmp_path / "project"
    project(root, render(history, sse="false"))
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "A new project")
    with (root / "backend/app/settings.py").open("a", encoding="utf-8") as file:
        file.write("# Ours.\n")
    commit(root, "A year of work")
    return root


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return "".join(capsys.readouterr())


def test_a_feature_that_is_switched_on_is_brought_in(
    history: Path, quiet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(quiet), "v1.0.0", "--answers", "sse=true"]) == 0
    told = said(capsys)
    for path in ("backend/app/events/router.py", "backend/tests/events/test_router.py"):
        assert f"missing: {path}" in told
        assert not (quiet / path).exists()
    assert "differs: docs/openapi.yaml" in told
    assert (quiet / ".claude/skills/stream-events/SKILL.md").exists(), "the team follows at once"

    commit(quiet, "Streams")
    assert command.main([str(quiet), "v1.0.0", "--add-missing"]) == 0
    told = said(capsys)
    assert "added: backend/app/events/router.py" in told
    assert "A migration comes" in told
    git(quiet, "add", "--all")
    git(quiet, "apply", "--3way", ".baton/add-missing.patch")

    want = render(history, sse="true")
    there = {path: (quiet / path).read_bytes() for path in want if path != ANSWERS}
    other = sorted(path for path in there if there[path] != want[path])
    assert other == ["backend/app/settings.py"]
    ours = there["backend/app/settings.py"].decode()
    assert ours.replace("# Ours.\n", "", 1) == want["backend/app/settings.py"].decode()


def test_nothing_is_written_where_a_file_cannot_be(
    quiet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main([str(quiet), "v1.0.0", "--answers", "sse=true"])
    commit(quiet, "Streams")
    (quiet / "backend/tests/events").write_text("A file where a folder belongs.")
    before = git(quiet, "status", "--porcelain", "-uall")
    said(capsys)
    assert command.main([str(quiet), "v1.0.0", "--add-missing"]) == 1
    assert "baton: Nothing was written" in said(capsys)
    assert git(quiet, "status", "--porcelain", "-uall") == before


def test_without_a_changed_answer_nothing_is_missing(
    quiet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(quiet), "v1.0.0", "--add-missing"]) == 1
    assert "No answer was ever changed here" in said(capsys)


def test_a_feature_that_is_switched_off_stays_in_the_code(
    history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "project"
    files = render(history, sse="true")
    project(root, files)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "A new project")
    assert command.main([str(root), "v1.0.0", "--answers", "sse=false"]) == 0
    told = said(capsys)
    assert "They stay until you delete them:\n" in told
    assert "  backend/app/events/router.py\n" in told
    code = [path for path in files if path.startswith(("backend/", "docs/"))]
    assert all((root / path).read_bytes() == files[path] for path in code)
    assert not (root / ".claude/skills/stream-events").exists()


def test_another_data_layer_is_said_loudly(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = {path: path.read_bytes() for path in (quiet / "backend").rglob("*") if path.is_file()}
    assert command.main([str(quiet), "v1.0.0", "--answers", "data_layer=supabase"]) == 0
    told = said(capsys)
    assert "data_layer is now supabase, and was sqlalchemy." in told
    assert "nothing deleted" in told
    assert "missing: backend/app/adapters/supabase/items.py" in told
    assert "  backend/app/adapters/sqlalchemy/items.py" in told
    assert all(path.read_bytes() == text for path, text in code.items())
    assert "Supabase" in (quiet / ".claude/agents/backend-developer.md").read_text("utf-8")


def test_a_preview_writes_nothing(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = shutil.copytree(quiet, quiet.with_name("before"), symlinks=True)
    words = [str(quiet), "v3.0.0", "--preview", "--answers", "sse=true"]
    assert command.main(words) == 0
    told = said(capsys)
    assert "## v3.0.0" in told
    assert "+++ b/.claude/agents/security-engineer.md" in told
    assert git(quiet, "status", "--porcelain", "--ignored") == ""
    assert {path.relative_to(quiet) for path in quiet.rglob("*")} == {
        path.relative_to(before) for path in before.rglob("*")
    }
