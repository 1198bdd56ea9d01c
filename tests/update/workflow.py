"""The steps of a workflow, run by bash as GitHub does, with a `gh` that notes what it is told."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import strict_yaml

# It lists the pull requests of a file, and adds a line to another with each call.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$GH_FOLDER/calls"
if [ "$1 $2" = "pr list" ]; then cat "$GH_FOLDER/open" 2>/dev/null; fi
for word in "$@"; do
    if [ "${before:-}" = --body-file ] || [ "${before:-}" = --notes-file ]; then
        cp "$word" "$GH_FOLDER/text"
    fi
    before=$word
done
exit 0
"""
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
SET_UP = re.compile("GH_|GIT(HUB)?_(?!CONFIG)")  # a machine's own, which GitHub's has otherwise


@dataclass
class Run:
    """A run of one job: what its steps gave out, what they printed, what `gh` was told."""

    root: Path
    folder: Path  # the runner's own
    known: dict[str, str] = field(default_factory=dict)
    said: str = ""

    @property
    def calls(self) -> list[str]:
        """What `gh` was told, a line a call."""
        path = self.folder / "gh" / "calls"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    @property
    def text(self) -> str:
        """The text that `gh` was given last."""
        return (self.folder / "gh" / "text").read_text("utf-8")

    def job(self, job: Mapping[str, Any]) -> int:
        """Runs the steps that have a script, up to the first that fails; says its exit code."""
        for step in job["steps"]:
            if "run" in step and self.wanted(step.get("if", "")):
                code = self.step(step, job.get("env", {}))
                if code:
                    return code
        return 0

    def wanted(self, condition: str) -> bool:
        return not condition or bool(self.known.get(condition, ""))

    def step(self, step: Mapping[str, Any], more: Mapping[str, str]) -> int:
        """Runs one, and keeps what it gives out."""
        gh, output = self.folder / "gh" / "gh", self.folder / "output"
        gh.parent.mkdir(parents=True, exist_ok=True)
        gh.write_text(GH, "utf-8")
        gh.chmod(0o755)
        output.write_text("")
        clean = {name: value for name, value in os.environ.items() if not SET_UP.match(name)}
        env = {
            **clean,
            **{name: self.filled(value) for name, value in {**more, **step.get("env", {})}.items()},
            "PATH": f"{gh.parent}{os.pathsep}{os.environ['PATH']}",
            "GH_FOLDER": str(gh.parent),
            "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(self.folder),
        }
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            words, cwd=self.root, env=env, capture_output=True, text=True, check=False
        )
        self.said += done.stdout + done.stderr
        for line in output.read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
        return done.returncode

    def filled(self, value: str) -> str:
        """A text with what GitHub puts into it."""
        return EXPRESSION.sub(lambda found: self.known[found[1]], value)


def job(path: Path, name: str) -> Mapping[str, Any]:
    """One job of a workflow."""
    found = strict_yaml.load(path.read_text("utf-8"))
    assert isinstance(found, dict)
    return dict(found["jobs"][name])
