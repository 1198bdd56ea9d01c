"""How long a copy takes beside the least that Copier takes for the same files.

Two templates are git repositories on this disk: this one, and what it writes, as plain files with
no Jinja and no question. Each is copied as the README says, by a uv that has downloaded what it
needs and makes Copier's environment anew: people copy once. Each is copied by Copier alone too,
whose modules are compiled by then. All take turns, and turns at being first, so that whatever else
the machine does falls on all, and the least of each counts. On a busy machine the clock says
little; the processor's time is printed beside it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.backend import environment
from tests.support.render import copy, texts
from tests.support.template import VARIABLE, plain_copy

TARGET = 1.25
# A copy takes 1.05 times its processor's time where nothing else runs.
BUSY = 1.25
README = ("uv", "tool", "run", "copier")
ALONE = (sys.executable, "-m", "copier")


class Spent(NamedTuple):
    """Seconds on the clock, and those of the processor, which Windows does not tell of children."""

    wall: float
    processor: float


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25, help="copies of each template, each way")
    rounds = parser.parse_args().rounds
    # Where it is set, each process compiles everything anew. A person's machine does not do that.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="baton-") as name:
        folder = Path(name)
        os.environ[VARIABLE] = str(plain_copy(folder / "baton"))
        copy({}, folder / "rendered")
        files = len(texts(folder / "rendered"))
        ours = repository(folder / "baton")
        least = repository(files_alone(folder / "least", folder / "rendered"))
        os.environ["UV_CACHE_DIR"] = str(folder / "uv")
        spent = in_turns([ours, least], folder, rounds)
    print(f"{files} files, {rounds} rounds after one that warms up, {os.cpu_count()} cores")
    ratio = compared("by the README's command", spent[README, ours], spent[README, least])
    print(f"{'':16}target at most {TARGET}")
    compared("by Copier alone, no target", spent[ALONE, ours], spent[ALONE, least])
    return 0 if ratio <= TARGET else 1


def in_turns(
    templates: Sequence[Path], folder: Path, rounds: int
) -> dict[tuple[Sequence[str], Path], list[Spent]]:
    """What each copy of the templates took, after one of each that warms up."""
    ways = [(command, template) for command in (README, ALONE) for template in templates]
    spent: dict[tuple[Sequence[str], Path], list[Spent]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way in ways if number % 2 else reversed(ways):
            spent[way].append(one_copy(*way, folder))
        # All is downloaded: whether something is newer, nobody need ask.
        os.environ["UV_OFFLINE"] = "1"
    return {way: several[1:] for way, several in spent.items()}


def one_copy(command: Sequence[str], template: Path, folder: Path) -> Spent:
    """What one copy takes, from the start of the program to its end."""
    project = folder / "project"
    # It takes away environments, and leaves what was downloaded.
    subprocess.run(["uv", "cache", "prune", "--quiet"], check=True)
    before, start = os.times(), time.perf_counter()
    subprocess.run(
        [*command, "copy", "--defaults", str(template), str(project)],
        env=environment(),
        check=True,
        capture_output=True,
    )
    wall, after = time.perf_counter() - start, os.times()
    shutil.rmtree(project)
    processor = sum(after[2:4]) - sum(before[2:4])
    return Spent(wall, processor or wall)


def compared(how: str, ours: list[Spent], least: list[Spent]) -> float:
    """Prints what both took, and the ratio of the least, which it gives."""
    print(f"{how}\nthis template   {shown(ours)}\nthe same files  {shown(least)}")
    ratio = lowest(ours).wall / lowest(least).wall
    of_processor = lowest(ours).processor / lowest(least).processor
    print(f"ratio           {ratio:.2f}; of the processor {of_processor:.2f}")
    if lowest(least).wall > BUSY * lowest(least).processor:
        print("The machine is busy: its clock says little.")
    return ratio


def lowest(spent: list[Spent]) -> Spent:
    return Spent(min(one.wall for one in spent), min(one.processor for one in spent))


def shown(spent: list[Spent]) -> str:
    median = statistics.median(one.wall for one in spent)
    least = lowest(spent)
    return f"{least.wall:.2f} s, median {median:.2f} s; of the processor {least.processor:.2f} s"


def files_alone(root: Path, written: Path) -> Path:
    """A template of what was written."""
    shutil.copytree(written, root / "template")
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


if __name__ == "__main__":
    sys.exit(main())
