"""A rendered backend is green as it is: nothing has to be installed, started or filled in."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.answers import all_pairs, label
from tests.support.backend import Backend
from tests.support.render import copy

# The answers of which the backend knows, and texts that could break one of its files.
FACTORS: Mapping[str, tuple[object, ...]] = {
    "data_layer": ("sqlalchemy", "supabase"),
    "tdd": ("strict", "critical", "on-request"),
    "sse": (True, False),
    "description": ("Rooms for rent", 'It\'s "quoted": 100 % + #1 = a/b & (c) *d* - @e!'),
    "license": ("MIT", "proprietary"),
}
PAIRS = list(all_pairs(FACTORS))
# What the checks below leave: the layers without the stream, each with another gate and licence.
QUIET = [
    {"data_layer": "sqlalchemy", "tdd": "critical", "sse": False, "license": "proprietary"},
    {"data_layer": "supabase", "tdd": "on-request", "sse": False, "license": "MIT"},
]
GATES = {"strict": 100, "critical": 80, "on-request": 0}
COVERED = re.compile(r"([\d.]+) % of the lines and branches of app/ are covered")


@pytest.mark.parametrize(
    "answers",
    [
        *(pytest.param(row, id=label(row)) for row in QUIET),
        *(pytest.param(row, id=label(row), marks=pytest.mark.slow) for row in PAIRS),
    ],
)
def test_its_tests_pass_as_rendered(answers: Mapping[str, object], tmp_path: Path) -> None:
    copy(dict(answers), tmp_path / "made")
    backend = Backend(tmp_path / "made")

    assert is_covered(backend.passes("uv", "run", "pytest"), str(answers["tdd"]))


def is_covered(said: str, tdd: str) -> bool:
    """Whether a run of the tests says that as much is covered as this strictness asks."""
    found = COVERED.search(said)
    return float(found[1]) >= GATES[tdd] if found else not GATES[tdd]


@pytest.mark.parametrize("layer", FACTORS["data_layer"])
def test_its_checks_pass_and_change_no_file(layer: str, tmp_path: Path) -> None:
    root = tmp_path / "made"
    copy({"data_layer": layer, "tdd": "strict", "description": FACTORS["description"][1]}, root)
    backend = Backend(root)
    backend.passes("uv", "sync")
    before = written(root)

    assert is_covered(backend.passes("uv", "run", "check"), "strict")

    assert written(root) == before
    # Its types hold without any setting.
    backend.passes("uv", "run", "mypy", "--strict", "--config-file=", ".")


def written(root: Path) -> dict[str, str]:
    """What git would see of a project, file by file."""
    unseen = re.compile(r"\.venv|\..*_cache|__pycache__|\.coverage|\.local|\.hypothesis|\.baton")
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not any(unseen.fullmatch(part) for part in path.parts)
    }
