"""docs/boundaries.md says what the cases say."""

import re

import zones
from tests.boundaries.cases import FORBIDDEN
from tests.boundaries.everyday import EVERYDAY
from tests.boundaries.names import Case
from tests.boundaries.programs import PROGRAMS
from tests.boundaries.table import code, page, whose
from tests.support.generated import generated
from tests.support.render import Renderer
from tests.support.template import ROOT

PAGE = ROOT / "docs" / "boundaries.md"


def test_the_page_is_made_from_the_cases(render: Renderer, *, regenerate: bool) -> None:
    team = zones.load(str(render({"agents_off": []}).root))
    generated(PAGE, page(team), regenerate=regenerate)


def test_every_case_is_a_row(render: Renderer) -> None:
    text = page(zones.load(str(render({"agents_off": []}).root)))
    lines = text.splitlines()
    assert sum("| the guard, " in line for line in lines) == len(FORBIDDEN)
    assert sum("| the audit, " in line for line in lines) == len(PROGRAMS)
    assert all(code(case.given) in text or case.tool != "Bash" for case in EVERYDAY)
    assert len({*lines} - {""}) >= len([line for line in lines if line]) - 4  # heads of tables


def test_a_row_has_six_cells_whatever_is_called(render: Renderer) -> None:
    text = page(zones.load(str(render({"agents_off": []}).root)))
    for line in text.splitlines():
        if "| the guard, " in line or "| the audit, " in line:
            assert len(re.findall(r"(?<!\\)\|", line)) == 7, line


def test_whose_a_path_is_stands_in_the_map(render: Renderer) -> None:
    team = zones.load(str(render({"agents_off": []}).root))

    def said(path: str, tool: str = "Write", agent: str = "backend-developer") -> str:
        return whose(team, Case("", agent, tool, path, path))

    assert said("docs/openapi.yaml") == "api-designer"
    assert said(".claude/worktrees/one/docs/openapi.yaml") == "api-designer"
    assert said("backend/dockerfile") == "a person"
    assert said("../x") == said("~/x") == "outside the repository"
    assert said("x", "Scribble") == "nothing says what the tool writes"
    assert said("x", agent="general-purpose") == "nobody's who is not in the team"
