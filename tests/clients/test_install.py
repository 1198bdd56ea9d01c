"""Where the client cannot run, the tests say why."""

import sys
from pathlib import Path

import pytest

from tests.clients import install

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it plants shell scripts")


@pytest.mark.parametrize(
    ("tools", "says"), [([], "no npm"), (["npm"], "no unshare"), (["npm", "unshare"], "no flock")]
)
def test_a_missing_tool_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tools: list[str], says: str
) -> None:
    for tool in tools:
        (tmp_path / tool).write_text("#!/bin/sh\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(install.UnavailableError, match=says):
        install.client()


def test_a_machine_that_forbids_a_network_of_its_own_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for tool in ("npm", "unshare", "flock"):
        (tmp_path / tool).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(install.UnavailableError, match="lets nobody make a network"):
        install.client()
