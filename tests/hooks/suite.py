"""A project whose tests are run as an agent runs them, with the plugin that lies in it."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.hooks.teamwork import Teamwork

TEST = "backend/tests/test_tags.py"
RED = "def test_one() -> None:\n    assert False\n"
GREEN = "def test_one() -> None:\n    assert True\n"
CALLING = """\
import sys

sys.path.insert(0, "backend")


def test_it() -> None:
    from app.tags import two

    assert two(1) == 2
"""
TWO = """\
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def two(number: int) -> int:
    if number > 5:
        return 7
    return number + 1
"""


def run(work: Teamwork, *words: str, folder: str = ".") -> int:
    """Runs the tests as an agent does, with the plugin that lies in the project."""
    known = {name: value for name, value in os.environ.items() if name[:7] != "PYTEST_"}
    known |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "team.outcome"]
    done = subprocess.run(
        [*command, *words], cwd=work.root / folder, env=known, capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode


def noted(work: Teamwork) -> dict[str, Any]:
    found = json.loads((work.root / ".baton" / "tests.json").read_text())
    assert isinstance(found, dict)
    return found
