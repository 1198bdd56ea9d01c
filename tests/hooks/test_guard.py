"""What the guard decides: who may write what."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import guard
from tests.hooks.program import call, repository

temporary_folders = guard.temporary_folders


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository whose files no test changes, and no temporary folder but one in its parent."""
    parent = tmp_path_factory.mktemp("guard")
    root = repository(parent / "project")
    (root / "backend" / "link").symlink_to(root / "docs")
    (root / "backend" / "out").symlink_to(parent)
    (root / "backend" / "loop").symlink_to(root / "backend" / "loop")
    (parent / "tmp").mkdir()
    (parent / "tmp" / "back").symlink_to(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "temporary_folders", lambda: [str(parent / "tmp")])
        yield root


MAY = [
    ("backend-developer", "backend/app/main.py"),
    ("backend-developer", "backend/../backend/new/deep/x.py"),
    ("backend-developer", "backend/app/with space.py"),
    ("api-designer", "docs/openapi.yaml"),
    ("api-designer", "backend/link/openapi.yaml"),
    ("api-designer", "backend/tests/acceptance/test_items.py"),
    ("api-designer", "../tmp/notes.md"),
    (None, "docs/openapi.yaml"),
    (None, ".claude/settings.json"),
    (None, "../elsewhere"),
]

MAY_NOT = [
    ("backend-developer", "docs/openapi.yaml", "docs/openapi.yaml belongs to api-designer"),
    ("backend-developer", "backend/../docs/x", "docs/x belongs to api-designer"),
    ("backend-developer", "backend/link/x", "docs/x belongs to api-designer"),
    ("backend-developer", "../tmp/back/docs/x", "docs/x belongs to api-designer"),
    ("backend-developer", "backend/tests/acceptance/x", "belongs to api-designer"),
    ("backend-developer", "backend/.env", "backend/.env belongs to a person"),
    ("backend-developer", "README.md", "README.md belongs to a person"),
    ("backend-developer", ".git/hooks/pre-commit", "belongs to a person"),
    ("backend-developer", "team/team.json", "team/team.json belongs to a person"),
    ("backend-developer", ".claude/settings.json", "belongs to a person"),
    ("backend-developer", "../x", "x is outside the repository"),
    ("backend-developer", "../tmp2/x", "is outside the repository"),
    ("backend-developer", "backend/out/x", "is outside the repository"),
    ("backend-developer", "/", "is outside the repository"),
    ("api-designer", "backend/app/main.py", "belongs to backend-developer"),
    ("general-purpose", "backend/app/main.py", "general-purpose is not in team/team.json"),
    ("", "backend/app/main.py", "an agent without a name is not in team/team.json"),
    ("human", "README.md", "human is not in team/team.json"),
]


@pytest.mark.parametrize("tool", ["Write", "Edit", "NotebookEdit"])
@pytest.mark.parametrize(("agent", "path"), MAY)
def test_it_may(root: Path, agent: str | None, path: str, tool: str) -> None:
    assert guard.decide(call(root / path, agent, tool), str(root)) == ""


@pytest.mark.parametrize("tool", ["Write", "Edit", "NotebookEdit"])
@pytest.mark.parametrize(("agent", "path", "why"), MAY_NOT)
def test_it_may_not(root: Path, agent: str, path: str, why: str, tool: str) -> None:
    assert why in guard.decide(call(root / path, agent, tool), str(root))


def test_a_refusal_says_what_to_do_instead(root: Path) -> None:
    assert guard.decide(call(root / "docs/openapi.yaml"), str(root)) == (
        "docs/openapi.yaml belongs to api-designer, so backend-developer may not write it. "
        "Leave it, and say in your report what api-designer should change there."
    )


def test_a_relative_path_is_where_the_client_stands(root: Path) -> None:
    told = {**json.loads(call("x.py")), "cwd": str(root / "backend")}
    assert guard.decide(json.dumps(told).encode(), str(root)) == ""
    told["cwd"] = str(root / "docs")
    assert "docs/x.py belongs to" in guard.decide(json.dumps(told).encode(), str(root))


def test_reading_is_free(root: Path) -> None:
    for path in ("backend/.env", "../x", "docs/openapi.yaml"):
        assert guard.decide(call(root / path, "general-purpose", "Read"), str(root)) == ""


def test_a_tool_that_it_does_not_know_is_refused(root: Path) -> None:
    why = guard.decide(call(root / "backend/x.py", tool="Scribble"), str(root))
    assert why == "nothing says what Scribble writes, so backend-developer may not use it."


def test_an_agent_by_its_number_alone_is_no_main_thread(root: Path) -> None:
    told = json.dumps({"agent_id": "a1", **json.loads(call(root / "backend/x.py", None))})
    assert "an agent without a name" in guard.decide(told.encode(), str(root))


def test_temporary_folders_are_those_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "link"))
    monkeypatch.setenv("TEMP", "/")
    monkeypatch.setenv("TMP", "")
    assert str(tmp_path.resolve()) in temporary_folders()
    assert "/" not in temporary_folders()
