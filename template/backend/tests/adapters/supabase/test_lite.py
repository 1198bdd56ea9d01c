"""Supabase Lite, which is fetched once for all projects of a user."""

import sys
from pathlib import Path

import pytest

from app.adapters.supabase import local
from tests.adapters.supabase import refusal


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
