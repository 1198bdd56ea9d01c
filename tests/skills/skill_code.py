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


def shown(project: Path, skill: str) -> tuple[Block, ...]:
    """The blocks of a skill's file."""
    return blocks((project / ".claude" / "skills" / skill).read_text("utf-8"))


def follow(project: Path, *skills: str) -> list[str]:
    """Writes every block of these skills that names its file; says which files it wrote."""
    named = [block for skill in skills for block in shown(project, skill) if block.path]
    for block in named:
        write(project / block.path, block)
    return list(dict.fromkeys(block.path for block in named))


def commands(project: Path, skill: str) -> Iterator[list[str]]:
    """The words of each line in a skill's shell blocks, without comments."""
    for block in shown(project, skill):
        if block.language == "sh":
            for line in block.text.splitlines():
                yield line.split(" # ")[0].split()


def write(file: Path, block: Block) -> None:
    text = block.text.split("\n", 1)[1]
    ways: Mapping[str, Callable[[str, str], str]] = {"diff": changed, "yaml": merged}
    if way := ways.get(block.language):
        text = way(file.read_text("utf-8"), text)
    elif file.exists():
        raise SkillError(f"{block.path} is there already")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


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
                at = after_imports(lines) if IMPORT.match(line[1:]) else len(lines)
                lines.insert(at, line[1:])
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
    """Both documents in one, lists end to end. Raises SkillError where they contradict."""
    if isinstance(old, dict) and isinstance(new, dict):
        common = {key: union(old[key], new[key]) for key in old if key in new}
        return {**old, **new, **common}
    if isinstance(old, list) and isinstance(new, list):
        return old + [entry for entry in new if entry not in old]
    if old != new:
        raise SkillError(f"{old!r} is there already, not {new!r}")
    return old


def modules(project: Path, skill: str) -> dict[str, str]:
    """The pairs of a skill as modules by their first line, each with the shapes of the first."""
    pairs = [block.text for block in shown(project, skill) if block.language == "python"]
    return {text.split("\n", 1)[0]: joined(pairs[0], text) for text in pairs}


def joined(first: str, text: str) -> str:
    """Both as one module: the imports of both, then the rest."""
    lines = [*first.splitlines(), *(text.splitlines() if text != first else [])]
    imports = [line for line in lines if IMPORT.match(line)]
    rest = [line for line in lines if not IMPORT.match(line)]
    return "\n".join([*dict.fromkeys(imports), *rest, ""])
