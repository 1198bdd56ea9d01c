"""The commands of this folder: `uv run dev`, `uv run check` and `uv run fix`."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvicorn

from app.settings import Settings

ROOT = Path(__file__).parents[1]

CHECKS = {
    "format": ["ruff", "format", "--check"],
    "lint": ["ruff", "check"],
    "types": ["mypy"],
    "tests": ["pytest"],
}
FIXES = {
    "lint": ["ruff", "check", "--fix"],
    "format": ["ruff", "format"],
}


def dev() -> None:
    """Serve the API on this machine, and again whenever its code changes."""
    settings = Settings()
    page = "docs" if settings.serve_docs else "health/live"
    sys.stdout.write(f"The API is on http://127.0.0.1:{settings.port}/{page}\n")
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        port=settings.port,
        reload=True,
        reload_dirs=[str(ROOT / "app")],
        timeout_graceful_shutdown=3,
    )


def check() -> None:
    """Format, lint, types and tests. It changes no file."""
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
