"""The real client, of two versions, from npm: installed once into the user's cache folder."""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGE = "@anthropic-ai/claude-code"
VERSION = "2.1.328"
OLDER = "2.1.197"  # what npm gives Node 20

# Two test runs may want it at once: the first installs it, aside and then in one step, and the
# second waits. Nothing that the package brings is run, so its launcher is not there.
INSTALL = """
[ -d "$1" ] && exit
rm -rf "$1.new"
npm install --prefix "$1.new" --ignore-scripts --prefer-offline --fetch-retries=1 \\
    --fetch-retry-mintimeout=1000 --no-audit --no-fund --loglevel=error "$2" &&
mv "$1.new" "$1"
"""
NEEDED = {"npm": "installs it", "unshare": "keeps it off the network", "flock": "installs it once"}


class UnavailableError(Exception):
    """The real client cannot run on this machine."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the real client is not tried: {why}")


def folder() -> Path:
    """A folder of ours in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baton-tests"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def client(version: str = VERSION) -> Path:
    """The client's program. Raises UnavailableError where this machine cannot have it."""
    for tool, what in NEEDED.items():
        if shutil.which(tool) is None:
            raise UnavailableError(f"there is no {tool}, which {what}")
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode:
        raise UnavailableError("this machine lets nobody make a network of their own")
    cache = folder()
    home = cache / f"claude-code-{version}"
    script: list[str | Path] = ["sh", "-c", INSTALL, "sh", home, f"{PACKAGE}@{version}"]
    lock = cache / f"{home.name}.lock"
    done = subprocess.run(["flock", lock, *script], capture_output=True, text=True, check=False)
    if not home.is_dir():
        said = (done.stderr.splitlines() or ["nothing"])[0]
        raise UnavailableError(f"npm cannot install {PACKAGE} {version}, and says: {said}")
    return program(home, version)


def program(home: Path, version: str) -> Path:
    """The one of the installed files that runs and is of this version."""
    places = sorted(home.glob("node_modules/@anthropic-ai/claude-code-*/claude"))
    for place in places:
        said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False)
        if said.stdout.startswith(version):
            return place
    raise AssertionError(f"none of {places} is {PACKAGE} {version}; remove {home} and try again")
