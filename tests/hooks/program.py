"""A small repository with the programs in its team/, run as the client runs them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.template import ROOT

HOOKS = ROOT / "hooks"

# Each row that follows takes some of what the rows before it gave.
ZONES = (
    ("**", "human"),
    ("docs/**", "api-designer"),
    ("backend/**", "backend-developer"),
    ("backend/tests/acceptance/**", "api-designer"),
    ("**/.env", "human"),
    ("handoff/*/README.md", "human"),
)
TEAM = {
    "version": 1,
    "agents": [{"name": "api-designer"}, {"name": "backend-developer"}],
    "zones": [{"path": path, "owner": owner} for path, owner in ZONES],
}


class Answer(NamedTuple):
    """What a program said, and its exit code."""

    code: int
    stdout: str
    stderr: str


def repository(root: Path) -> Path:
    """A repository with a map, the programs and a few folders."""
    shutil.copytree(HOOKS, root / "team", ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
    (root / "team" / "team.json").write_text(json.dumps(TEAM))
    (root / "backend").mkdir()
    (root / "docs").mkdir()
    return root


def call(path: object, agent: str | None = "backend-developer", tool: str = "Write") -> bytes:
    """What the client tells an agent hook about a write."""
    key = "notebook_path" if tool == "NotebookEdit" else "file_path"
    told: dict[str, object] = {"tool_name": tool, "tool_input": {key: str(path)}, "cwd": "/"}
    if agent is not None:
        told |= {"agent_type": agent, "agent_id": "a1"}
    return json.dumps(told).encode()


def baton(root: Path, *arguments: str, stdin: bytes = b"") -> Answer:
    """Runs team/baton.py in the repository, with the flags that settings.json has."""
    command: list[str | Path] = [sys.executable, "-I", "-S", root / "team" / "baton.py", *arguments]
    done = subprocess.run(command, cwd=root, input=stdin, capture_output=True, check=False)
    out, err = (said.decode().replace("\r\n", "\n") for said in (done.stdout, done.stderr))
    return Answer(done.returncode, out, err)
