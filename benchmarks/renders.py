"""How long it takes to render and check every answer set that the tests look at."""

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from tests.render.checks import faults
from tests.support.answers import answer_set, full_teams, some_teams
from tests.support.render import Renderer
from tests.support.tables import Answers
from tests.support.template import VARIABLE, plain_copy

CORES, MOST_SECONDS = 2, 90


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        os.environ[VARIABLE] = str(plain_copy(Path(name, "template")))
        os.environ["TMPDIR"] = name
        sets = [answer_set(row) for row in (*full_teams(), *some_teams())]
        start = time.perf_counter()
        with ProcessPoolExecutor(CORES) as pool:
            found = sum(pool.map(count_faults, sets, chunksize=4))
        taken = time.perf_counter() - start
    print(f"{len(sets)} renders, each checked, {found} faults")
    print(f"{taken:.0f} s on {CORES} of {os.cpu_count()} cores, target at most {MOST_SECONDS}")
    return 0 if taken <= MOST_SECONDS else 1


@cache
def renderer() -> Renderer:
    """One a process."""
    return Renderer(Path(tempfile.mkdtemp()))


def count_faults(answers: Answers) -> int:
    return len(faults(renderer().texts(answers)))


if __name__ == "__main__":
    sys.exit(main())
