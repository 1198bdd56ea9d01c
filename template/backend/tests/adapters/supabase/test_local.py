"""A project on this machine: what can be in its way, and what it leaves behind."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from app.adapters.supabase import local
from app.adapters.supabase.local import LocalProject, LocalProjectError, local_project
from tests import NO_TLS
from tests.adapters.postgres import IN_A_HURRY
from tests.adapters.supabase import refusal

HOLD = """
import sys
from pathlib import Path
from app.adapters.supabase.local import local_project
with local_project(Path(sys.argv[1])) as project:
    print(project.url, flush=True)
    sys.stdin.read()
"""


def answers(url: str) -> bool:
    try:
        httpx2.get(f"{url}/auth/v1/health", verify=NO_TLS)
    except httpx2.TransportError:
        return False
    return True


@pytest.mark.slow
def test_it_keeps_its_keys_with_its_data_and_takes_the_usual_port_if_it_is_free(
    tmp_path: Path,
) -> None:
    with local_project(tmp_path, IN_A_HURRY) as first:
        taken = int(first.url.rpartition(":")[2])
        with local_project(tmp_path / "other", IN_A_HURRY, port=taken) as other:
            assert other.url != first.url
            assert other.jwt_secret != first.jwt_secret
    assert not answers(first.url)

    with local_project(tmp_path, IN_A_HURRY, port=taken) as second:
        assert (second.url, second.publishable_key, second.jwt_secret) == (
            first.url,
            first.publishable_key,
            first.jwt_secret,
        )


@pytest.mark.slow
def test_it_ends_with_the_process_that_wanted_it_even_one_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(  # noqa: S603 - this Python, and code from above
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert answers(url)
        process.kill()

    deadline = time.monotonic() + 5
    while answers(url) or (tmp_path / "data" / "postmaster.pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def test_moments_are_written_as_other_clients_read_them(project: LocalProject) -> None:
    user = {"email": "moment@example.com", "password": "a password of some length"}
    headers = {"apikey": project.publishable_key}
    answer = httpx2.post(f"{project.url}/auth/v1/signup", headers=headers, json=user, verify=NO_TLS)

    assert answer.json()["user"]["created_at"].partition("T")[2].endswith("+00:00")


def test_without_the_publishable_key_nothing_is_answered(project: LocalProject) -> None:
    for headers in ({}, {"apikey": "sb_publishable_another"}):
        answer = httpx2.get(f"{project.url}/rest/v1/items", headers=headers, verify=NO_TLS)
        assert answer.status_code == 401


def test_what_is_in_the_way_of_its_postgres_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert "Make " in refusal(file / "below")


def test_what_lite_says_last_is_told(tmp_path: Path) -> None:
    log = tmp_path / "lite.log"
    (tmp_path / "project.mjs").write_text('throw new Error("out of order");', encoding="utf-8")

    with (
        pytest.raises(LocalProjectError) as refused,
        local.lite_on(local.find_node(), tmp_path, log, {}),
    ):
        pytest.fail("It ran.")

    said = f"Supabase Lite does not start: Error: out of order. {log} has more."
    assert str(refused.value) == said


def test_without_its_package_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "PACKAGE", "not_installed")

    assert "uv sync" in refusal(tmp_path)


def test_a_port_that_is_taken_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert not local.is_free(listening.getsockname()[1])
    assert local.is_free(0)
