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
GATES = {"strict": 100, "critical": 80, "on-request": 0}
COVERED = re.compile(r"([\d.]+) % of the lines and branches of app/ are covered")


@pytest.mark.parametrize("answers", PAIRS, ids=label)
def test_its_tests_pass_as_rendered(answers: Mapping[str, object], tmp_path: Path) -> None:
    copy(dict(answers), tmp_path / "made")
    backend = Backend(tmp_path / "made")

    said = backend.passes("uv", "run", "pytest")

    found = COVERED.search(said)
    gate = GATES[str(answers["tdd"])]
    assert (float(found[1]) >= gate) if found else not gate


@pytest.mark.parametrize("layer", FACTORS["data_layer"])
def test_its_checks_pass_and_change_no_file(layer: str, tmp_path: Path) -> None:
    root = tmp_path / "made"
    copy({"data_layer": layer, "tdd": "strict"}, root)
    backend = Backend(root)
    backend.passes("uv", "sync")
    before = written(root)

    backend.passes("uv", "run", "check")

    assert written(root) == before


def test_its_types_hold_without_any_setting(tmp_path: Path) -> None:
    copy({"tdd": "strict"}, tmp_path / "made")
    backend = Backend(tmp_path / "made")

    backend.passes("uv", "run", "mypy", "--strict", "--config-file=", "app", "tests", "migrations")


def written(root: Path) -> dict[str, str]:
    """What git would see of a project, file by file."""
    unseen = re.compile(r"\.venv|\..*_cache|__pycache__|\.coverage|\.local|\.hypothesis|\.baton")
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not any(unseen.fullmatch(part) for part in path.parts)
    }
