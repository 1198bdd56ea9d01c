"""A Postgres that is killed and started again where it was, with the durability of production."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import Popen

from tests.support.backend import Backend
from tests.support.served import free_port, program

# It runs in the environment of the backend, and uses what the backend has for its own Postgres.
# That one's guard would tidy up, so this one has none.
KEEP = """
import subprocess, sys, time
from pathlib import Path
from app.adapters.postgres.local import as_ordinary_user, find_programs, make_data
folder, port, options = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
password = make_data(folder, find_programs())
data = folder / "data"
command = [
    *as_ordinary_user(), find_programs() / "postgres", "-D", data,
    "-p", port, "-h", "127.0.0.1", "-k", "", *options,
]

def is_ready(server):
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return lines[:1] == [str(server.pid)] and lines[-1].strip() == "ready"

def start():
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not is_ready(server):
        if server.poll() is not None:  # a child of the one before has not noticed its death yet
            server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(0.01)
    return server

server = start()
print(f"postgresql://app:{password}@127.0.0.1:{port}/postgres", flush=True)
for line in sys.stdin:
    if line == "kill\\n":
        server.kill()
        server.wait()
    else:
        server = start()
    print("done", flush=True)
server.terminate()
server.wait(30)
"""


@dataclass(frozen=True)
class Crashing:
    """Where it is, and the process that keeps it."""

    address: str
    keeper: Popen[str]

    def kill(self) -> None:
        """SIGKILL: no transaction ends, nothing is flushed."""
        self._tell("kill")

    def start(self) -> None:
        """Return once it has replayed its log and takes connections."""
        self._tell("start")

    def _tell(self, word: str) -> None:
        assert self.keeper.stdin
        assert self.keeper.stdout
        print(word, file=self.keeper.stdin, flush=True)
        assert self.keeper.stdout.readline() == "done\n", f"it did not {word}"


@contextmanager
def crashing_postgres(backend: Backend, *options: str) -> Iterator[Crashing]:
    """Runs it with an empty database until the end of the block."""
    command = (str(program(backend, "python")), "-c", KEEP)
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        backend.keeping(*command, folder, str(free_port()), *options) as (address, keeper),
    ):
        yield Crashing(address, keeper)
