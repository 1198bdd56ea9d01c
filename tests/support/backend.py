"""A rendered backend in which commands are run, as its owner would run them."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# Settings of this repository's own run that must not reach the backend's.
OURS = ("UV_LOCKED", "UV_NO_SYNC", "UV_PROJECT", "VIRTUAL_ENV", "PYTEST_", "COV_", "PYTHONPATH")


def environment(**variables: str) -> dict[str, str]:
    """The machine's variables without those of this run, and some more."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, **variables}


@dataclass(frozen=True)
class Backend:
    """The backend of a project, and the variables of its environment."""

    project: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, *command: str) -> str:
        """What a command says against the project: its output where it fails, else nothing."""
        done = self.ran(*command)
        return f"{' '.join(command)}\n{done.stdout}" if done.returncode else ""

    def passes(self, *command: str) -> str:
        """What a command prints, which has to succeed."""
        done = self.ran(*command)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout

    @contextmanager
    def keeping(self, *command: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        """Runs a command until the end of the block, and gives the first line that it printed."""
        with subprocess.Popen(
            command,
            cwd=self.project / "backend",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(**self.variables),
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            first = process.stdout.readline().strip()
            assert first, f"{command[0]} did not start"
            try:
                yield first, process
            finally:
                process.stdin.close()
                process.wait(30)

    def ran(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.project / "backend",
            env=environment(**self.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
