"""The cases of tests/boundaries in the real client: nothing forbidden passes, all else does."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import journal
from tests.boundaries.cases import FORBIDDEN
from tests.boundaries.everyday import EVERYDAY
from tests.boundaries.names import API, ARCHITECT, BACKEND, CONTRACT, Case
from tests.boundaries.programs import PROGRAMS
from tests.boundaries.scene import Scene, build, filled, stand_in, state
from tests.clients import install
from tests.clients.claude import PATH, Call, Delegate, Result, Run, Turn
from tests.clients.conftest import program
from tests.clients.stage import Stage
from tests.support.render import Renderer

# What is refused has to be in every mode; where permissions are bypassed, nothing else refuses.
ASKING, BYPASSING = "acceptEdits", "bypassPermissions"
MODES = [
    (install.VERSION, ASKING),
    (install.VERSION, BYPASSING),
    pytest.param(install.OLDER, BYPASSING, marks=pytest.mark.slow),
]
# One case of each tool by each agent shows that a client asks; tests/boundaries has the answers.
SOME = list({(case.agent, case.tool): case for case in reversed(FORBIDDEN)}.values())
REFUSALS = [
    pytest.param(install.VERSION, BYPASSING, FORBIDDEN, id="all"),
    pytest.param(install.OLDER, BYPASSING, SOME, id="some-older"),
    pytest.param(install.OLDER, BYPASSING, FORBIDDEN, id="all-older", marks=pytest.mark.slow),
    pytest.param(install.VERSION, ASKING, FORBIDDEN, id="all-asking", marks=pytest.mark.slow),
]


@pytest.fixture(
    scope="module",
    params=[install.VERSION, pytest.param(install.OLDER, marks=pytest.mark.slow)],
)
def client(request: pytest.FixtureRequest) -> Path:
    """The client of each version; the older one plays everything in the slow tests."""
    return program(request.param)


@pytest.fixture
def scene(render: Renderer) -> Iterator[Scene]:
    """A project at work that lies in no temporary folder, where anybody may write."""
    folder = Path(tempfile.mkdtemp(prefix="scene-", dir=install.folder()))
    yield build(render({"agents_off": []}).root, folder / "scene")
    shutil.rmtree(folder)


@pytest.fixture
def stage(client: Path, scene: Scene) -> Stage:
    return Stage(client, scene.root, scene.folder.parent / "runs")


def bash(command: str) -> Call:
    return Call("Bash", {"command": command, "description": "a case"})


# No feature is open here: who changed files is asked to name one, and lets it be.
GATE = {"unfinished", "gave up", "told"}
CARD = ".claude/agents/backend-developer.md"


def delegate(scene: Scene, agent: str, cases: list[Case]) -> Delegate:
    """An agent that reads what it is to change, and then does what its cases say."""
    reads, does = [], []
    for case in cases:
        given = filled(scene, case.given)
        path = scene.root / given
        reading = Call("Read", {"file_path": str(path)})
        if case.tool in ("Bash", "Monitor"):
            does.append(replace(bash(given), tool=case.tool))
        elif case.tool == "Read":
            does.append(reading)
        else:
            reads += [reading] if path.is_file() else []
            does.append(Call(case.tool, change(case.tool, path)))
    return Delegate(agent, [*filter(None, [reads, does]), "Done."])


def change(tool: str, path: Path) -> dict[str, object]:
    """What a tool is given that changes a file."""
    if tool == "Edit":
        return {"file_path": str(path), "old_string": path.read_text(), "new_string": "x"}
    if tool == "NotebookEdit":
        return {
            "notebook_path": str(path),
            "new_source": "x",
            "cell_type": "code",
            "edit_mode": "insert",
        }
    return {"file_path": str(path), "content": "x"}


def tree(scene: Scene) -> dict[str, object]:
    """All that is there, but for git's index, the journal, and what Python keeps."""
    found = {}
    for folder, folders, files in os.walk(scene.folder):
        folders[:] = [name for name in folders if name not in (".baton", "__pycache__")]
        for name in {*files, *folders} - {"index"}:
            path = Path(folder, name)
            if path.is_symlink() or not path.is_dir():
                found[str(path.relative_to(scene.folder))] = state(path)
    return found


