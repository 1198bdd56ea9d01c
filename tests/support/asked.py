"""A program beside the tests that answers each line of JSON with a line of JSON."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.backend import environment


@dataclass(frozen=True)
class Asked:
    """The program, while it runs."""

    process: "subprocess.Popen[str]"

    def tell(self, what: object) -> None:
        """Have it do something, and go on."""
        assert self.process.stdin
        print(json.dumps(what), file=self.process.stdin, flush=True)

    def answer(self) -> object:
        """What it has to say, once it has something to say."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"it ended: {self.process.args!r}"
        answer: object = json.loads(line)
        return answer

    def ask(self, what: object) -> object:
        self.tell(what)
        return self.answer()


@contextmanager
def asked(command: Sequence[str | Path]) -> Iterator[Asked]:
    """Runs a program until the end of the block."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            yield Asked(process)
        finally:
            process.kill()
