"""How long a copy takes beside the least that Copier takes for the same files.

Both templates are git repositories on this disk, copied by the command that a person types: this
one, and one that holds the rendered files as they are, with no question and no Jinja. The two take
turns, and turns at being first, so that whatever else the machine does falls on both. The least of
each counts: what comes on top is the machine's, and would make the ratio look smaller.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.render import copy, texts
from tests.support.template import VARIABLE, plain_copy

TARGET = 1.25


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=11, help="copies of each template")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ[VARIABLE] = str(plain_copy(folder / "baton"))
        floor = repository(same_files(folder / "floor", folder / "rendered"))
        baton = repository(folder / "baton")
        ours, least = in_turns(baton, floor, folder, rounds)
        files = len(texts(folder / "rendered"))
    ratio = min(ours) / min(least)
    print(f"{files} files, {rounds} rounds after one that warms up, {os.cpu_count()} cores")
    print(f"this template   {shown(ours)}")
    print(f"the same files  {shown(least)}")
    print(f"ratio           {ratio:.2f}, target at most {TARGET}")
    return 0 if ratio <= TARGET else 1


def shown(times: list[float]) -> str:
    return f"{min(times):.2f} s, median {statistics.median(times):.2f} s"


def in_turns(ours: Path, least: Path, folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """The seconds of each copy of the two templates, after one of each that warms up."""
    times: dict[Path, list[float]] = {ours: [], least: []}
    for number in range(rounds + 1):
        for template in (ours, least) if number % 2 else (least, ours):
            times[template].append(seconds(template, folder))
    return times[ours][1:], times[least][1:]


def same_files(root: Path, rendered: Path) -> Path:
    """A template of what this one renders by default."""
    copy({}, rendered)
    shutil.copytree(rendered, root / "template")
    (root / "copier.yml").write_text("_subdirectory: template\n")
    return root


def repository(root: Path) -> Path:
    """The folder as a git repository with one commit, as a clone would be."""
    who = ("-c", "user.name=Baton", "-c", "user.email=baton@localhost")
    for command in (
        ["init", "--quiet"],
        ["add", "--all", "--force"],
        ["commit", "--quiet", "-m", "All"],
    ):
        subprocess.run(["git", *who, *command], cwd=root, check=True)
    return root


def seconds(template: Path, folder: Path) -> float:
    """The wall time of one copy, from the start of the program to its end."""
    project = folder / "project"
    command = [sys.executable, "-m", "copier", "copy", "--defaults", str(template), str(project)]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    taken = time.perf_counter() - start
    shutil.rmtree(project)
    return taken


if __name__ == "__main__":
    sys.exit(main())
