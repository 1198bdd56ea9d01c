"""What the repository promises of its own files."""

import re
from pathlib import Path

from tests.support.template import PARTS, ROOT

FOLDERS = (*PARTS, "sync", "tests", "benchmarks")
FILES = [path for part in FOLDERS for path in (ROOT / part).rglob("*") if path.is_file()]
PYTHON = [path for path in FILES if re.search(r"\.py(\.jinja)?$", path.name)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_python_files_are_short() -> None:
    long = [name(path) for path in PYTHON if len(path.read_text("utf-8").splitlines()) > 300]
    assert not long


def test_python_in_the_template_has_no_conditions() -> None:
    template = [path for path in PYTHON if name(path).startswith(("template/", "hooks/"))]
    assert len(template) > 20
    assert not [name(path) for path in template if "{% if" in path.read_text("utf-8")]


def test_names_in_the_template_work_everywhere() -> None:
    template = [name(path) for path in FILES if name(path).startswith("template/")]
    assert not [path for path in template if re.search(r'["|<>?:\\]|{% *if', path)]
