"""Calls as clients spell them: Copilot's, word for word, and calls that name two things at once."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import words
from tests.boundaries.scene import Scene
from tests.hooks.program import baton, told

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene is built by bash")

# What Copilot's client 1.0.102 told its agent hooks on Linux, read from .claude/settings.json; only
# its folders are others. An agent is called `worker`.
LINES = (Path(__file__).parent / "copilot.jsonl").read_text().splitlines()
FOREIGN, OWN = "docs/openapi.yaml", "backend/app/main.py"
PATCH = "*** Begin Patch\n*** Update File: {}\n@@\n-a\n+b\n*** Add File: {}\n+x\n*** End Patch\n"

Call = dict[str, Any]  # a client's object, as open as the client likes


def calls() -> list[Call]:
    return [call for call in map(json.loads, LINES) if "tool_name" in call]


@pytest.mark.parametrize(
    ("path", "native"),
    [
        ("/c/Users/me/x", "c:/Users/me/x"),
        ("/d", "d:/"),
        ("/tmp/x", "/tmp/x"),  # noqa: S108 - only its spelling counts
        ("c/x", "c/x"),
    ],
)
def test_git_bash_has_its_own_way_to_name_a_drive(
    path: str, native: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words.native(path) == path
    with monkeypatch.context() as on_windows:
        on_windows.setattr(os, "name", "nt")
        found = words.native(path)
    assert found == native


def spelled(tool: str, keys: set[str], *, agent: bool = True) -> Call:
    """The one call of this tool that was given these keys; without keys, a bare text."""
    (found,) = [
        call
        for call in calls()
        if call["tool_name"] == tool
        and ("agent_id" in call) is agent
        and (set(call["tool_input"]) if isinstance(call["tool_input"], dict) else set()) == keys
    ]
    return found


def asked(scene: Scene, call: Call, **given: str) -> tuple[int, Mapping[str, str]]:
    """What the program answers; `given` are the values that this call has of its own."""
    call = {**call, "cwd": str(scene.root)}
    if given:
        call["tool_input"] = {**call["tool_input"], **given}
    if "agent_type" in call:
        call["agent_type"] = "backend-developer"
    code, out, err = baton(scene.root, "guard", stdin=json.dumps(call).encode())
    answer = json.loads(out) if out else {}
    assert ("baton: " in err) is (code == 2)
    return code, answer


WRITES = [("Write", {"path", "file_text"}), ("Edit", {"path", "old_str", "new_str"})]


@pytest.mark.parametrize(("tool", "keys"), WRITES)
def test_copilot_names_a_file_by_path(scene: Scene, tool: str, keys: set[str]) -> None:
    call = spelled(tool, keys)
    for path in (FOREIGN, str(scene.root / FOREIGN)):
        code, answer = asked(scene, call, path=path)
        assert code == 2
        assert answer["permissionDecision"] == "deny"
        assert f"{FOREIGN} belongs to api-designer" in answer["permissionDecisionReason"]
    for path in (OWN, str(scene.root / OWN)):
        assert asked(scene, call, path=path) == (0, {})


def test_copilot_runs_a_command(scene: Scene) -> None:
    call = spelled("Bash", {"command", "description"})
    code, answer = asked(scene, call, command=f"echo x > {FOREIGN}")
    assert code == 2
    assert "belongs to api-designer" in answer["permissionDecisionReason"]
    assert asked(scene, call, command=f"echo x > {OWN}") == (0, {})


@pytest.mark.parametrize(
    ("paths", "refused"), [((OWN, "backend/new.py"), False), ((OWN, FOREIGN), True)]
)
def test_copilot_applies_a_patch_that_is_a_bare_text(
    scene: Scene,
    paths: tuple[str, str],
    refused: bool,  # noqa: FBT001 - a column
) -> None:
    call = spelled("Edit", set(), agent=False)
    assert call["tool_input"].startswith("*** Begin Patch\n*** Add File: ")
    worker = {key: calls()[0][key] for key in ("agent_id", "agent_type", "parent_agent_id")}
    code, answer = asked(scene, {**call, **worker, "tool_input": PATCH.format(*paths)})
    assert code == (2 if refused else 0)
    assert (f"{FOREIGN} belongs to api-designer" in str(answer)) is refused


@pytest.mark.parametrize("call", calls(), ids=lambda call: f"{call['tool_name']}-{len(call)}")
def test_every_call_is_understood(scene: Scene, call: Call) -> None:
    """One that writes does so at the top: a person's files, and so the main thread's."""
    writes = call["tool_name"] in ("Write", "Edit", "Bash")
    names = not isinstance(call["tool_input"], dict) or {"path", "file_path", "command"} & {
        *call["tool_input"]
    }
    code, answer = asked(scene, call)
    assert code == (2 if writes and ("agent_id" in call or not names) else 0)
    assert "failed" not in str(answer)


@pytest.mark.parametrize("tool", ["skill", "tool_search_tool", "update_todo", "read_bash"])
def test_copilots_tools_that_write_nothing_go_on(scene: Scene, tool: str) -> None:
    assert asked(scene, {**spelled("list_bash", set()), "tool_name": tool}) == (0, {})


TWO = [
    ("Write", {"file_path": OWN, "path": FOREIGN, "content": "x"}),
    ("Write", {"path": OWN, "file_path": FOREIGN, "content": "x"}),
    ("Write", {"command": OWN, "file_path": FOREIGN, "content": "x"}),
    ("Edit", {"command": "create", "path": FOREIGN, "file_text": "x"}),
    ("NotebookEdit", {"file_path": OWN, "notebook_path": FOREIGN, "new_source": "x"}),
    ("NotebookEdit", {"path": OWN, "notebook_path": FOREIGN, "new_source": "x"}),
]


@pytest.mark.parametrize(("tool", "given"), TWO)
def test_a_call_that_names_two_paths_may_need_both(
    scene: Scene, tool: str, given: dict[str, str]
) -> None:
    """A client reads the key that is its own, and passes over the other."""
    paths = {key: str(scene.root / value) for key, value in given.items() if "/" in value}
    stdin = told(tool, {**given, **paths}, "backend-developer", scene.root / "backend")
    code, _, err = baton(scene.root, "guard", stdin=stdin)
    assert code == 2
    assert f"{FOREIGN} belongs to api-designer" in err
