"""The project at work that the cases play in, and what a case needs besides."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import guard
from tests.boundaries.names import Case
from tests.boundaries.scene import Scene, build, stand_in, told
from tests.support.render import Renderer

Decide = Callable[[Case], guard.Answer]


@pytest.fixture(scope="session")
def scene(render: Renderer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The project with the full team, at work; no test changes it."""
    return build(render({"agents_off": []}).root, tmp_path_factory.mktemp("scene") / "scene")


@pytest.fixture
def decide(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Decide:
    """The guard's answer to a case, with the home and the temporary folder of the scene."""
    for name, value in scene.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    folders = [os.environ["TMPDIR"]]  # the scene itself lies in /tmp
    monkeypatch.setattr(guard, "temporary_folders", lambda: folders)
    return lambda case: guard.decide(told(scene, case), str(scene.root))


class Quiet(SimpleHTTPRequestHandler):
    """Serves the files of a folder, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture(scope="session")
def served(scene: Scene) -> Iterator[str]:
    """The address of a server that has the contract."""
    folder = scene.root / "backend" / "kit"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def standing_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stand_in(tmp_path_factory.mktemp("programs"))
