"""The embedded Postgres, as `uv run dev` has it.

To make one takes longest, so all tests that need its data have the same, and leave it as it was.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.adapters.postgres import guard, local
from app.adapters.postgres.local import LocalPostgresError, local_postgres
from tests.adapters.postgres import IN_A_HURRY

HOLD = """
import sys
from pathlib import Path
from app.adapters.postgres.local import local_postgres
with local_postgres(Path(sys.argv[1])) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("a folder with spaces")
    local.make_data(folder, local.find_programs())
    yield folder
    shutil.rmtree(folder)


def listens(address: str) -> bool:
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    try:
        socket.create_connection((parts.hostname, parts.port)).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.slow
def test_it_runs_as_long_as_it_is_wanted_and_keeps_its_data(folder: Path) -> None:
    with local_postgres(folder, IN_A_HURRY) as first:
        assert listens(first)
    assert not listens(first)

    with local_postgres(folder, IN_A_HURRY) as second:
        assert listens(second)
    assert urlsplit(second).password == urlsplit(first).password


@pytest.mark.slow
def test_it_ends_with_the_process_that_wanted_it_even_one_that_is_killed(
    folder: Path,
) -> None:
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(  # noqa: S603 - this Python, and code from above
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert listens(address)
        process.kill()

    deadline = time.monotonic() + 5
    while (folder / "data" / "postmaster.pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def hardly_a_folder(tmp_path: Path) -> Path:
    """One whose data is enough to ask Postgres for a start, and not for one that works."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "password").touch()
    return tmp_path


def refusal(folder: Path, options: Mapping[str, str] = IN_A_HURRY) -> str:
    with pytest.raises(LocalPostgresError) as refused, local_postgres(folder, options):
        pytest.fail("It ran.")
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_a_folder_in_use_is_left_alone(folder_in_use: Path) -> None:
    line = refusal(folder_in_use)

    assert line.startswith(f"{folder_in_use} is in use by another `uv run dev`")


def test_what_postgres_refuses_is_said_in_its_words(hardly_a_folder: Path) -> None:
    line = refusal(hardly_a_folder, {"nonsense": "on"})

    assert 'unrecognized configuration parameter "nonsense"' in line
    assert line.endswith("Move the folder away to begin with an empty one.")


@pytest.mark.slow
def test_data_of_another_major_version_is_refused(folder: Path) -> None:
    version = folder / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("16\n")

    line = refusal(folder)

    version.write_text(kept)
    assert "initialized by PostgreSQL version 16" in line
    assert line.endswith("Move the folder away to begin with an empty one.")


@pytest.mark.slow
def test_broken_data_is_refused(folder: Path) -> None:
    control = folder / "data" / "global" / "pg_control"
    control.rename(folder / "pg_control")

    line = refusal(folder)

    (folder / "pg_control").rename(control)
    assert "could not find the database system" in line


def test_data_that_it_did_not_make_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    assert "has no password" in refusal(tmp_path)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    line = refusal(file / "below")

    assert line.startswith(f"{file / 'below'}: ")
    assert line.endswith("writable.")


def test_data_that_cannot_be_made_is_not_there_by_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "INITDB", ["--nonsense"])

    assert "nonsense" in refusal(tmp_path) or "initdb" in refusal(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_make_the_same_data_one_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_slow(_programs: Path, new: Path, _secret: Path) -> None:
        new.mkdir()
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "password").write_text("theirs")

    monkeypatch.setattr(local, "run_initdb", be_slow)

    assert local.make_data(tmp_path, tmp_path) == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_one_that_does_not_get_ready_is_given_up(
    hardly_a_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = hardly_a_folder / "waiting.py"
    waiting.write_text("import sys; sys.stdin.read()")
    monkeypatch.setattr(guard, "__file__", str(waiting))
    monkeypatch.setattr(local, "PATIENCE", 0.0)

    assert "was not ready" in refusal(hardly_a_folder)


def test_without_its_package_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "PACKAGE", "not_installed")

    assert "uv sync" in refusal(tmp_path)


def test_root_becomes_somebody_else_and_others_stay_who_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert local.as_ordinary_user() == []

    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/setpriv")
    assert local.as_ordinary_user()[0] == "setpriv"

    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(LocalPostgresError, match="does not run as root"):
        local.as_ordinary_user()
