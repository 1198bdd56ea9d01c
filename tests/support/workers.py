"""A server that is started, killed and started again, as by whoever runs it."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.backend import environment
from tests.support.served import PATIENCE, free_port, listens


@dataclass
class Worker:
    """One process that serves on one port, whenever it runs."""

    command: Sequence[str | Path]
    folder: Path
    log: Path
    variables: dict[str, str]
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        """Start it. It takes connections a moment later."""
        variables = environment(**self.variables, PORT=str(self.port))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part).replace("PORT", str(self.port)) for part in self.command],
                cwd=self.folder,
                env=variables,
                stdout=log,
                stderr=log,
            )

    def wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not listens(self.port):
            assert self.process.poll() is None, f"it ended: {self.log.read_text()}"
            assert time.monotonic() < deadline, (
                f"the server does not listen: {self.log.read_text()}"
            )
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL: it closes nothing by itself."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> float:
        """SIGTERM: it ends what it has begun. Gives the seconds until it is gone."""
        started = time.monotonic()
        self.process.terminate()
        self.process.wait(PATIENCE)
        return time.monotonic() - started


@contextmanager
def working(
    command: Sequence[str | Path], folder: Path, log: Path, **variables: str
) -> Iterator[Worker]:
    """Runs it until the end of the block."""
    worker = Worker(command, folder, log, variables)
    worker.start()
    try:
        worker.wait_until_it_listens()
        yield worker
    finally:
        worker.kill()
