"""How long a copy takes beside the least that Copier takes for the same files.

Three templates are git repositories on this disk, copied by the command that a person types: this
one; what it writes, as plain files with no question, which is the least; and this one with each
Jinja text replaced by what it renders to, those of the questionnaire too, which tells Jinja's share
from that of the questions and of the files that other answers need. They take turns, and turns at
being first, so that whatever else the machine does falls on all, and the least of each counts. On a
busy machine the clock says little; the processor's time is printed beside it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import copier
import yaml

from tests.support.render import copy, texts
from tests.support.tables import evaluate, rendered
from tests.support.template import VARIABLE, plain_copy, template

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
        copy({}, folder / "rendered")
        templates = [
            repository(folder / "baton"),
            repository(without_jinja(folder / "plain", folder / "rendered")),
            repository(files_alone(folder / "least", folder / "rendered")),
        ]
        copier.run_copy(str(templates[1]), folder / "same", defaults=True, quiet=True)
        files = texts(folder / "rendered")
        if texts(folder / "same") != files:
            raise SystemExit("Without Jinja it writes something else, so the times say nothing.")
        ours, plain, least = in_turns(templates, folder, rounds)
    ratio = lowest(ours).wall / lowest(least).wall
    print(f"{len(files)} files, {rounds} rounds after one that warms up, {os.cpu_count()} cores")
    print(f"this template   {shown(ours)}")
    print(f"the same files  {shown(least)}")
    print(f"ratio           {ratio:.2f}, target at most {TARGET}", end="")
    print(f"; of the processor {lowest(ours).processor / lowest(least).processor:.2f}")
    print(f"without Jinja   {shown(plain)}")
    print(f"ratio           {lowest(ours).wall / lowest(plain).wall:.2f}, no target")
    if lowest(least).wall > BUSY * lowest(least).processor:
        print("The machine is busy: its clock says little.")
    return 0 if ratio <= TARGET else 1


def lowest(spent: list[Spent]) -> Spent:
    return Spent(min(one.wall for one in spent), min(one.processor for one in spent))


def shown(spent: list[Spent]) -> str:
    median = statistics.median(one.wall for one in spent)
    least = lowest(spent)
    return f"{least.wall:.2f} s, median {median:.2f} s; of the processor {least.processor:.2f} s"


def in_turns(templates: Sequence[Path], folder: Path, rounds: int) -> list[list[Spent]]:
    """What each copy of the templates took, after one of each that warms up."""
    spent: dict[Path, list[Spent]] = {one: [] for one in templates}
    for number in range(rounds + 1):
        for one in templates if number % 2 else reversed(templates):
            spent[one].append(one_copy(one, folder))
    return [several[1:] for several in spent.values()]


def files_alone(root: Path, written: Path) -> Path:
    """A template of what was written."""
    shutil.copytree(written, root / "template")
    (root / "copier.yml").write_text("_subdirectory: template\n")
    return root


def without_jinja(root: Path, written: Path) -> Path:
    """This template as it is by default, in plain words: it asks the same and writes the same.

    It holds no answer against a validator: those are nothing but Jinja.
    """
    ours = template()
    answers = {**evaluate({}), "_copier_operation": "copy", "_copier_conf": {"dst_path": root}}
    shutil.copytree(written, root / "template")
    for file in (ours / "template").rglob("*"):
        name = file.relative_to(ours / "template").as_posix().removesuffix(".jinja")
        if file.is_file() and "{" not in name and not (written / name).exists():
            # It is excluded for these answers.
            (root / "template" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, root / "template" / name)
    shutil.copy2(ours / "copier.yml", root)
    (root / "copier").mkdir()
    for topic in (ours / "copier").glob("*.yml"):
        said = in_words(ours, yaml.safe_load(topic.read_text("utf-8")), answers)
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
        (root / "copier" / topic.name).write_text(text, "utf-8")
    return root


def in_words(root: Path, value: object, answers: Mapping[str, object]) -> object:
    """A part of the questionnaire, with each text as it is rendered."""
    if isinstance(value, list):
        return [in_words(root, part, answers) for part in value]
    if isinstance(value, dict):
        kept = value.keys() - {"validator"}
        return {key: in_words(root, value[key], answers) for key in value if key in kept}
    return rendered(root, value, answers)


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
