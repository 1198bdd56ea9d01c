"""What a project runs on a commit and in its pipeline, and how its texts say to ask."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import request
from tests.support import strict_yaml
from tests.support.render import Renderer
from tests.update.history import commit, git

Step = Mapping[str, Any]  # what a service reads, of its own shape
BACKEND, CONTRACT = "backend/app/main.py", "docs/openapi.yaml"
ASKING = "python3 team/baton.py request"
LINE, OWNER = "- [ ] <owner>: what, and why", "backend-developer"


@pytest.fixture
def project(render: Renderer, tmp_path: Path) -> Path:
    """A project with a commit, as the pipeline finds it: no client, nothing installed."""
    root = shutil.copytree(render({}).root, tmp_path / "project")
    git(root, "init", "--quiet")
    commit(root, "A new project")
    git(root, "branch", "origin/main")
    return root


def document(root: Path, name: str) -> Any:  # noqa: ANN401 - YAML of a service's own shape
    return strict_yaml.load((root / name).read_text("utf-8"))


def change(root: Path, *names: str) -> None:
    for name in names:
        with (root / name).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
    git(root, "add", "--all")


def run(root: Path, command: str, *more: str) -> int:
    """Runs a line as its service would, by the Python of this machine."""
    program, *words = shlex.split(command)
    assert program == "python3"
    known = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run([sys.executable, *words, *more], cwd=root, env=known, check=False)
    return done.returncode


def steps(root: Path) -> list[Step]:
    found = document(root, ".github/workflows/ci.yml")["jobs"]["team"]["steps"]
    assert isinstance(found, list)
    return found


def test_the_pipeline_has_every_commit(project: Path) -> None:
    fetching = [step["with"] for step in steps(project) if "checkout" in step.get("uses", "")]
    assert [options["fetch-depth"] for options in fetching] == [0]


def test_the_pipeline_finds_a_new_project_whole(project: Path) -> None:
    (doctor,) = [step["run"] for step in steps(project) if "doctor" in step.get("run", "")]
    assert run(project, doctor) == 0
    (project / ".claude" / "settings.json").write_text("{}")
    assert run(project, doctor) != 0


@pytest.mark.parametrize(("names", "code"), [([BACKEND], 0), ([BACKEND, CONTRACT], 1)])
def test_the_pipeline_holds_a_commit_to_its_agent(
    project: Path, names: list[str], code: int
) -> None:
    (step,) = [step for step in steps(project) if "check" in step.get("run", "")]
    assert step["if"] == "github.event_name == 'pull_request'"
    assert step["env"] == {"BASE": "origin/${{ github.base_ref }}"}
    change(project, *names)
    commit(project, "Rename\n\nAgent: backend-developer")
    assert run(project, step["run"].replace("$BASE", "origin/main")) == code


@pytest.mark.parametrize(("names", "code"), [([BACKEND], 0), ([CONTRACT], 1)])
def test_a_commit_is_looked_at_before_it_is_made(
    project: Path, names: list[str], code: int
) -> None:
    settings = document(project, ".pre-commit-config.yaml")
    (entry,) = [hook for repo in settings["repos"] for hook in repo["hooks"] if "stages" in hook]
    assert entry["stages"] == ["commit-msg"]
    assert settings["default_install_hook_types"] == ["pre-commit", "commit-msg"]
    assert settings["default_stages"] == ["pre-commit"]
    change(project, *names)
    message = project / ".git" / "COMMIT_EDITMSG"
    message.write_text("Rename\n\nAgent: backend-developer\n")
    assert run(project, entry["entry"], str(message)) == code


@pytest.mark.parametrize("name", ["AGENTS.md", ".claude/skills/handoff/SKILL.md"])
def test_the_line_that_texts_ask_for_is_a_request(
    name: str, render: Renderer, tmp_path: Path
) -> None:
    assert f"`{LINE}`" in render({}).files[name]
    file = tmp_path / "handoff" / "test-engineer" / "requests.md"
    file.parent.mkdir(parents=True)
    file.write_text(LINE.replace("<owner>", OWNER))
    (asked,) = request.waiting(str(tmp_path), OWNER)
    assert "what, and why" in asked


def test_the_command_that_the_skill_shows_asks(project: Path) -> None:
    skill = (project / ".claude" / "skills" / "handoff" / "SKILL.md").read_text("utf-8")
    (line,) = [line for line in skill.splitlines() if line.startswith(ASKING)]
    assert run(project, line.replace("<owner>", OWNER).replace("<agent>", "test-engineer")) == 0
    file = project / "handoff" / "test-engineer" / "requests.md"
    assert LINE.replace("<owner>", OWNER) in file.read_text("utf-8")
    assert request.waiting(str(project), OWNER)
