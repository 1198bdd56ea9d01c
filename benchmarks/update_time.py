"""What `baton sync` takes beside plain `copier update`, for the same project and version."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.template import VARIABLE, plain_copy
from tests.update.history import GIT, commit, copy, edit
from tests.update.versions import VERSIONS, tagged

RATIO, CHECK = 1.5, 2.0
COMMANDS = {
    "copier update": ["copier", "update", "--defaults", "--quiet"],
    "sync": [sys.executable, "-I", "-S", "team/baton.py", "sync", "--yes"],
    "sync --check": [sys.executable, "-I", "-S", "team/baton.py", "sync", "--check"],
}


def seconds(project: Path, words: list[str]) -> float:
    """How long a command takes in a fresh copy of a project."""
    with tempfile.TemporaryDirectory() as folder:
        root = shutil.copytree(project, Path(folder) / "project", symlinks=True)
        start = time.perf_counter()
        done = subprocess.run(words, cwd=root, capture_output=True, check=False, text=True)
        took = time.perf_counter() - start
    if done.returncode not in (0, 2):
        raise SystemExit(f"{' '.join(words)}: {done.stderr}")
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds: int = parser.parse_args().rounds
    os.environ.update(GIT)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[VARIABLE] = str(plain_copy(Path(folder).resolve() / "plain"))
        history = tagged(Path(folder).resolve() / "template")
        project = Path(folder).resolve() / "project"
        copy(history, project, version=VERSIONS[0])
        edit(project / "AGENTS.md", "## Commands\n", "## Commands\n\nAsk Ines first.\n")
        commit(project, "A year of work")
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for number in range(rounds + 1):
            for name, words in COMMANDS.items():
                took = seconds(project, words)
                times[name] += [took] if number else []  # the first fills caches
    middle = {name: statistics.median(took) for name, took in times.items()}
    for name, took in middle.items():
        print(f"{name:14} {took:5.2f} s")
    ratio = middle["sync"] / middle["copier update"]
    print(f"ratio          {ratio:5.2f}, target at most {RATIO}; --check, at most {CHECK} s")
    return 1 if ratio > RATIO or middle["sync --check"] > CHECK else 0


if __name__ == "__main__":
    sys.exit(main())
