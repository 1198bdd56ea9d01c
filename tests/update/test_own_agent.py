"""An update leaves an agent of one's own as it is, and the map that it brings has it too."""

import json
from pathlib import Path

import pytest

import command
import zones
from tests.hooks.own import CARD, FORM, OWN, PHONES, PLACE, own, put
from tests.update.history import GIT, History, commit, copy, edit, update
from tests.update.versions import NEW_AGENT


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    return History(tmp_path / "template")


def add(project: Path) -> dict[str, bytes]:
    """An agent of one's own, committed; what its files say."""
    put(project, own(receives=[{"from": "api-designer", "what": "the contract"}]))
    for name in (CARD, FORM):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(f"What a person wrote into {name}.\n")
    commit(project, "An agent of our own")
    return {name: (project / name).read_bytes() for name in (OWN, CARD, FORM)}


@pytest.mark.usefixtures("quick")
def test_what_a_project_adds_is_there_after_baton_sync(root: Path) -> None:
    before = add(root)
    assert NEW_AGENT not in zones.load(str(root)).rows
    assert command.main([str(root), "v3.0.0"]) == 0
    assert {name: (root / name).read_bytes() for name in before} == before
    team = zones.load(str(root))
    assert NEW_AGENT in team.rows, "the map is the new version's"
    assert team.owner(PLACE) == PHONES
    assert {"to": PHONES, "what": "the contract"} in team.rows["api-designer"]["hands_to"]


def test_what_a_project_adds_is_there_after_an_update(released: History, tmp_path: Path) -> None:
    released.release("v1.0.0")
    project = tmp_path / "project"
    copy(released, project)
    before = add(project)

    row = '      {"path": "tasks/**",'
    edit(
        released.root / "copier" / "team.yml",
        row,
        f'      {{"path": "law/**", "owners": []}},\n{row}',
    )
    released.release("v2.0.0")
    update(project)

    assert {name: (project / name).read_bytes() for name in before} == before
    paths = [row["path"] for row in json.loads((project / "team/team.json").read_text())["zones"]]
    assert "law/**" in paths
    team = zones.load(str(project))
    assert team.owner(PLACE) == PHONES
    assert {"to": PHONES, "what": "the contract"} in team.rows["api-designer"]["hands_to"]
