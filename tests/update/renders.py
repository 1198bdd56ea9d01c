"""What an update renders, each version and answer set once a process."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

import copier
import renders
from project import ANSWERS, field, with_source

from tests.support.quick import compiled_once
from tests.update.history import History

Files = dict[str, bytes]


class Rendered:
    """As `renders.Render`, by Copier in this process, and only what is not rendered yet."""

    made: dict[tuple[object, ...], Files] = {}  # noqa: RUF012 - what all of them share
    history: History

    def __init__(
        self,
        _folder: Path,
        answers: str,
        version: str = "",
        data: Sequence[str] = (),
        *,
        whole: bool = False,
    ) -> None:
        self.answers = with_source(answers, f"_src_path: {self.history.root}")
        self.version = version or field(answers, "_commit")
        self.data = dict(text.split("=", 1) for text in data)
        self.whole = whole

    def files(self) -> Files:
        answers = self.answers.replace(field(self.answers, "_commit"), "")
        key = (self.history.root, answers, self.version, *self.data.items(), self.whole)
        if key not in self.made:
            self.made[key] = self.fresh()
        return {**self.made[key]}

    def fresh(self) -> Files:
        with tempfile.TemporaryDirectory() as folder, compiled_once():
            root = Path(folder).resolve()
            (root / ANSWERS).write_text(self.answers, "utf-8")
            left = [] if self.whole else [place for place in renders.frozen() if "notes" not in place]
            copier.run_recopy(
                root,
                data={name: renders_yaml(value) for name, value in self.data.items()},
                vcs_ref=self.version,
                exclude=[f"/{place}" for place in left],
                defaults=True,
                overwrite=True,
                quiet=True,
                settings=copier.Settings(),
            )
            paths = (path for path in root.rglob("*") if path.is_file())
            return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
