"""What is known of runs of the tests, and of the files that they ran on."""

from __future__ import annotations

import hashlib
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Run = dict[str, Any]  # as its JSON has it

NAME = "tests.json"


def files(root: str, work: dict[str, str]) -> Iterator[str]:
    """The Python files of the application and its tests, in no order."""
    for place in {work["app"], work["tests"]}:
        for folder, folders, names in os.walk(os.path.join(root, place)):
            folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
            yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))


def state(root: str, work: dict[str, str]) -> str:
    """A sum of what is tested: it is another one as soon as a file is written."""
    seen = ((os.path.relpath(path, root), os.stat(path)) for path in files(root, work))
    rows = sorted((path, is_now.st_size, is_now.st_mtime_ns) for path, is_now in seen)
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def last(root: str) -> dict[str, Run]:
    """The last run of all tests, `whole`, and the last run, `any`; nothing where none is noted."""
    try:
        with open(os.path.join(root, ".baton", NAME), encoding="utf-8") as file:
            found = json.load(file)
        return {key: found[key] for key in ("whole", "any") if found[key]["state"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
