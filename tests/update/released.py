"""What a release needs: its answers file, its section of the changelog, its number.

uv run python -m tests.update.released write v1.0.0    writes the answers file
uv run python -m tests.update.released notes v1.0.0    prints its notes, or what is missing
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import yaml

from tests.support.tables import Answers, evaluate, in_order, parsed, questions, rendered
from tests.support.template import template

VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")


def answers_file(root: Path, version: str) -> Path:
    return root / "tests" / "update" / "answers" / f"{version}.yml"


def other_answers() -> dict[str, object]:
    """Every question of today's template, answered otherwise than it is by default."""
    answers: dict[str, object] = {}
    for name, question in questions(template()).items():
        context = cast("Answers", evaluate(answers))
        if question.get("when", True) is False or name not in context:
            continue
        if rendered(template(), question.get("when", True), context) not in (True, "True"):
            continue
        answers[name] = other(context[name], question, context)
    return answers


def other(now: object, question: Mapping[str, object], context: Answers) -> object:
    """An answer to one question that is not its default."""
    if choices := question.get("choices"):
        if isinstance(choices, str):
            choices = parsed(rendered(template(), choices, context))
        values = list(choices.values()) if isinstance(choices, dict) else cast("list[str]", choices)
        if question.get("multiselect"):
            return in_order(template(), question, [values[-1]], context)
        return next(value for value in values if value != now)
    if question["type"] == "bool":
        return not now
    return f"{now}2"


def missing(root: Path, version: str) -> Iterator[str]:
    """What a release of this version still lacks, a line each with what to do."""
    if not VERSION.fullmatch(version):
        yield f"{version} is no version: v, then three numbers, as in v1.2.0"
        return
    if not notes(root, version):
        yield f"CHANGELOG.md has no entry under ## {version}: name what is under ## Unreleased so"
    number = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if f"v{number}" != version:
        yield f"pyproject.toml says {number}: write {version[1:]}, then run uv lock"
    if not answers_file(root, version).exists():
        command = f"uv run python -m tests.update.released write {version}"
        yield f"{answers_file(Path(), version).as_posix()} is not there: {command}"
    before = [tag for tag in git(root, "tag").split() if numbers(tag) < numbers(version)]
    beside = {*before} - {*git(root, "tag", "--merged", "HEAD").split()}
    if beside:
        yield f"{', '.join(sorted(beside))} is no ancestor, so nobody could update from it"


def notes(root: Path, version: str) -> str:
    """The section of the changelog about one version."""
    parts = re.split(r"(?m)^## +", (root / "CHANGELOG.md").read_text("utf-8"))
    found = (part.partition("\n") for part in parts)
    return next((text.strip() for title, _, text in found if title.split()[:1] == [version]), "")


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version; of what is none, more than any has, so that nothing follows it."""
    found = VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else (sys.maxsize,)


def git(root: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=root, capture_output=True, text=True, check=True
    ).stdout


def main(root: Path, verb: str, version: str) -> str:
    """Does one of the two, and says what there is to say. Ends with what is missing."""
    if verb == "write":
        text = yaml.safe_dump(other_answers(), allow_unicode=True)
        answers_file(root, version).write_text(text, "utf-8")
        return ""
    if faults := list(missing(root, version)):
        sys.exit("\n".join(faults))
    return f"{notes(root, version)}\n"


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "notes"):
        sys.exit(__doc__)
    sys.stdout.write(main(Path.cwd(), *sys.argv[1:]))
