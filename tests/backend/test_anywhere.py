"""A rendered backend is green on every Python that it promises, and for whoever runs it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.backend import Backend, environment
from tests.support.render import copy

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
NOBODY = 65534


def found(version: str) -> str | None:
    """A Python of this version on this machine."""
    command = ["uv", "python", "find", "--no-project", "--no-python-downloads", version]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_it_is_green_on_each_python(version: str, tmp_path: Path) -> None:
    if (python := found(version)) is None:
        pytest.skip(f"there is no Python {version} here")
    copy({"tdd": "strict"}, tmp_path / "made")
    backend = Backend(tmp_path / "made", {"UV_PYTHON": python})

    backend.passes("uv", "run", "pytest")
    backend.passes("uv", "run", "mypy")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="only root can be others")
def test_it_is_green_for_an_ordinary_user_too() -> None:
    """Whoever runs these tests is one kind of user; as root this is the other one."""
    with tempfile.TemporaryDirectory(prefix="baton-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        copy({"tdd": "strict"}, folder / "made")
        uv = shutil.copy(shutil.which("uv") or "uv", folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        python = next((path for path in ("/usr/bin/python3", sys.executable) if readable(path)), "")
        if not python:
            pytest.skip("no Python here is another user's to run")
        done = subprocess.run(
            [uv, "run", "pytest"],
            cwd=folder / "made" / "backend",
            env=environment(HOME=name, UV_PYTHON=python, UV_CACHE_DIR=f"{name}/cache"),
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr


def readable(python: str) -> bool:
    """Whether another user may run this program."""
    command = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        done = subprocess.run(command, user=NOBODY, group=NOBODY, extra_groups=[], check=False)
    except OSError:
        return False
    return done.returncode == 0
