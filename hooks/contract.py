"""Which operations the contract has: method and path, from its YAML or JSON."""

from __future__ import annotations

import json
import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
KEY = re.compile(r"""(?m)^( *)(["']?)([^\s"'#-][^"'\n]*?)\2:(?=\s|$)""")
SERVER = re.compile(r"""(?<![\w-])url["']?: *["']?(?:https?://[^/\s"']+)?(/[^\s"',}\]]+)""")


def operations(path: str) -> set[tuple[str, str]]:
    """The operations of a contract; none where it is not there."""
    if not os.path.isfile(path):
        return set()
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = {(verb.upper(), at) for verb, at in listed(text) if verb in METHODS}
    return found | {
        (verb, server.rstrip("/") + at) for server in SERVER.findall(text) for verb, at in found
    }


def listed(text: str) -> Iterator[tuple[str, str]]:
    if text.lstrip().startswith("{"):
        for at, verbs in json.loads(text).get("paths", {}).items():
            yield from ((verb, at) for verb in verbs)
        return
    above = [(-1, "")]
    for key in KEY.finditer(text):
        while len(key[1]) <= above[-1][0]:
            above.pop()
        above.append((len(key[1]), key[3]))
        if len(above) == 4 and above[1][1] == "paths":
            yield key[3], above[2][1]


def has(known: set[tuple[str, str]], method: str, path: str) -> bool:
    """Whether an operation is known, by its own path or with what stands for its parameters."""
    path = re.sub(r"[.:]+$", "", path)
    return any(verb == method and fits(at, path) for verb, at in known)


def fits(template: str, path: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template)), path))
