"""The cases without a client: what the guard says, and what each does where nothing guards it."""

import json
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import zones
from tests.boundaries.cases import FORBIDDEN
from tests.boundaries.conftest import Decide
from tests.boundaries.everyday import EVERYDAY
from tests.boundaries.names import AGENTS, STRANGER, Case
from tests.boundaries.programs import PROGRAMS
from tests.boundaries.scene import Scene, filled, state, told
from tests.hooks.program import baton

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scene is built by bash")
in_linux = pytest.mark.skipif(sys.platform != "linux", reason="the programs are those of Linux")

SHELL = [case for case in FORBIDDEN if case.tool == "Bash"]
# What cannot be shown everywhere, by the program that is called.
NOT_TRIED = {
    "uv": "it needs the network",
    "npm": "it needs the network",
    "yq": "there are two programs of this name",
}
REASON = re.compile(r"(.+?) (belongs to (?:a person|[\w-]+)|is outside the repository)")


def ids(cases: list[Case] | tuple[Case, ...]) -> list[str]:
    return [f"{case.agent}-{case.tool}-{case.form}" for case in cases]


def test_there_are_enough_and_each_is_another() -> None:
    assert len(FORBIDDEN) >= 120
    assert len(EVERYDAY) >= 100
    forbidden = Counter(case.agent for case in FORBIDDEN)
    everyday = Counter(case.agent for case in EVERYDAY)
    assert {agent for agent in AGENTS if min(forbidden[agent], everyday[agent]) >= 5} == {*AGENTS}
    for cases in (FORBIDDEN, PROGRAMS):
        assert len(set(ids(cases))) == len(cases)
        assert len({(case.agent, case.tool, case.given) for case in cases}) == len(cases)


@pytest.mark.parametrize("case", FORBIDDEN, ids=ids(FORBIDDEN))
def test_what_is_forbidden_is_refused_and_says_whose_it_is(
    scene: Scene, decide: Decide, case: Case
) -> None:
    answer = decide(case)
    reason = answer.reason
    assert reason
    assert not answer.ask
    if case.agent == STRANGER:
        assert f"{STRANGER} is not in team/team.json" in reason
    elif found := REASON.match(reason):
        team = zones.load(str(scene.root))
        place = team.place(str(scene.root / found[1]))
        assert found[2] == whose(team, place)
        assert place is None or team.owner(place) != case.agent
        if case.tool != "Bash":
            assert place == team.place(str(scene.path(case.path)))
    else:
        others = (
            "Write it plainly",
            "holds the repository",
            f"nothing says what {case.tool} writes",
        )
        assert any(other in reason for other in others)


def whose(team: zones.Team, place: str | None) -> str:
    if place is None:
        return "is outside the repository"
    return f"belongs to {team.owner(place).replace(zones.HUMAN, 'a person')}"


def test_most_refusals_name_an_owner(decide: Decide) -> None:
    named = [case for case in FORBIDDEN if REASON.match(decide(case).reason)]
    assert len(named) >= 200


@pytest.mark.parametrize("case", EVERYDAY, ids=ids(EVERYDAY))
def test_what_is_everyday_may_go_on(decide: Decide, case: Case) -> None:
    assert not decide(case).reason


@pytest.mark.parametrize("case", PROGRAMS, ids=ids(PROGRAMS))
def test_a_program_may_run(decide: Decide, case: Case) -> None:
    assert not decide(case).reason


@pytest.fixture
def own(scene: Scene, tmp_path: Path) -> Iterator[Scene]:
    """A scene that a test may change."""
    yield scene.copy(tmp_path / "scene")
    shutil.rmtree(tmp_path / "scene", ignore_errors=True)


@in_linux
@pytest.mark.parametrize("case", [*SHELL, *PROGRAMS], ids=ids([*SHELL, *PROGRAMS]))
def test_without_a_guard_it_does_what_it_says(own: Scene, served: str, case: Case) -> None:
    """So that no case is of straw."""
    words = re.split(r"[ ;|&\n]+", case.given)
    if why := next((NOT_TRIED[word] for word in words if word in NOT_TRIED), None):
        pytest.skip(why)
    path = own.path(case.path)
    before = state(path)
    done = own.bash(filled(own, case.given).replace("http://localhost:8000", served))
    if done.returncode == 127:
        pytest.skip(done.stderr)
    assert state(path) != before, done


def test_a_path_that_is_given_is_the_one_it_says(scene: Scene) -> None:
    cases = [case for case in FORBIDDEN if case.tool in ("Write", "Edit", "NotebookEdit")]
    given = [os.path.realpath(scene.root / filled(scene, case.given)) for case in cases]
    assert given == [os.path.realpath(scene.path(case.path)) for case in cases]


@in_linux
@pytest.mark.parametrize(
    "case", [case for case in EVERYDAY if case.tool == "Bash"], ids=lambda case: case.given
)
def test_what_is_everyday_works_and_changes_what_is_its_own(
    own: Scene, served: str, standing_in: Path, case: Case
) -> None:
    before = texts(own.root)
    done = own.bash(case.given.replace("http://localhost:8000", served), str(standing_in))
    if done.returncode == 127:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done
    after = texts(own.root)
    team = zones.load(str(own.root))
    changed = {path for path in {**before, **after} if before.get(path) != after.get(path)}
    places = {path: team.place(str(own.root / path)) or "" for path in changed}
    assert [path for path in changed if team.owner(places[path]) != case.agent] == []


def texts(root: Path) -> dict[str, object]:
    """Every file of the project but git's own and the journal."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", ".baton")]
        for name in {*files, *folders}:
            path = Path(folder, name)
            if path.is_symlink() or (path.is_file() and name != ".git"):
                found[path.relative_to(root).as_posix()] = state(path)
    return found


@pytest.mark.parametrize("case", [FORBIDDEN[0], SHELL[0], EVERYDAY[0], EVERYDAY[-1], PROGRAMS[0]])
def test_the_program_says_the_same(scene: Scene, decide: Decide, case: Case) -> None:
    reason = decide(case).reason
    code, out, err = baton(scene.root, "guard", stdin=told(scene, case))
    assert code == (2 if reason else 0)
    assert err == (f"baton: {reason}\n" if reason else "")
    assert (json.loads(out)["permissionDecisionReason"] if out else "") == reason
