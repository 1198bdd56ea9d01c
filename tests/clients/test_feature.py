"""A whole feature in the real client: nine agents hand over, and one of them never does."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import status
from tests.clients import install
from tests.clients.claude import PATH, Call, Delegate, Run, Turn
from tests.clients.plot import (
    ANSWERS,
    CODE,
    CONTRACT,
    FEATURE,
    SEARCH,
    SEARCHING,
    TEST,
    TESTING,
    UNTESTED,
    Plot,
    build,
)
from tests.clients.stage import Stage
from tests.hooks.program import baton
from tests.support.render import Renderer

pytestmark = pytest.mark.slow

UX, ARCHITECT, DATA, API = "ui-ux-designer", "architect", "database-architect", "api-designer"
BACKEND, FRONTEND, OPS = "backend-developer", "frontend-developer", "devops-engineer"
TESTER, REVIEWER = "test-engineer", "code-reviewer"
PYTEST = "python -m pytest -q -p team.outcome -p no:cacheprovider"
ASKING = f"python3 team/baton.py request {OPS} 'copy app into the image' --from {BACKEND}"


@pytest.fixture
def stage(client: Path, render: Renderer) -> Iterator[Stage]:
    """A repository that lies in no temporary folder, where anybody may write."""
    folder = Path(tempfile.mkdtemp(prefix="feature-", dir=install.folder()))
    root = build(render(ANSWERS).root, folder / "project")
    yield Stage(client, root, folder / "runs")
    shutil.rmtree(folder)


def bash(command: str) -> Call:
    return Call("Bash", {"command": command, "description": "scripted"})


def designing(plot: Plot) -> list[Turn]:
    """Needs first, then the design; one agent hands over too little, one would start too early."""
    needs = {agent: f"handoff/{agent}/{FEATURE}-needs.md" for agent in (FRONTEND, OPS)}
    asked = [
        Delegate(agent, [[plot.write(place, "A list.\n")], "Needed."], prompt=f"State {place}.")
        for agent, place in needs.items()
    ]
    early = Delegate(BACKEND, ["Never said."], prompt="Too early.")
    flow, plan = "docs/design/search.md", "docs/architecture.md"
    beside = [
        Delegate(UX, [[plot.write(flow, "# Search\n")], [plot.hand(UX, [flow])], "Done."]),
        Delegate(
            ARCHITECT,
            [
                plot.read(plan),
                [plot.write(plan, "# Plan\n")],
                [plot.hand(ARCHITECT, [plan])],
                "Done.",
            ],
        ),
    ]
    tables = "docs/database/README.md"
    half: list[Turn] = [plot.read(tables), [plot.write(tables, "# Notes\n")]]
    half += [[plot.hand(DATA, [tables], left="TODO")], "Done.", [plot.hand(DATA, [tables])]]
    spec: list[Turn] = [plot.read(CONTRACT), [plot.write(CONTRACT, SEARCH)]]
    spec += [[plot.hand(API, [CONTRACT])], "Done."]
    return [
        [bash(f"python3 team/baton.py feature open {FEATURE}")],
        asked,
        [early],
        beside,
        [Delegate(DATA, [*half, "Done again."])],
        [Delegate(API, spec)],
    ]


def building(plot: Plot) -> list[Turn]:
    """Side by side; a boundary, a request, a stale input, a red test, its code, a missing line."""
    files = [CODE, TEST]
    code: list[Turn] = [[plot.write(CODE, UNTESTED)], [plot.write(TEST, TESTING)], [bash(PYTEST)]]
    code += [[plot.write(CODE, UNTESTED)], [plot.write("Dockerfile", "FROM x\n")], [bash(ASKING)]]
    stale, whole = plot.hand(BACKEND, files, old=CONTRACT), plot.hand(BACKEND, files)
    code += [[stale], "Done.", [whole], [bash(PYTEST)], "Done again."]
    code += [[plot.write(CODE, SEARCHING)], [bash(PYTEST)], "Done at last."]
    screen = "frontend/search.html"
    pages: list[Turn] = [[plot.write(screen, "<form>\n")], [plot.hand(FRONTEND, [screen])], "Done."]
    case = "tests/acceptance/test_words.py"
    tests: list[Turn] = [[plot.write(case, TESTING)], [bash(PYTEST)], [plot.hand(TESTER, [case])]]
    image: list[Turn] = [plot.read("Dockerfile"), [plot.write("Dockerfile", "COPY app app\n")]]
    image += [[plot.hand(OPS, ["Dockerfile"])], "Done."]
    tick = f"sed -i 's/- \\[ \\]/- [x]/' handoff/{BACKEND}/requests.md"
    return [
        [Delegate(BACKEND, code), Delegate(FRONTEND, pages)],
        [Delegate(TESTER, [*tests, "Done."]), Delegate(OPS, image)],
        [bash(tick)],
        [Delegate(REVIEWER, ["Merge it."] * 9)],
        "All is reported.",
    ]


def board(root: Path) -> dict[str, str]:
    (feature,) = status.board(str(root))["features"]
    return {at["agent"]: at["state"] for at in feature["agents"]}


def texts(run: Run, actor: str) -> list[str]:
    return [result.text for result in run.results(actor) if result.refused]


def test_nine_agents_and_a_feature(stage: Stage) -> None:
    plot = Plot(stage.root)
    path = str(Path(sys.executable).parent) + os.pathsep + PATH
    run = stage.play(*designing(plot), *building(plot), path=path)
    numbers = {actor.rpartition("-")[0]: actor for actor in run.script}

    assert "waits for what others hand over of search" in texts(run, "main")[0], (
        "nobody starts too early"
    )
    assert "TODO" in run.context(numbers[DATA])
    backend = numbers[BACKEND]
    first, boundary = texts(run, backend)[0], texts(run, backend)[-1]
    assert "waits for a failing test of search" in first
    assert f"Dockerfile belongs to {OPS}" in boundary
    said = run.context(backend)
    assert f"stale: read {CONTRACT} again" in said
    assert f"no test runs line 7 of {CODE}" in said
    assert f"{BACKEND} asks: copy app into the image" in run.context(numbers[OPS])
    assert run.context(numbers[REVIEWER]).count("has not handed over") >= 3
    assert f"{REVIEWER} ended and owes" in run.context("main")

    done = dict.fromkeys((UX, ARCHITECT, DATA, API, BACKEND, FRONTEND), "handed over")
    assert board(stage.root) == {
        **done,
        OPS: "handed over",
        TESTER: "handed over",
        REVIEWER: "gave up",
    }
    found = json.loads(baton(stage.root, "status", "--json").stdout)
    assert found["requests"] == []
    assert found["denials"] == 3
    green = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=stage.root,
        capture_output=True,
        check=False,
    )
    assert green.returncode == 0, green.stdout.decode()
    assert (stage.root / CODE).read_text() == SEARCHING
    code, out, _ = baton(stage.root, "doctor", env={"HOME": str(stage.root.parent)})
    assert [line for line in out.splitlines() if "Fix" not in line] == ["9 checks, all well."]
    assert code == 0
    code, out, _ = baton(stage.root, "feature", "close", FEATURE)
    assert (code, out.split(":")[0]) == (1, REVIEWER)
