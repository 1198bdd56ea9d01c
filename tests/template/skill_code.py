"""Does by machine what the skills ask for: writes each block to the file that it names.

The example says how: a block with a path on its first line is that file, a `diff` block changes a
file that is there, a `yaml` block is merged into one.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import yaml

from tests.support import strict_yaml
from tests.support.markdown import Block, blocks

IMPORT = re.compile(r"(?:from|import) \w")


class SkillError(Exception):
    """A skill cannot be followed to the letter."""


def follow(project: Path, *skills: str) -> list[str]:
    """Writes every block of these files to the project, and says which files it touched."""
    shown = [block for skill in skills for block in blocks((project / skill).read_text("utf-8"))]
    named = [block for block in shown if block.path]
    for block in named:
        write(project / block.path, block)
    return list(dict.fromkeys(block.path for block in named))


def commands(project: Path, skill: str, program: str) -> list[list[str]]:
    """The lines of a skill's shell blocks that begin with a program."""
    shown = blocks((project / skill).read_text("utf-8"))
    lines = [line for block in shown if block.language == "sh" for line in block.text.splitlines()]
    return [line.split() for line in lines if line.startswith(f"{program} ")]


def write(file: Path, block: Block) -> None:
    text = block.text.split("\n", 1)[1]
    ways: Mapping[str, Callable[[str, str], str]] = {"diff": changed, "yaml": merged}
    if way := ways.get(block.language):
        text = way(file.read_text("utf-8"), text)
    elif file.exists():
        raise SkillError(f"{block.path} is there already")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def changed(old: str, diff: str) -> str:
    """The file with its new lines: below the line they follow, else at the imports or the end."""
    lines, place = old.splitlines(), -1
    for line in diff.splitlines():
        if line.startswith("-"):
            place = found(lines, line[1:])
            lines.pop(place)
            place -= 1
        elif not line.startswith("+"):
            place = found(lines, line)
        elif place >= 0:
            place += 1
            lines.insert(place, line[1:])
        elif IMPORT.match(line[1:]):
            lines.insert(after_imports(lines), line[1:])
        else:
            lines.append(line[1:])
    return "\n".join(lines) + "\n"


def found(lines: list[str], line: str) -> int:
    """Where the one line is that a diff shows, with or without the space before it."""
    places = [place for place, there in enumerate(lines) if line in {there, f" {there}"}]
    if len(places) != 1:
        raise SkillError(f"{len(places)} lines read {line!r}")
    return places[0]


def after_imports(lines: list[str]) -> int:
    """Below the last import; below the docstring where there is none."""
    places = [place for place, line in enumerate(lines) if IMPORT.match(line)]
    return places[-1] + 1 if places else len(lines)


def merged(old: str, new: str) -> str:
    return yaml.safe_dump(union(strict_yaml.load(old), strict_yaml.load(new)), sort_keys=False)


def union(old: object, new: object) -> object:
    """Both mappings in one. Raises SkillError where they contradict each other."""
    if isinstance(old, dict) and isinstance(new, dict):
        both = cast("dict[str, object]", {**old, **new})
        return {key: union(old[key], new[key]) if key in {*old} & {*new} else both[key] for key in both}
    if old != new:
        raise SkillError(f"{old!r} is there already, not {new!r}")
    return old
