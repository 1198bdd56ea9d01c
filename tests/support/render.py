"""Renders in process, as Copier makes them, and their files as text."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import copier

from tests.support.quick import quickly
from tests.support.tables import Answers, Tables, evaluate
from tests.support.template import template

PROGRAM = re.compile(r"team/\w+\.py")


@dataclass(frozen=True)
class Render:
    """A project that the template made: where it is, for which answers, and its files' texts."""

    root: Path
    answers: Answers
    files: Mapping[str, str]

    @cached_property
    def tables(self) -> Tables:
        return evaluate(self.answers)

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders that hold its files, without the root."""
        parents = (parent for name in self.files for parent in Path(name).parents)
        return frozenset(parent.as_posix() for parent in parents) - {"."}

    @cached_property
    def without_programs(self) -> Mapping[str, str]:
        """Its files but for those of the team's programs, which know the words of every answer."""
        return {name: self.files[name] for name in self.files if not PROGRAM.fullmatch(name)}

    def with_file(self, name: str, text: str) -> "Render":
        """The same render with one text changed or added; the disk is left alone."""
        return replace(self, files={**self.files, name: text})

    def without_file(self, name: str) -> "Render":
        return replace(self, files={key: self.files[key] for key in self.files if key != name})


@dataclass
class Renderer:
    """Makes each answer set once, in a folder of its own."""

    folder: Path
    made: dict[str, Render] = field(default_factory=dict)

    def __call__(self, answers: Answers) -> Render:
        """The render for these answers; it stays on the disk until the run ends."""
        key = json.dumps(answers, sort_keys=True)
        if key not in self.made:
            self.made[key] = self.fresh(answers)
        return self.made[key]

    def texts(self, answers: Answers) -> Render:
        """The render as texts alone, for tests that look at hundreds."""
        render = self.fresh(answers)
        shutil.rmtree(render.root.parent)
        return render

    def fresh(self, answers: Answers) -> Render:
        root = Path(tempfile.mkdtemp(dir=self.folder), "project")
        copy(answers, root)
        return Render(root, answers, texts(root))


def copy(answers: Answers, root: Path, *, overwrite: bool = False) -> None:
    """`copier copy --defaults` of the template under test, without trust."""
    with quickly():
        copier.run_copy(
            str(template()),
            root,
            data=dict(answers),
            defaults=True,
            overwrite=overwrite,
            quiet=True,
            unsafe=False,
        )


def texts(root: Path) -> dict[str, str]:
    """Every file below a folder, byte for byte; the key is its path with `/`."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode("utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
