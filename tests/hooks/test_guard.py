"""What the guard decides: who may write what."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import guard
import journal
from tests.hooks.program import bash, call, repository

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
]

MAY_NOT = [
    ("backend-developer", "docs/openapi.yaml", "docs/openapi.yaml belongs to api-designer"),
    ("backend-developer", "backend/loop/x", "leads through links that lead to each other"),
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
    ("backend-developer", "/", "/ holds the repository"),
    ("api-designer", "backend/app/main.py", "belongs to backend-developer"),
    ("general-purpose", "backend/app/main.py", "general-purpose is not in team/team.json"),
    ("", "backend/app/main.py", "an agent without a name is not in team/team.json"),
    ("human", "README.md", "human is not in team/team.json"),
]


def reason(root: Path, told: bytes) -> str:
    return guard.decide(told, str(root)).reason


@pytest.mark.parametrize("tool", ["Write", "Edit", "NotebookEdit"])
@pytest.mark.parametrize(("agent", "path"), MAY)
def test_it_may(root: Path, agent: str, path: str, tool: str) -> None:
    assert reason(root, call(root / path, agent, tool)) == ""


@pytest.mark.parametrize("tool", ["Write", "Edit", "NotebookEdit"])
@pytest.mark.parametrize(("agent", "path", "why"), MAY_NOT)
def test_it_may_not(root: Path, agent: str, path: str, why: str, tool: str) -> None:
    assert why in reason(root, call(root / path, agent, tool))


def test_a_refusal_says_whose_it_is_and_how_to_ask(root: Path) -> None:
    assert reason(root, call(root / "docs/openapi.yaml")) == (
        "docs/openapi.yaml belongs to api-designer, so backend-developer may not write it. "
        'Ask for it: python3 team/baton.py request api-designer "what, and why" '
        "--from backend-developer; or write it as a line into "
        "handoff/backend-developer/requests.md: - [ ] api-designer: what, and why"
    )
    assert reason(root, call(root / "README.md")) == (
        "README.md belongs to a person, so backend-developer may not write it. "
        "Say in your report what should change there."
    )


def test_the_main_thread_writes_anywhere_and_asks_where_the_team_is_made(root: Path) -> None:
    asked = {
        path: guard.decide(call(root / path, None), str(root)).ask
        for path in ("docs/x", "../elsewhere", ".env", ".claude/settings.json", "team/team.json")
    }
    assert [path for path, ask in asked.items() if ask] == [
        ".claude/settings.json",
        "team/team.json",
    ]
    answer = guard.decide(bash("echo x > docs/a; rm -r team", None, cwd=root), str(root))
    assert (answer.reason, answer.ask) == ("team belongs to a person, who has to agree.", True)
    for command in ("rm docs/a", 'rm "$x"', "f() { rm x; }; f", "echo '"):
        assert reason(root, bash(command, None, cwd=root)) == ""


def test_a_relative_path_is_where_the_client_stands(root: Path) -> None:
    told = {**json.loads(call("x.py")), "cwd": str(root / "backend")}
    assert reason(root, json.dumps(told).encode()) == ""
    told["cwd"] = str(root / "docs")
    assert "docs/x.py belongs to" in reason(root, json.dumps(told).encode())


def test_reading_is_free(root: Path) -> None:
    for path in ("backend/.env", "../x", "docs/openapi.yaml"):
        assert reason(root, call(root / path, "general-purpose", "Read")) == ""
    for command in ("cat .env", "grep -rn 'x > y' docs", "ls -la ..", "git diff HEAD -- docs"):
        assert reason(root, bash(command, cwd=root)) == ""


def test_a_tool_that_it_does_not_know_is_refused(root: Path) -> None:
    told = call(root / "backend/x.py", tool="Scribble")
    assert reason(root, told) == (
        "nothing says what Scribble writes, so backend-developer may not use it."
    )
    assert reason(root, call(root / "x", None, "Scribble")) == ""
    assert reason(root, call("x", tool="mcp__docs__search")) == ""


def test_a_command_in_another_tool_is_a_command(root: Path) -> None:
    told = json.loads(bash("rm docs/a", cwd=root))
    told["tool_name"] = "Monitor"
    assert "docs/a belongs to api-designer" in reason(root, json.dumps(told).encode())


PATCH = "*** Begin Patch\n*** {}: {}\n+x\n*** End Patch\n"


@pytest.mark.parametrize("verb", ["Add File", "Update File", "Delete File", "Move to"])
def test_copilots_words_are_understood(root: Path, verb: str) -> None:
    for path, may in (("backend/x", True), ("docs/x", False)):
        plain = {"tool_name": "Write", "tool_input": {"path": str(root / path)}, "cwd": str(root)}
        patch = {"tool_name": "Edit", "tool_input": PATCH.format(verb, path), "cwd": str(root)}
        for told in (plain, patch):
            who = {"agent_type": "backend-developer", "agent_id": "a1"}
            assert (reason(root, json.dumps({**told, **who}).encode()) == "") is may


def test_a_patch_that_names_no_file_is_refused(root: Path) -> None:
    told = {"tool_name": "Edit", "tool_input": "*** Nothing", "cwd": str(root)}
    who = {"agent_type": "backend-developer", "agent_id": "a1"}
    assert "nothing says which file" in reason(root, json.dumps({**told, **who}).encode())


def test_an_agent_by_its_number_alone_is_no_main_thread(root: Path) -> None:
    told = json.dumps({"agent_id": "a1", **json.loads(call(root / "backend/x.py", None))})
    assert "an agent without a name" in reason(root, told.encode())


def test_what_holds_the_repository_is_not_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "temporary_folders", lambda: [str(root.parent.parent)])
    why = reason(root, bash(f"rm -rf {root.parent}", cwd=root))
    assert why == f"{root.parent} holds the repository, so backend-developer may not write it."


def test_what_is_decided_is_noted(root: Path) -> None:
    before = len(journal.events(str(root)))
    reason(root, call(root / "backend/x"))
    reason(root, bash("rm docs/a", cwd=root))
    reason(root, call(root / "team/team.json", None))
    reason(root, call("x", tool="Read"))
    kept = ("event", "agent", "id", "tool", "what")
    noted = [tuple(event[key] for key in kept) for event in journal.events(str(root))[before:]]
    assert noted == [
        ("used", "backend-developer", "a1", "Write", str(root / "backend/x")),
        ("refused", "backend-developer", "a1", "Bash", "rm docs/a"),
        ("ask", None, None, "Write", str(root / "team/team.json")),
    ]


def test_temporary_folders_are_those_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "link"))
    monkeypatch.setenv("TEMP", "/")
    monkeypatch.setenv("TMP", "")
    assert str(tmp_path.resolve()) in temporary_folders()
    assert "/" not in temporary_folders()
