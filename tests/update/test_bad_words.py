"""What an update is told and cannot do: one clear line, exit 1, and nothing changed."""

import os
import shutil
import sys
from pathlib import Path

import pytest

import command
import renders
from project import ANSWERS, SyncError
from tests.update.history import commit, edit, git
from tests.update.small import PAGE
from tests.update.state import refused, state

pytestmark = pytest.mark.usefixtures("small_source")
REAL = renders.Render


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fresh, tmp_path / "project")


WORDS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "an unknown option": (["--frobnicate"], ("--frobnicate", "--help")),
    "an option without its value": (["--answers"], ("--answers", "--help")),
    "two jobs at once": (["--leave", "--add-missing"], ("not allowed with", "--help")),
    "a question that is not one": (["--answers", "ssee=true"], ("ssee", "sse, agents_off")),
    "a table": (["--answers", "roster={}"], ("roster",)),
    "an answer without a name": (["--answers", "true"], ("true", "NAME=VALUE")),
    "an answer that is neither yes nor no": (["--answers", "sse=maybe"], ("maybe", "sse")),
    "answers for another job": (
        ["--add-missing", "--answers", "sse=true"],
        ("--add-missing takes no --answers",),
    ),
    "answers for a list": (["--adopt", "--answers", "sse=true"], ("--adopt takes no --answers",)),
    "a preview of a list": (["--leave", "--preview"], ("--leave writes nothing",)),
    "a file that is not Baton's": (
        ["--adopt", "backend/app/settings.py"],
        ("backend/app/settings.py",),
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_it_is_told_has_to_make_sense(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given, words = WORDS[name]
    before = state(root)
    assert command.main([str(root), "v2.0.0", *given]) == 1
    refused(before, root, capsys.readouterr().err, *words)


@pytest.fixture
def by_copier(monkeypatch: pytest.MonkeyPatch) -> None:
    """It renders as it does for people."""
    monkeypatch.setattr(renders, "Render", REAL)


@pytest.mark.usefixtures("by_copier")
def test_without_copier_it_says_what_to_install(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(root)
    monkeypatch.setenv("PATH", str(tmp_path))
    code = command.main([str(root), "v2.0.0"])
    monkeypatch.undo()
    assert code == 1
    refused(before, root, capsys.readouterr().err, "Neither copier nor uv is", "Install uv")


@pytest.mark.usefixtures("by_copier")
def test_a_refused_answer_is_said_in_the_words_of_its_question(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(root)
    assert command.main([str(root), "v2.0.0", "--answers", "agents_off=[nobody]"]) == 1
    refused(before, root, capsys.readouterr().err, "agents_off", "nobody")


def test_an_answer_that_this_project_is_not_asked_is_refused(
    root: Path, small_source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As one of another stack: Copier would leave it out in silence."""
    questions = small_source / "copier" / "team.yml"
    before = state(root)
    edit(questions, "  help: Does it stream?\n", "  help: Does it stream?\n  when: false\n")
    commit(small_source, "v3.0.0")
    git(small_source, "tag", "v3.0.0")
    code = command.main([str(root), "v3.0.0", "--answers", "sse=true"])
    git(small_source, "tag", "--delete", "v3.0.0")
    git(small_source, "reset", "--quiet", "--hard", "v2.0.0")
    assert code == 1
    refused(before, root, capsys.readouterr().err, "sse is not asked of this project")


@pytest.mark.parametrize(
    "row", ["  # A comment.\n", '  - "/docs"\n', "  - docs\n", "  - /docs  # yours\n"]
)
def test_a_list_of_a_persons_paths_is_read_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    """A shorter one would have an update write what is a person's."""
    settings = tmp_path / "copier" / "settings.yml"
    settings.parent.mkdir()
    monkeypatch.setattr(renders, "TEMPLATE", tmp_path)
    text = f"_skip_if_exists:\n  - /backend\n{row}  - /README.md\n\n_message: |\n  - no row\n"
    settings.write_text(f"_subdirectory: template\n{text.replace(row, '')}")
    frozen = renders.frozen.__wrapped__
    assert frozen() == ["backend", "README.md"]
    settings.write_text(f"_subdirectory: template\n{text}")
    with pytest.raises(SyncError, match="_skip_if_exists"):
        frozen()
    settings.write_text("_subdirectory: template\n")
    with pytest.raises(SyncError, match="_skip_if_exists"):
        frozen()


@pytest.mark.usefixtures("by_copier")
@pytest.mark.skipif(sys.platform == "win32", reason="its programs are of a shell")
def test_a_copier_that_is_too_old_is_passed_over(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    old = program(
        programs / "copier", 'case "$1" in --version) echo copier 9.4.1 ;; *) exit 1 ;; esac'
    )
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setattr(renders, "by_uv", list)
    before = state(root)
    assert command.main([str(root), "v2.0.0"]) == 1
    refused(before, root, capsys.readouterr().err, f"{old} is Copier 9.4", "copier>=9.18,<10")

    real = program(programs / "real", f'shift; exec {sys.executable} -m copier "$@"')
    monkeypatch.setattr(renders, "by_uv", lambda: [str(real), "tool"])
    files = renders.Render(tmp_path / "render", (root / ANSWERS).read_text("utf-8")).files()
    assert files[PAGE] == (root / PAGE).read_bytes()


def program(path: Path, line: str) -> Path:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return path
