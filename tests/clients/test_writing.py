"""The guard in the real client: what it refuses, and that nothing else would."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.claude import PATH, Call, Delegate, Result, Turn
from tests.clients.stage import SetStage, Stage

CONTRACT, CODE = "docs/openapi.yaml", "backend/app/written_by_a_test.py"


def content(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def backend_developer_writes(here: Stage, *names: str) -> list[Result]:
    """What became of each file that the agent set out to write."""
    turns = [[here.write(name)] for name in names]
    run = here.play([Delegate("backend-developer", [*turns, "Done."])], "Done.")
    return run.results("backend-developer-1")


def nobody_starts(here: Stage, path: str = PATH) -> Result:
    """What became of the call of an agent that would write, and did not."""
    turns: list[Turn] = [[here.write(CODE)], "Done."]
    run = here.play([Delegate("backend-developer", turns)], "Done.", path=path)
    (called,) = run.results("main")
    assert called.refused
    assert not (here.root / CODE).exists()
    return called


def test_an_agent_writes_what_it_owns_and_nothing_else(stage: SetStage) -> None:
    here = stage({})
    before = content(here.root / CONTRACT)
    refused, written = backend_developer_writes(here, CONTRACT, CODE)

    assert refused.refused
    assert f"{CONTRACT} belongs to api-designer" in refused.text
    assert content(here.root / CONTRACT) == before
    assert not written.refused
    assert content(here.root / CODE) == "written\n"


def test_without_its_entry_the_same_write_goes_through(stage: SetStage) -> None:
    here = stage({})
    path = here.root / ".claude" / "settings.json"
    settings = json.loads(path.read_text())
    del settings["hooks"]["PreToolUse"]
    path.write_text(json.dumps(settings))

    (written,) = backend_developer_writes(here, CONTRACT)
    assert not written.refused
    assert content(here.root / CONTRACT) == "written\n"


def test_who_is_not_in_the_team_may_read_and_the_main_thread_may_write(stage: SetStage) -> None:
    here = stage({})
    reading = Call("Read", {"file_path": str(here.root / "team" / "team.json")})
    stranger = Delegate("general-purpose", [[reading], [here.write(CODE)], "Done."])
    run = here.play([stranger], [here.write(CONTRACT)], "Done.")

    read, refused = run.results("general-purpose-1")
    assert not read.refused
    assert refused.refused
    assert "general-purpose is not in team/team.json" in refused.text
    assert not (here.root / CODE).exists()
    assert content(here.root / CONTRACT) == "written\n"


def without_a_map(here: Stage) -> None:
    (here.root / "team" / "team.json").unlink()


def with_a_broken_program(here: Stage) -> None:
    (here.root / "team" / "baton.py").write_text("def")


def without_a_program(here: Stage) -> None:
    (here.root / "team" / "baton.py").unlink()


def test_a_guard_without_a_map_refuses_every_write(stage: SetStage) -> None:
    here = stage({})
    without_a_map(here)
    (refused,) = backend_developer_writes(here, CODE)
    assert refused.refused
    assert not (here.root / CODE).exists()


@pytest.mark.parametrize("spoil", [with_a_broken_program, without_a_program])
def test_a_guard_that_cannot_run_lets_no_agent_start(
    stage: SetStage, spoil: Callable[[Stage], None]
) -> None:
    here = stage({})
    spoil(here)
    nobody_starts(here)


def test_a_machine_without_python_lets_no_agent_start(stage: SetStage, tmp_path: Path) -> None:
    nobody_starts(stage({}), path=str(tmp_path))


def test_a_person_can_turn_it_off_as_it_says(stage: SetStage) -> None:
    here = stage({})
    without_a_map(here)
    (refused,) = backend_developer_writes(here, CONTRACT)
    setting, _, name = (
        refused.text.partition("a person sets ")[2].partition(". ")[0].partition(" in ")
    )
    assert setting == '"disableAllHooks": true'
    (here.root / name.rstrip(".\n")).write_text(f"{{{setting}}}")
    (written,) = backend_developer_writes(here, CONTRACT)
    assert not written.refused