def grouped(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The cases by agent."""
    found: dict[str, list[Case]] = {case.agent: [] for case in cases}
    for case in cases:
        found[case.agent].append(case)
    return found


def outcomes(run: Run, by_agent: dict[str, list[Case]]) -> Iterator[tuple[Case, Result]]:
    """What became of each case."""
    for number, (agent, cases) in enumerate(by_agent.items(), start=1):
        results = run.results(f"{agent}-{number}")
        yield from zip(cases, results[-len(cases) :], strict=True)


def by_a_hook(result: Result) -> bool:
    """Whether an agent hook refused it, and not the client."""
    return "baton: " in result.text or "hook error" in result.text


def there(result: Result) -> bool:
    """Whether the machine has the program that was called."""
    return "Exit code 127" not in result.text


@pytest.mark.parametrize(("client", "mode", "cases"), REFUSALS, indirect=["client"])
def test_nothing_that_is_forbidden_gets_through(
    scene: Scene, stage: Stage, mode: str, cases: Sequence[Case]
) -> None:
    stage.edit(CARD, "tools: ", "tools: NotebookEdit, Monitor, ")
    by_agent = grouped(cases)
    before = tree(scene)
    agents = [delegate(scene, agent, cases) for agent, cases in by_agent.items()]
    run = stage.play(agents, "Done.", mode=mode)

    assert tree(scene) == before
    found = list(outcomes(run, by_agent))
    assert [case for case, result in found if not result.refused] == []
    others = [result.text for _, result in found if not by_a_hook(result)]
    assert len(others) <= 3
    assert all("No such tool available" in text for text in others)
    noted = [event for event in journal.events(str(scene.root)) if event["event"] == "refused"]
    assert len(noted) == len(found) - len(others)


def test_nothing_that_is_everyday_is_refused(scene: Scene, stage: Stage, tmp_path: Path) -> None:
    by_agent = grouped(EVERYDAY)
    path = os.pathsep.join([str(stand_in(tmp_path)), PATH])
    # A turn each: what one did may be what another looks at.
    run = stage.play(*[[delegate(scene, *each)] for each in by_agent.items()], "Done.", path=path)
    assert [each for each in outcomes(run, by_agent) if each[1].refused and there(each[1])] == []
    noted = {event["event"] for event in journal.events(str(scene.root))} - GATE
    assert noted == {"starting", "start", "used", "requested", "stop"}


def test_what_only_the_audit_can_see_is_reported(scene: Scene, stage: Stage) -> None:
    by_agent = grouped(PROGRAMS)
    before = tree(scene)
    run = stage.play(*[[delegate(scene, *each)] for each in by_agent.items()], "Done.")
    found = [each for each in outcomes(run, by_agent) if there(each[1])]
    assert [each for each in found if each[1].refused] == []
    after = tree(scene)
    paths = {f"project/{case.path}" for case, _ in found}
    assert {path for path in paths if before.get(path) != after.get(path)} == paths
    noted = journal.events(str(scene.root))
    reported = {(e["agent"], e["place"]) for e in noted if e["event"] == "changed"}
    assert {(case.agent, case.path) for case, _ in found} - reported == set()
    assert len(found) >= 10


def test_the_main_thread_hears_what_nothing_shows_to_be_an_agents(
    scene: Scene, stage: Stage
) -> None:
    """A script says nothing of what it writes, so that the change may be a person's."""
    (scene.root / "backend/make.py").write_text("open('docs/made.md', 'w').write('made')\n")
    run = stage.play([Delegate(BACKEND, [[bash("python3 backend/make.py")], "Done."])], "Done.")
    assert f"While {BACKEND} ran, these changed: docs/made.md (human)" in run.context("main")
    assert (scene.root / "docs/made.md").exists()


def test_an_agent_is_asked_to_put_back_what_it_changed(scene: Scene, stage: Stage) -> None:
    before = (scene.root / CONTRACT).read_text()
    writing = f"python3 -c \"open('{CONTRACT}', 'w').write('x')\""
    restoring = f"python3 team/baton.py restore {CONTRACT}"
    turns: list[Turn] = [[bash(writing)], "Done.", [bash(restoring)], "Done, and put back."]
    run = stage.play([Delegate(BACKEND, turns)], "Done.")
    assert f"{BACKEND} changed what is not its own" in run.context(f"{BACKEND}-1")
    assert [result.refused for result in run.results(f"{BACKEND}-1")] == [False, False]
    assert (scene.root / CONTRACT).read_text() == before


def test_what_was_refused_is_asked_for_and_the_owner_is_told(scene: Scene, stage: Stage) -> None:
    reading = Call("Read", {"file_path": str(scene.root / CONTRACT)})
    asking = bash(f"python3 team/baton.py request {API} 'a cursor, it grows' --from {BACKEND}")
    line = {"file_path": str(scene.root / "handoff/architect/requests.md")}
    writing = Call("Write", {**line, "content": f"- [ ] {API}: one shape of errors\n"})
    run = stage.play(
        [Delegate(BACKEND, [[reading], [stage.write(CONTRACT)], [asking], "Asked."])],
        [Delegate(ARCHITECT, [[writing], "Asked."])],
        [Delegate(API, ["Told."])],
        "Done.",
    )
    _, refused, asked = run.results(f"{BACKEND}-1")
    assert refused.refused
    assert f"python3 team/baton.py request {API}" in refused.text
    assert not asked.refused
    told = run.context(f"{API}-3")
    assert f"{BACKEND} asks: a cursor, it grows" in told
    assert f"{ARCHITECT} asks: one shape of errors" in told


@pytest.mark.parametrize(("client", "mode"), MODES, indirect=["client"])
def test_the_main_thread_writes_and_asks_where_a_person_has_to_agree(
    scene: Scene, stage: Stage, mode: str
) -> None:
    names = ("docs/new.md", "tasks/items/README.md", ".claude/settings.local.json", "team/x.py")
    calls = [*map(stage.write, names), *(bash(f"echo x > {name}.txt") for name in names)]
    run = stage.play([*calls, bash("f() { rm frontend/README.md; }; f")], "Done.", mode=mode)
    found = run.results("main")
    # Where a person lets the client ask nothing, it does not ask for its own folder either.
    asks = mode != "bypassPermissions"
    assert [result.refused for result in found] == [False, False, asks, True] * 2 + [False]
    assert all("belongs to a person, who has to agree" in found[at].text for at in (3, 7))
    assert [name for name in names if (scene.root / name).exists()] == [*names[: 2 if asks else 3]]
    assert not (scene.root / "frontend/README.md").exists()


def test_an_agent_starts_where_the_main_thread_stands(scene: Scene, stage: Stage) -> None:
    turns: list[Turn] = [[bash(f"echo x > ../{CONTRACT}"), bash("echo x > app/new.py")], "Done."]
    before = (scene.root / CONTRACT).read_text()
    run = stage.play([bash("cd backend")], [Delegate(BACKEND, turns)], "Done.")
    assert [by_a_hook(result) for result in run.results(f"{BACKEND}-1")] == [True, False]
    assert (scene.root / CONTRACT).read_text() == before
    assert (scene.root / "backend/app/new.py").read_text() == "x\n"


def test_a_worktree_has_the_same_boundaries(scene: Scene, stage: Stage) -> None:
    there = scene.root / CONTRACT
    before = there.read_text()
    commands = (f"echo x > {CONTRACT}", f"echo x > {there}", "echo x > backend/app/new.py")
    isolated = Delegate(BACKEND, [[*map(bash, commands)], "Done."], isolated=True)
    run = stage.play([isolated], "Done.")
    assert [by_a_hook(result) for result in run.results(f"{BACKEND}-1")] == [True, True, False]
    assert there.read_text() == before
    assert not (scene.root / "backend/app/new.py").exists()
    (made,) = (scene.root / ".claude/worktrees").glob("agent-*/backend/app/new.py")
    assert made.read_text() == "x\n"
    noted = [event["event"] for event in journal.events(str(scene.root))]
    events = [event for event in noted if event not in GATE]
    assert events == ["starting", "start", "refused", "refused", "used", "stop"]
