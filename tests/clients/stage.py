"""A project, and the client that plays on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.clients.claude import PATH, Call, Run, Turn, play
from tests.support.tables import Answers


@dataclass(frozen=True)
class Stage:
    """A project of its own, so that a run may change it, and a folder for what runs leave."""

    client: Path
    root: Path
    runs: Path
    numbers: "count[int]" = field(default_factory=count)

    def play(self, *turns: Turn, path: str = PATH, mode: str = "acceptEdits") -> Run:
        """Runs the client; `path` is where it finds programs, `mode` what it asks about."""
        folder = self.runs / str(next(self.numbers))
        folder.mkdir(parents=True)
        return play(self.client, self.root, turns, folder, path=path, mode=mode)

    def write(self, name: str) -> Call:
        """The call that writes a file of the project."""
        return Call("Write", {"file_path": str(self.root / name), "content": "written\n"})

    def edit(self, name: str, old: str, new: str) -> None:
        """Changes a file as a person would, and must find what to change."""
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def rename(self, name: str, new: str) -> None:
        path = self.root / name
        path.rename(path.with_name(new))


SetStage = Callable[[Answers], Stage]
