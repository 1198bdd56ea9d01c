"""Baton in a repository that has code, and agents of the same name: nothing is overwritten."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import copier
import pytest

from tests.questions.command import copy_command
from tests.questions.refusals import refusal
from tests.update.history import GIT, History, commit, git

CARD, NOTES = ".claude/agents/backend-developer.md", ".claude/notes/backend-developer.md"
OWN = {
    "app/main.py": "# The application.\n",
    "AGENTS.md": "# How we work\n\nAsk Ines before you change how invoices are numbered.\n",
    "CLAUDE.md": "Read docs/how.md too.\n",
    CARD: "---\nname: backend-developer\ndescription: Ours.\n---\n\nOur invoices have no gaps.\n",
    ".mcp.json": '{"mcpServers": {"ours": {"command": "ours"}}}\n',
    ".claude/settings.json": json.dumps(
        {
            "permissions": {"allow": ["Bash(make:*)"]},
            "hooks": {
                "PreToolUse": [
                    {"matcher": "Bash", "hooks": [{"type": "command", "command": "true"}]}
                ]
            },
        }
    ),
}
OWNED = sorted(name for name in OWN if name != "app/main.py")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that is years old, beside a template that has released."""
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    History(tmp_path / "template").release("v1.0.0")
    root = tmp_path / "repository"
    for name, text in OWN.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Years of work")
    return root


def added(root: Path) -> dict[str, str]:
    """Copies Baton into it, over nothing that is there; says what is there then."""
    copier.run_copy(
        str(root.parent / "template"),
        root,
        data={"stack": "existing"},
        defaults=True,
        overwrite=True,
        skip_if_exists=["**"],
        quiet=True,
    )
    commit(root, "Baton")
    return texts(root)


def texts(root: Path) -> dict[str, str]:
    """Every file that git knows."""
    names = git(root, "ls-files").splitlines()
    return {name: (root / name).read_text("utf-8") for name in names}


def baton(root: Path, *words: str) -> tuple[int, str]:
    """The exit code of one of the programs, and what it said."""
    command = [sys.executable, "team/baton.py", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_baton_comes_beside_what_is_there_and_joins_it(repository: Path) -> None:
    there = added(repository)
    assert {name: there[name] for name in OWN} == OWN
    assert {".claude/agents/test-engineer.md", "team/team.json", ".copier-answers.yml"} <= {*there}
    assert baton(repository, "doctor")[0] == 1

    code, said = baton(repository, "sync", "--yes", "--adopt", *OWNED)
    assert code == 0, said
    now = texts(repository)
    assert now["AGENTS.md"].endswith(OWN["AGENTS.md"])
    assert "\n## Who owns what\n" in now["AGENTS.md"]
    assert now["CLAUDE.md"] == "@AGENTS.md\n\n" + OWN["CLAUDE.md"]
    assert "\n## Boundaries\n" in now[CARD]
    assert now[NOTES].endswith(OWN[CARD])
    assert json.loads(now[".mcp.json"])["mcpServers"]["ours"] == {"command": "ours"}
    settings = json.loads(now[".claude/settings.json"])
    assert settings["permissions"]["allow"] == ["Bash(make:*)"]
    assert [row["matcher"] for row in settings["hooks"]["PreToolUse"]] == ["*", "Bash"]
    assert now["app/main.py"] == OWN["app/main.py"]
    code, said = baton(repository, "doctor")
    assert code == 0, said


@pytest.mark.slow
def test_the_refusal_says_how_and_the_list_says_what(repository: Path) -> None:
    _, message = refusal({"stack": "existing"}, repository)
    flags = re.findall(r"the same command with (.+?)\. Then commit", message)
    *words, _, destination = copy_command(repository, "--defaults", "-d", "stack=existing")
    words += [*shlex.split(flags[0]), str(repository.parent / "template"), destination]
    subprocess.run(words, check=True, capture_output=True)
    commit(repository, "Baton")
    there = texts(repository)
    assert {name: there[name] for name in OWN} == OWN

    code, said = baton(repository, "sync", "--yes", "--adopt")
    listed = dict(re.findall(r"(?m)^\d+ (files are|are yours).*:\n((?:  .+\n)+)", said))
    assert code == 0
    assert sorted(listed["are yours"].split()) == OWNED
    batons = listed["files are"].split()
    assert {"team/baton.py", ".claude/agents/test-engineer.md"} <= {*batons} <= {*there}
    code, said = baton(repository, "sync", "--yes", "--adopt", "app/main.py")
    assert code == 1
    assert "app/main.py does not differ from what Baton renders, or is not Baton's" in said
    assert git(repository, "status", "--porcelain") == ""
