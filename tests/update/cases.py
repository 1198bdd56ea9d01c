"""A project in which a person worked, and where an update takes it: a case by its seed."""

import random
from dataclasses import dataclass
from pathlib import Path

from project import ANSWERS
from tests.update.history import commit, git
from tests.update.person import Person
from tests.update.renders import Files, Rendered, project
from tests.update.versions import VERSIONS

# What is answered at the start; an update may change one answer.
STARTS: tuple[dict[str, str], ...] = (
    {},
    {"recipe": "studio"},
    {"sse": "false", "tdd": "strict", "agents_off": "[architect]"},
    {"stack": "existing", "agents_off": "[code-reviewer]", "docs_lookup": "ref"},
)
CHANGES: tuple[list[str], ...] = (
    [],
    [],
    ["sse=true"],
    ["sse=false"],
    ["tdd=on-request"],
    ["agents_off=[]"],
    ["agents_off=[database-architect, devops-engineer]"],
    ["docs_lookup=context7"],
)


# From which version, with which start, to which version, and what is answered anew: few, since each
# is rendered. Seeds beyond these choose among all.
Journey = tuple[str, str, int, list[str]]
JOURNEYS: tuple[Journey, ...] = (
    ("v1.0.0", "v4.0.0", 0, []),
    ("v1.0.0", "v3.0.0", 0, []),
    ("v3.0.0", "v4.0.0", 0, ["agents_off=[database-architect, devops-engineer]"]),
    ("v2.0.0", "v4.0.0", 2, ["sse=true"]),
    ("v2.0.0", "v3.0.0", 3, ["tdd=on-request"]),
)
EVERYDAY = range(20)


@dataclass
class Case:
    """What was rendered, what a person made of it, and what is rendered next."""

    person: Person
    base: Files
    new: Files
    version: str
    data: list[str]
    frozen: Files  # what no update may touch


def journey(seed: int, rng: random.Random) -> Journey:
    """Which way a seed's project goes."""
    if seed in EVERYDAY:
        return JOURNEYS[seed % len(JOURNEYS)]
    old, new = sorted(rng.sample(VERSIONS, 2))
    return old, new, rng.randrange(len(STARTS)), rng.choice(CHANGES)


def made(seed: int, root: Path) -> Case:
    """The case of a seed."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    old, version, start, data = journey(seed, rng)
    rows = [f"{name}: {value}" for name, value in STARTS[start].items()]
    given = "\n".join([f"_commit: {old}", f"_src_path: {Rendered.source}", *rows, ""])
    files = Rendered(root, given, whole=True).files()
    project(root, files)
    git(root, "init", "--quiet", "--initial-branch=main")
    person = Person(root, rng)
    person.work()
    commit(root, "A year of work")
    answers = files[ANSWERS].decode()
    new = Rendered(root, answers, version, data, whole=True).files()
    return Case(person, files, new, version, data, person.frozen())
