"""The real client, and projects for it to play on."""

import os
import shutil
from pathlib import Path

import pytest

from tests.clients import install
from tests.clients.claude import Run
from tests.clients.stage import SetStage, Stage
from tests.support.render import Renderer
from tests.support.tables import Answers

# With this set, a machine on which the client cannot run fails instead of skipping.
REQUIRED = "BATON_REQUIRE_CLIENT"


@pytest.fixture(scope="session")
def client() -> Path:
    """The client's program; a test that needs it is skipped where it cannot run."""
    return program(install.VERSION)


def program(version: str) -> Path:
    """The program of a version; skips where it cannot run."""
    try:
        return install.client(version)
    except install.UnavailableError as reason:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(str(reason))


@pytest.fixture
def stage(client: Path, render: Renderer, tmp_path: Path) -> SetStage:
    """Sets the stage for an answer set."""

    def set_stage(answers: Answers) -> Stage:
        root = shutil.copytree(render(answers).root, tmp_path / "project")
        return Stage(client, root, tmp_path / "runs")

    return set_stage


@pytest.fixture(scope="session")
def bare(client: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on an empty project: what the client brings by itself."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "project").mkdir()
    return Stage(client, folder / "project", folder / "runs").play("Nothing to do.")
