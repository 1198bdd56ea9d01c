"""The README's commands, word for word, on a machine with Python, git and pip alone."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.template import ROOT

COMMANDS = re.findall(r"^```sh\n(.+?)\n```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


def clone(folder: Path) -> Path:
    """This repository as a stranger has it, with what is not committed yet."""
    made = folder / "baton"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made / name)
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "clone"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *step], cwd=made, check=True)
    return made


def test_the_readme_has_four_commands() -> None:
    make, adopt, update, test = COMMANDS
    assert "copier copy" in make
    assert "--trust" not in make
    assert "--defaults" not in make
    assert '--overwrite --skip "**" -d stack=existing' in adopt
    assert update == "python3 team/baton.py sync"
    assert test.endswith("uv run pytest")


def test_ci_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    install, run = COMMANDS[3].split(" && ")
    assert install in script
    assert run.removeprefix(".uv/bin/") in script.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="drives a Unix terminal")
def test_one_command_makes_a_project(tmp_path: Path) -> None:
    from tests.docs.terminal import bare_machine, press_enter  # noqa: PLC0415 - no pty on Windows

    there = clone(tmp_path)
    code, screen = press_enter(COMMANDS[0], there, bare_machine(tmp_path), timeout=240)
    assert code == 0, screen[-2000:]
    project = tmp_path / "my-project"
    assert (project / ".claude/agents/backend-developer.md").is_file()
    answers = (project / ".copier-answers.yml").read_text("utf-8")
    assert f"_src_path: {there}\n" in answers, "an update must find the template again"
