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

HOLD = """
import sys
from pathlib import Path
from app.adapters.supabase.local import local_project
with local_project(Path(sys.argv[1])) as project:
    print(project.url, flush=True)
    sys.stdin.read()
"""


def refusal(folder: Path) -> str:
    with pytest.raises(LocalProjectError) as refused, local_project(folder, IN_A_HURRY):
        pytest.fail("It ran.")
    line = str(refused.value)
    assert "\n" not in line
    return line


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


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who never had a project of their own."""
    monkeypatch.setattr(local, "caches", lambda: tmp_path / "caches")
    return tmp_path / "caches" / "supabase-lite"


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands in for npm, which takes half a second to begin."""
    npm = tmp_path / "npm.mjs"
    monkeypatch.setattr(local, "find_npm", lambda _node: npm)
    return npm


def test_what_npm_says_is_told_and_nothing_is_left(
    npm: Path, empty_cache: Path, tmp_path: Path
) -> None:
    said = "npm error code ENOSPC\nnpm error reason: the disk is full\n"
    npm.write_text(f"console.error({said!r}); process.exit(1);", encoding="utf-8")

    line = refusal(tmp_path / "project")

    assert line.startswith("Supabase Lite cannot be fetched from npm: reason: the disk is full. ")
    assert list(empty_cache.iterdir()) == []
    assert not (tmp_path / "project").exists()


def test_npm_runs_where_the_lock_file_is(npm: Path, tmp_path: Path) -> None:
    ran = "import { writeFileSync } from 'node:fs'; writeFileSync('ran', process.argv[2]);"
    npm.write_text(ran, encoding="utf-8")

    local.install(local.find_node(), tmp_path)

    assert (tmp_path / "ran").read_text(encoding="utf-8") == "ci"


@pytest.mark.slow
def test_where_npm_cannot_be_reached_it_says_so(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = ["--registry=http://127.0.0.1:1", f"--cache={tmp_path / 'npm'}", "--fetch-retries=0"]
    monkeypatch.setattr(local, "QUIETLY", ["--loglevel=error", *nowhere])

    line = refusal(tmp_path / "project")

    assert line.startswith("Supabase Lite cannot be fetched from npm: ")
    assert "127.0.0.1:1" in line
    assert line.endswith("Go online for its first use.")
    assert list(empty_cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "caches"
    file.touch()
    monkeypatch.setattr(local, "caches", lambda: file)

    assert refusal(tmp_path / "project").endswith("folder for caches in XDG_CACHE_HOME.")


def test_of_two_who_fetch_it_at_once_one_wins(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_slow(_node: Path, new: Path) -> None:
        theirs = Path(str(new).rpartition("-")[0])
        theirs.mkdir()
        (theirs / "node_modules").touch()

    monkeypatch.setattr(local, "install", be_slow)

    found = local.find_lite(local.find_node())

    assert [path.name for path in found.iterdir()] == ["node_modules"]
    assert list(empty_cache.iterdir()) == [found]
    assert local.find_lite(local.find_node()) == found


def test_what_was_fetched_is_there_the_next_time(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[Path] = []
    monkeypatch.setattr(local, "install", lambda _node, folder: fetched.append(folder))

    found = local.find_lite(local.find_node())

    assert local.find_lite(local.find_node()) == found
    assert len(fetched) == 1
    assert list(empty_cache.iterdir()) == [found]
    assert (found / "project.mjs").read_bytes() == (local.LITE / "project.mjs").read_bytes()


def test_a_port_that_is_taken_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert not local.is_free(listening.getsockname()[1])
    assert local.is_free(0)


@pytest.mark.slow
def test_what_the_lock_file_names_is_fetched(empty_cache: Path) -> None:
    found = local.find_lite(local.find_node())

    assert (found / "node_modules" / "@supabase" / "lite" / "package.json").exists()
    assert list(empty_cache.iterdir()) == [found]


@pytest.mark.parametrize(
    ("system", "platform", "variables", "folder"),
    [
        ("posix", "linux", {"XDG_CACHE_HOME": "/caches"}, "/caches"),
        ("posix", "linux", {}, "/home/ann/.cache"),
        ("posix", "darwin", {}, "/home/ann/Library/Caches"),
    ],
)
def test_each_system_has_its_place_for_caches(
    system: str,
    platform: str,
    variables: dict[str, str],
    folder: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ann"))

    assert local.caches(system) == Path(folder)


def test_windows_has_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALAPPDATA", "caches")

    assert local.caches("nt") == Path("caches")
    assert local.find_node("nt").name == "node.exe"
    assert local.find_npm(Path("package") / "node.exe", "nt").parts[:2] == (
        "package",
        "node_modules",
    )
