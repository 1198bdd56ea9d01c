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
STARTS = (
    {},
    {"recipe": "studio"},
    {"sse": "false", "tdd": "strict", "agents_off": "[architect]"},
    {"stack": "existing", "agents_off": "[code-reviewer]", "docs_lookup": "ref"},
)
CHANGES = (
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
JOURNEYS: tuple[tuple[str, str, int, list[str]], ...] = (
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

    @property
    def root(self) -> Path:
        return self.person.root


def made(seed: int, root: Path) -> Case:
    """The case of a seed."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    old, version, start, data = (
        JOURNEYS[seed % len(JOURNEYS)]
        if seed in EVERYDAY
        else (
            *sorted(rng.sample(VERSIONS, 2)),
            rng.randrange(len(STARTS)),
            rng.choice(CHANGES),
        )
    )
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
