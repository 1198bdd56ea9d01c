"""What a change must pass: `uv run check`, and `uv run fix` for what can be mended by itself."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]

CHECKS = {
    "format": ["ruff", "format", "--check"],
    "lint": ["ruff", "check"],
    "types": ["mypy"],
    "contract": ["pytest", "-m", "contract"],
    "tests": ["pytest"],
    "slow tests": ["pytest", "-m", "slow"],
}
FIXES = {
    "lint": ["ruff", "check", "--fix"],
    "format": ["ruff", "format"],
}


def check() -> None:
    """Format, lint, types, contract and tests. It changes no file."""
    sys.exit(run(CHECKS))


def fix() -> None:
    """Mend what ruff can mend, and format."""
    sys.exit(run(FIXES))


def run(steps: Mapping[str, Sequence[str]]) -> int:
    """Take every step, so that all faults show at once, and name those that failed."""
    failed = []
    for name, step in steps.items():
        sys.stdout.write(f"== {name}: {' '.join(step)}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", *step]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 - all from above
            failed.append(name)
    sys.stdout.write(f"Failed: {', '.join(failed)}.\n" if failed else "All passed.\n")
    return len(failed)
