"""Does by machine what the skills ask for: writes each block to the file that it names.

How, the skills say themselves: a block with a path on its first line is that file, a `diff` block
changes a file that is there, a `yaml` block is merged into one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import yaml

from tests.support import strict_yaml
from tests.support.markdown import Block, blocks

IMPORT = re.compile(r"(?:from|import) \w")


class SkillError(Exception):
    """A skill cannot be followed to the letter."""


def follow(project: Path, skills: list[str]) -> list[str]:
    """Writes every block of these skills to the project, and says which files it wrote."""
    named = [block for skill in skills for block in shown(project, skill) if block.path]
    for block in named:
        write(project / block.path, block)
    return list(dict.fromkeys(block.path for block in named))


def shown(project: Path, skill: str) -> tuple[Block, ...]:
    return blocks((project / ".claude" / "skills" / skill).read_text("utf-8"))


def commands(project: Path, skill: str, program: str) -> Iterator[list[str]]:
    """The lines of a skill's shell blocks that begin with a program, without `uv run`."""
    lines = [line for block in shown(project, skill) for line in block.text.splitlines()]
    for line in lines:
        words = line.removeprefix("uv run ").split()
        if words[:1] == [program]:
            yield words


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
    """The file with its new lines: below those they follow, else at the imports or the end."""
    lines = old.splitlines()
    place: int | None = None
    for new, group in groupby(diff.splitlines(), key=lambda line: line.startswith("+")):
        part = list(group)
        if not new:
            place = replaced(lines, part)
        elif place is not None:
            lines[place:place] = [line[1:] for line in part]
        else:
            for line in part:
                is_import = IMPORT.match(line[1:])
                lines.insert(after_imports(lines) if is_import else len(lines), line[1:])
    return "\n".join(lines) + "\n"


def replaced(lines: list[str], part: list[str]) -> int:
    """Finds the lines, takes those with a minus away, and says where the next one would be."""
    old, kept = [line[1:] for line in part], [line[1:] for line in part if line[0] == " "]
    places = [at for at in range(len(lines)) if lines[at : at + len(old)] == old]
    if len(places) != 1:
        raise SkillError(f"{len(places)} places read {old}")
    lines[places[0] : places[0] + len(old)] = kept
    return places[0] + len(kept)


def after_imports(lines: list[str]) -> int:
    """The place below the last import, or the end where there is none."""
    places = [place for place, line in enumerate(lines) if IMPORT.match(line)]
    return places[-1] + 1 if places else len(lines)


def merged(old: str, new: str) -> str:
    return yaml.safe_dump(union(strict_yaml.load(old), strict_yaml.load(new)), sort_keys=False)


def union(old: object, new: object) -> object:
    """Both documents in one. Raises SkillError where they contradict each other."""
    if isinstance(old, dict) and isinstance(new, dict):
        common = {key: union(old[key], new[key]) for key in old if key in new}
        return {**old, **new, **common}
    if old != new:
        raise SkillError(f"{old!r} is there already, not {new!r}")
    return old
