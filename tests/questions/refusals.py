"""What becomes of an answer: what Copier says against it, or where it stands in the project."""

import json
import re
import tomllib
from pathlib import Path
from typing import cast

from tests.support import strict_yaml
from tests.support.render import Render, copy
from tests.support.tables import Answers

MESSAGE = re.compile(
    r"(?:Validation error for question|Invalid choice for) '(\w+)': (.+)", re.DOTALL
)


def refusal(answers: Answers, root: Path, *, overwrite: bool = False) -> tuple[str, str]:
    """Which question refuses these answers and why, or two blanks.

    A refusal leaves the destination as it was, and Copier prints it as its last line.
    """
    before = sorted(root.rglob("*"))
    try:
        copy(answers, root, overwrite=overwrite)
    except ValueError as error:
        message = str(error)
    else:
        return "", ""
    found = MESSAGE.fullmatch(message)
    assert found, f"no message of a question: {message}"
    assert sorted(root.rglob("*")) == before, "something was written"
    return found[1], found[2]


def kept(project: Render, question: str) -> object:
    """The answer as an update will read it, once it stands the same wherever it is used."""
    stored = cast("Answers", strict_yaml.load(project.files[".copier-answers.yml"]))
    text = str(stored[question])
    if question in {"project_name", "description"}:
        about = tomllib.loads(project.files["backend/app/about.toml"])
        assert about["title" if question == "project_name" else question] == text
        assert f"{text}\n" in project.files["AGENTS.md"]
    if question == "project_slug":
        package = tomllib.loads(project.files["backend/pyproject.toml"])["project"]
        assert package["name"] == f"{text}-backend"
    if question.endswith("_path"):
        zones = json.loads(project.files["team/team.json"])["zones"]
        assert {text, f"{text}/**"} & {zone["path"] for zone in zones}
    return stored[question]
