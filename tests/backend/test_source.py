"""The backend as files: what people copy from is short, plain and explained."""

import re
from pathlib import Path

import pytest

from tests.support.template import ROOT

BACKEND = ROOT / "template" / "backend"
FILES = sorted(path for path in BACKEND.rglob("*.py*") if path.suffix in {".py", ".jinja"})
APP = [path for path in FILES if path.is_relative_to(BACKEND / "app")]
MOST_LINES = 250

# What makes sense of one data layer alone is known to its adapters, its tests and its migrations.
SUBSTITUTED = ("app/features.py.jinja", "app/layer.py.jinja", "tests/layer.py.jinja")
ANY = re.compile(r"\bAny\b")


def name(path: Path) -> str:
    return path.relative_to(BACKEND).as_posix()


def unexplained(source: str) -> list[int]:
    """The lines that use `Any` with no comment at them or right above them, but for imports."""
    lines = source.splitlines()
    return [
        number
        for number, line in enumerate(lines, start=1)
        if ANY.search(line.partition("#")[0])
        and "import" not in line
        and "#" not in line
        and not lines[number - 2].lstrip().startswith("#")
    ]


def test_no_file_is_long() -> None:
    long = {name(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert not {path: lines for path, lines in long.items() if lines > MOST_LINES}


def test_only_the_seams_are_substituted() -> None:
    assert {name(path) for path in FILES if path.name.endswith(".py.jinja")} <= set(SUBSTITUTED)


@pytest.mark.parametrize("path", APP, ids=name)
def test_each_any_is_explained(path: Path) -> None:
    assert not unexplained(path.read_text("utf-8"))


def test_an_any_without_a_reason_is_found() -> None:
    source = "from typing import Any\n\n# JSON.\na: Any\nb: Any  # JSON\nc: Any\n"
    assert unexplained(source) == [6]
