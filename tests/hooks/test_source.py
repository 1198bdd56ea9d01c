"""The programs as files: what they may contain, and that they are rendered as they stand."""

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.hooks.program import HOOKS
from tests.support.render import Renderer
from tests.support.template import ROOT

PROGRAMS = sorted(HOOKS.glob("*.py"))
NAMES = [path.name for path in PROGRAMS]

# Lines that are not blank (decision 0015): of what can refuse something, with all that it imports,
# and of all programs. They lie in people's repositories.
MOST_THAT_REFUSE, MOST = 2011, 3136


def imported(tree: ast.AST) -> set[str]:
    """The first names of what a program imports."""
    plain = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    parts = {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | parts}


@pytest.mark.parametrize("path", PROGRAMS, ids=NAMES)
def test_it_is_python_3_9_and_needs_the_standard_library_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    beside = {program.stem for program in PROGRAMS}
    assert imported(tree) <= sys.stdlib_module_names | beside | {"__future__"}


@pytest.mark.parametrize("path", PROGRAMS, ids=NAMES)
def test_it_holds_nothing_that_jinja_would_read(path: Path) -> None:
    assert not [sign for sign in ("{{", "{%", "{#") if sign in path.read_text()]


@pytest.mark.parametrize("path", PROGRAMS, ids=NAMES)
def test_its_template_is_one_line(path: Path) -> None:
    template = ROOT / "template" / "team" / f"{path.name}.jinja"
    assert template.read_text() == f"{{% include 'hooks/{path.name}' -%}}\n"


def lines(names: Iterable[str]) -> int:
    texts = ((HOOKS / f"{name}.py").read_text() for name in names)
    return sum(bool(line.strip()) for text in texts for line in text.splitlines())


def test_together_they_are_small() -> None:
    assert lines(path.stem for path in PROGRAMS) <= MOST


def test_what_can_refuse_is_small_enough_to_read() -> None:
    beside = {path.stem for path in PROGRAMS}
    known, found = set[str](), {"baton"}
    while new := found - known:
        known |= new
        for name in new:
            found |= imported(ast.parse((HOOKS / f"{name}.py").read_text())) & beside
        found -= {"sync"}  # which a person starts, and no call of a tool
    assert {"guard", "audit", "gate", "shell"} <= known
    assert not {"doctor", "overlap", "status", "page", "fill"} & known
    assert lines(known) <= MOST_THAT_REFUSE


def test_they_are_rendered_byte_for_byte(render: Renderer) -> None:
    team = render({}).root / "team"
    assert sorted(path.name for path in team.glob("*.py")) == NAMES
    assert all((team / path.name).read_bytes() == path.read_bytes() for path in PROGRAMS)


def test_nothing_shadows_the_standard_library() -> None:
    """Their folder comes first on the path that they import from."""
    assert not {path.stem for path in PROGRAMS} & sys.stdlib_module_names
