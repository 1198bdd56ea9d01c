"""The five recipes as they are rendered, so that one changed word shows in a diff."""

import shutil
from collections.abc import Mapping

import pytest

from tests.support.answers import RECIPES
from tests.support.generated import generated
from tests.support.render import Render, Renderer
from tests.support.template import ROOT

SNAPSHOTS = ROOT / "tests" / "snapshots"


def snapshot(project: Render) -> Mapping[str, str]:
    """The agents, the map and the names of all files."""
    agents = {
        f"agents/{name.removeprefix('.claude/agents/')}": text
        for name, text in project.files.items()
        if name.startswith(".claude/agents/")
    }
    tree = "".join(f"{name}\n" for name in sorted(project.files))
    return {**agents, "team.json": project.files["team/team.json"], "tree.txt": tree}


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_is_rendered_as_it_was(recipe: str, render: Renderer, *, regenerate: bool) -> None:
    folder = SNAPSHOTS / recipe
    files = snapshot(render({"recipe": recipe}))
    if regenerate:
        shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        generated(folder / name, text, regenerate=regenerate)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == files.keys(), "uv run pytest --regenerate"


def test_no_snapshot_is_left_of_a_recipe_that_is_gone() -> None:
    assert {path.name for path in SNAPSHOTS.iterdir() if path.is_dir()} <= {*RECIPES}
