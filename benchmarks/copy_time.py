"""How long a copy takes beside the least that Copier takes for the same files.

Both templates are git repositories on this disk, copied by the command that a person types: this
one, and one that holds the rendered files as they are, with no question and no Jinja. The two take
turns, and turns at being first, so that whatever else the machine does falls on both, and the least
of each counts. On a busy machine the clock says little; the processor's time is printed beside it.
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
from typing import NamedTuple

from tests.support.render import copy, texts
from tests.support.template import VARIABLE, plain_copy

TARGET = 1.25
# A copy takes 1.05 times its processor's time where nothing else runs.
BUSY = 1.25


class Spent(NamedTuple):
    """Seconds on the clock, and those of the processor, which Windows does not tell of children."""

    wall: float
    processor: float


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
    ratio = lowest(ours).wall / lowest(least).wall
    print(f"{files} files, {rounds} rounds after one that warms up, {os.cpu_count()} cores")
    print(f"this template   {shown(ours)}")
    print(f"the same files  {shown(least)}")
    print(f"ratio           {ratio:.2f}, target at most {TARGET}", end="")
    print(f"; of the processor {lowest(ours).processor / lowest(least).processor:.2f}")
    if lowest(least).wall > BUSY * lowest(least).processor:
        print("The machine is busy: its clock says little.")
    return 0 if ratio <= TARGET else 1


def lowest(spent: list[Spent]) -> Spent:
    return Spent(min(one.wall for one in spent), min(one.processor for one in spent))


def shown(spent: list[Spent]) -> str:
    median = statistics.median(one.wall for one in spent)
    least = lowest(spent)
    return f"{least.wall:.2f} s, median {median:.2f} s; of the processor {least.processor:.2f} s"


def in_turns(ours: Path, least: Path, folder: Path, rounds: int) -> tuple[list[Spent], list[Spent]]:
    """What each copy of the two templates took, after one of each that warms up."""
    spent: dict[Path, list[Spent]] = {ours: [], least: []}
    for number in range(rounds + 1):
        for template in (ours, least) if number % 2 else (least, ours):
            spent[template].append(one_copy(template, folder))
    return spent[ours][1:], spent[least][1:]


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


def one_copy(template: Path, folder: Path) -> Spent:
    """What one copy takes, from the start of the program to its end."""
    project = folder / "project"
    command = [sys.executable, "-m", "copier", "copy", "--defaults", str(template), str(project)]
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - start, os.times()
    shutil.rmtree(project)
    processor = sum(after[2:4]) - sum(before[2:4])
    return Spent(wall, processor or wall)


if __name__ == "__main__":
    sys.exit(main())
