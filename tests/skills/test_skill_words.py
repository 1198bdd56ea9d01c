"""What the skills say follows the tables: who owns a deployment, who works beside whom."""

import json
import re
from collections.abc import Mapping
from typing import cast

import pytest

from tests.support import strict_yaml
from tests.support.render import Render, Renderer

# By service, its part; here only `environment` is looked at.
Services = Mapping[str, Mapping[str, Mapping[str, str]]]
# The services of a layer's compose file.
LAYERS = {"sqlalchemy": {"api", "migrate", "postgres"}, "supabase": {"api"}}
DEPLOYERS = {
    (): "`devops-engineer` goes through this",
    ("devops-engineer",): "`backend-developer` owns deployment",
    ("devops-engineer", "backend-developer"): "Deployment is a person's",
}


def skill(made: Render, name: str) -> str:
    return made.files[f".claude/skills/{name}/SKILL.md"]


def services(files: Mapping[str, str]) -> Services:
    """What the compose file of a project starts."""
    return cast("Mapping[str, Services]", strict_yaml.load(files["compose.yaml"]))["services"]


@pytest.mark.parametrize("off", DEPLOYERS, ids=lambda off: "-".join(off) or "nobody")
@pytest.mark.parametrize("stack", ["fastapi", "existing"])
def test_the_owner_of_the_image_goes_live(
    off: tuple[str, ...], stack: str, render: Renderer
) -> None:
    made = render({"stack": stack, "agents_off": list(off)})
    assert [words for words in DEPLOYERS.values() if words in skill(made, "go-live")] == [
        DEPLOYERS[off]
    ]


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("stack", ["fastapi", "existing"])
def test_the_step_that_is_run_was_named(layer: str, stack: str, render: Renderer) -> None:
    text = skill(render({"stack": stack, "data_layer": layer}), "go-live")
    assert text.index("The step is called `migrate`") < text.index("Run `migrate`")


def test_migrations_are_run_by_one_command(render: Renderer) -> None:
    made = render({"data_layer": "supabase"})
    for said in (made.files["supabase/migrations/README.md"], skill(made, "go-live")):
        assert "`uv run migrate`" in said
    assert "uv run migrate" not in skill(
        render({"data_layer": "supabase", "stack": "existing"}), "go-live"
    )


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_brings_the_services_it_needs(layer: str, render: Renderer) -> None:
    assert set(services(render({"data_layer": layer}).files)) == LAYERS[layer]


@pytest.mark.parametrize("sse", [True, False])
@pytest.mark.parametrize("layer", LAYERS)
def test_the_image_is_told_what_its_layer_and_the_stream_need(
    layer: str, render: Renderer, *, sse: bool
) -> None:
    made = render({"data_layer": layer, "sse": sse}).files
    told = services(made)["api"]["environment"]
    commands = [
        re.findall(r"(\w+)=", line)
        for file in ("compose.yaml", "README.md")
        for line in made[file].splitlines()
        if "docker compose up --build" in line
    ]
    asked = [name for name, value in told.items() if ":?" in value]

    assert commands == [asked, asked]
    assert ("DATABASE_URL" in told) is (sse or layer == "sqlalchemy")
    assert ("events" in made["backend/.env.example"]) is sse


def test_the_order_and_the_map_name_the_same_neighbours(render: Renderer) -> None:
    made = render({"agents_off": []})
    said = {
        name: [] if others == "nobody" else others.split(", ")
        for name, others in re.findall(
            r"^\| \d+ \| \w+ \| `([\w-]+)` \| [^|]+ \| ([^|]+) \|$",
            skill(made, "feature"),
            re.MULTILINE,
        )
    }
    rows = json.loads(made.files["team/team.json"])["agents"]
    assert said == {row["name"]: row["beside"] for row in rows}


@pytest.mark.parametrize("name", ["add-endpoint", "stream-events"])
@pytest.mark.parametrize("stack", ["fastapi", "existing"])
def test_an_example_is_named_where_there_is_one(name: str, stack: str, render: Renderer) -> None:
    made = render({"stack": stack, "sse": True})
    there = f".claude/skills/{name}/example.md" in made.files
    assert there is ("`example.md` beside this file" in skill(made, name)) is (stack == "fastapi")
