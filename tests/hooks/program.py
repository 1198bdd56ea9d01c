"""A small repository with the programs in its team/, run as the client runs them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.template import ROOT

HOOKS = ROOT / "hooks"
PYTHON = os.environ.get("BATON_PYTHON", sys.executable)  # the programs run on older ones too

# Each row that follows takes some of what the rows before it gave.
ZONES = (
    ("**", "human"),
    ("docs/**", "api-designer"),
    ("backend/**", "backend-developer"),
    ("backend/tests/acceptance/**", "api-designer"),
    ("**/.env", "human"),
    ("**/.git/**", "human"),
    ("handoff/api-designer/**", "api-designer"),
    ("handoff/backend-developer/**", "backend-developer"),
    ("handoff/*/README.md", "human"),
)
MAIN = (("**", "write"), (".claude/**", "ask"), ("team/**", "ask"))
TEAM = {
    "version": 1,
    "agents": [{"name": "api-designer"}, {"name": "backend-developer"}],
    "tools": ["mcp__docs__search"],
    "zones": [{"path": path, "owner": owner} for path, owner in ZONES],
    "main": [{"path": path, "may": may} for path, may in MAIN],
}


class Answer(NamedTuple):
    """What a program said, and its exit code."""

    code: int
    stdout: str
    stderr: str


def repository(root: Path) -> Path:
    """A repository with a map, the programs and a few folders."""
    unwanted = shutil.ignore_patterns("__pycache__", ".*", "*.toml")
    shutil.copytree(HOOKS, root / "team", ignore=unwanted)
    (root / "team" / "team.json").write_text(json.dumps(TEAM))
    (root / "backend").mkdir()
    (root / "docs").mkdir()
    return root


def git(root: Path, *arguments: str) -> str:
    """What git says in a repository, untouched by anybody's own settings."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    known |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    somebody = ("-c", "user.name=baton", "-c", "user.email=baton@localhost")
    command = ["git", *somebody, "-c", "init.defaultBranch=main", *arguments]
    done = subprocess.run(command, cwd=root, env=known, capture_output=True, check=True)
    return done.stdout.decode()


def commit(root: Path) -> Path:
    """The same repository with all that is in it committed."""
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "all")
    return root


def told(
    tool: str, given: object, agent: str | None = "backend-developer", cwd: object = "/"
) -> bytes:
    """What the client tells an agent hook about a tool that is about to be used."""
    call = {"tool_name": tool, "tool_input": given, "cwd": str(cwd)}
    who = {} if agent is None else {"agent_type": agent, "agent_id": "a1"}
    return json.dumps({**call, **who}).encode()


def call(path: object, agent: str | None = "backend-developer", tool: str = "Write") -> bytes:
    """The same about a write."""
    key = "notebook_path" if tool == "NotebookEdit" else "file_path"
    return told(tool, {key: str(path)}, agent)


def bash(command: str, agent: str | None = "backend-developer", cwd: object = "/") -> bytes:
    """The same about a shell command that runs in a folder."""
    return told("Bash", {"command": command}, agent, cwd)


def baton(
    root: Path, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> Answer:
    """Runs team/baton.py in the repository, with the flags that settings.json has."""
    command: list[str | Path] = [PYTHON, "-I", "-S", root / "team" / "baton.py", *arguments]
    known = {**os.environ, **(env or {})}
    done = subprocess.run(
        command, cwd=root, env=known, input=stdin, capture_output=True, check=False
    )
    out, err = (said.decode().replace("\r\n", "\n") for said in (done.stdout, done.stderr))
    return Answer(done.returncode, out, err)
