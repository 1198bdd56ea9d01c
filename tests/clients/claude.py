"""Runs Claude Code on a project: offline, with a fresh home, and a model that plays a script."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.clients.model import call_id
from tests.support.template import ROOT

TOOLS = "Bash,Edit,Write,NotebookEdit,Read,Agent,Skill"
PATH = os.defpath + os.pathsep + os.environ["PATH"]
SECONDS = 120  # after which a client hangs; a long play on a busy machine takes half of it

# A line of the client's log, and what it says wherever it runs offline: it has no network, tells
# of each hook that refused, and finds its settings locked.
COMPLAINT = re.compile(r"\S+ \[(?:WARN|ERROR)\] (.*)")
USUAL = re.compile(
    r'EAI_AGAIN|"?Hook PreToolUse:\w+ .* status code 2|Failed to save config with lock'
)


@dataclass(frozen=True)
class Call:
    """A tool call of the model."""

    tool: str
    given: Mapping[str, object]


@dataclass(frozen=True)
class Delegate:
    """A call of a subagent, and what that one then does."""

    agent: str
    turns: "Sequence[Turn]"
    isolated: bool = False  # in a worktree of its own
    prompt: str = ""  # what it is told besides


# One reply of the model: a text that ends its turn, or calls that run beside each other.
Turn = str | Sequence[Call | Delegate]
Script = dict[str, list[tuple[str, list[Call]]]]


@dataclass(frozen=True)
class Result:
    """What a call came to, as the model was told."""

    refused: bool
    text: str


@dataclass(frozen=True)
class Run:
    """What happened: the client's events, its log, and what it sent to the model."""

    script: Script
    outcome: Mapping[str, Any]
    log: str

    @cached_property
    def init(self) -> Mapping[str, Any]:
        """The event in which the client says what it loaded."""
        events = map(json.loads, self.outcome["stdout"].splitlines())
        return next(event for event in events if event.get("subtype") == "init")

    def tools(self, actor: str) -> set[str]:
        """The tools that the actor had."""
        return {tool for tool in self.outcome["offered"][actor] if "Placeholder" not in tool}

    def context(self, actor: str) -> str:
        """All that the actor was told, by system and user."""
        return str(self.outcome["contexts"][actor])

    @cached_property
    def complaints(self) -> list[str]:
        """What the client's log warns of."""
        found = (match[1] for match in map(COMPLAINT.match, self.log.splitlines()) if match)
        return [complaint for complaint in found if not USUAL.search(complaint)]

    def results(self, actor: str) -> list[Result]:
        """What the actor's calls came to, in order; a KeyError where one was never made."""
        found = []
        for said, (_, calls) in enumerate(self.script[actor]):
            for number in range(len(calls)):
                block = self.outcome["results"][call_id(actor, said, number)]
                found.append(Result(bool(block.get("is_error")), str(block.get("content"))))
        return found


def compiled(turns: Sequence[Turn]) -> Script:
    """The script by actors: a subagent is one, named `<agent>-<number>`, and its prompt says so."""
    script: Script = {}

    def add(actor: str, turns: Sequence[Turn]) -> None:
        script[actor] = lines = []
        for turn in turns:
            text, parts = (turn, ()) if isinstance(turn, str) else ("", turn)
            lines.append((text, [plain(part) for part in parts]))

    def plain(part: Call | Delegate) -> Call:
        if isinstance(part, Call):
            return part
        actor = f"{part.agent}-{len(script)}"
        add(actor, part.turns)
        given = {"subagent_type": part.agent, "description": "scripted"}
        given["prompt"] = f"[[{actor}]] {part.prompt}".strip()
        where = {"isolation": "worktree"} if part.isolated else {}
        return Call("Agent", {**given, **where, "run_in_background": False})

    add("main", turns)
    return script


def environment(folder: Path, project: Path, path: str, mode: str) -> dict[str, str]:
    """A home in which nothing happened yet, but that the project is trusted."""
    home, temporary = folder / "home", folder / "tmp"
    state = home / ".claude" / ".claude.json"
    for made in (state.parent, temporary):
        made.mkdir(parents=True)
    trusted = {str(project): {"hasTrustDialogAccepted": True}}
    state.write_text(json.dumps({"hasCompletedOnboarding": True, "projects": trusted}))
    bypassing = {"IS_SANDBOX": "1"} if mode == "bypassPermissions" else {}  # lets root do it
    return {
        **bypassing,
        "PATH": path,
        "HOME": str(home),
        "CLAUDE_CONFIG_DIR": str(state.parent),
        "TMPDIR": str(temporary),
        "SHELL": "/bin/bash",  # without it, the client takes zsh where there is one
        "LANG": "C.UTF-8",
        "ANTHROPIC_API_KEY": "none",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    }


def play(  # noqa: PLR0913 - one more than five
    client: Path,
    project: Path,
    turns: Sequence[Turn],
    folder: Path,
    *,
    path: str = PATH,
    mode: str = "acceptEdits",
) -> Run:
    """Runs the client on the project. What it needs besides is made in the empty folder."""
    script = compiled(turns)
    log, plan, outcome = (folder / name for name in ("debug.txt", "plan.json", "outcome.json"))
    command = [str(client), "-p", "[[main]]", "--output-format", "stream-json", "--verbose"]
    command += ["--debug-file", str(log), "--permission-mode", mode]
    planned = {
        "command": [*command, "--allowedTools", TOOLS],
        "project": str(project),
        "seconds": SECONDS,
        "environment": environment(folder, project, path, mode),
        "script": {
            actor: [[text, [[call.tool, call.given] for call in calls]] for text, calls in lines]
            for actor, lines in script.items()
        },
    }
    plan.write_text(json.dumps(planned))
    inside = ["unshare", "-rn", sys.executable, "-m", "tests.clients.inside", str(plan)]
    subprocess.run(inside, cwd=ROOT, check=True, timeout=2 * SECONDS)
    found = json.loads(outcome.read_text())
    assert found["code"] == 0, found["stderr"] or found["stdout"]
    assert found["networks"] == ["lo"]
    return Run(script, found, log.read_text())
