"""What every test may use: renders of the template under test, and --regenerate."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.render import Renderer
from tests.support.template import VARIABLE, plain_copy


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="rewrite the snapshots and other generated files instead of comparing them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Copies the template before the workers start: they and their children inherit its path.

    Nobody's own settings of Copier count, since they change defaults. The uv that runs the tests is
    found by them too, on the path or not.
    """
    if not hasattr(config, "workerinput"):
        if uv := os.environ.get("UV"):
            os.environ["PATH"] += os.pathsep + str(Path(uv).parent)
        folder = Path(tempfile.mkdtemp(prefix="baton-")).resolve()
        (folder / "settings.yml").write_text("{}")
        os.environ["COPIER_SETTINGS_PATH"] = str(folder / "settings.yml")
        os.environ[VARIABLE] = str(plain_copy(folder / "template"))
    # What mypy learnt of a library in one project counts for the next; it compares hashes.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["MYPY_CACHE_DIR"] = str(Path(os.environ[VARIABLE]).with_name(f"mypy-{worker}"))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(Path(os.environ[VARIABLE]).parent, ignore_errors=True)


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    """Whether generated files are rewritten rather than compared."""
    return bool(request.config.getoption("--regenerate"))


@pytest.fixture(scope="session")
def render(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """Renders an answer set, once per worker."""
    folder = tmp_path_factory.mktemp("renders")
    yield Renderer(folder)
    shutil.rmtree(folder)
