"""Copier as a person runs it, and the line that it ends with."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.template import template

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def copy_command(root: Path, *arguments: str) -> list[str]:
    program = [sys.executable, "-W", "error", "-m", "copier", "copy"]
    return [*program, *arguments, str(template()), str(root)]


def run_copy(root: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and the last line of `copier copy --defaults`."""
    found = subprocess.run(
        copy_command(root, "--defaults", *arguments),
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    lines = [line for line in COLOUR.sub("", found.stderr).splitlines() if line.strip()]
    return found.returncode, lines[-1]
