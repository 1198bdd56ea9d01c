"""What a word of a shell command stands for, as far as that can be told before it is run.

What only running would tell (a variable, another command's output) is UNKNOWN in a word.
"""

from __future__ import annotations

import os
import re
from collections import Counter

UNKNOWN = "\U000f0000"
# A quoted sign that would mean something bare is swapped for one that no command holds.
HIDDEN = {ord(sign): chr(0xF0000 + ord(sign)) for sign in "*?[]{},~"}
SHOWN = {ord(to): chr(sign) for sign, to in HIDDEN.items()}
MOST = 1000  # words that braces make of one, files that a command names

ASSIGNED = r"""(?<![\w$.{-])([A-Za-z_]\w*)=(["']?)([\w./@%+:-]+|\$\([\w -]+\))\2(?![^\s;&|)])"""
SPOKEN = r"(?<![\w$])(?<!\$\{)[A-Za-z_]\w*|(?<=\$\{)\w+(?=:?=)"
PWD, MOVES = "$(pwd)", r"\b(?:cd|chdir|pushd|popd|eval)\b"
BRACES = r"\{([^{}]*,[^{}]*)\}|(\{[^{},]*\.\.[^{},]*\})"


def native(path: str) -> str:
    """A path as the system has it: Git Bash says /c/Users of what is C:/Users to Windows."""
    return re.sub(r"^/([A-Za-z])(?:/|\Z)", r"\1:/", path) if os.name == "nt" else path


class UnreadableError(Exception):
    """Says why a command cannot be read, or what in it only running would tell."""


def variables(text: str, known: dict[str, str]) -> dict[str, str]:
    """What is known, and each variable that it names but once, to set it to a plain word."""
    spoken = Counter(re.findall(SPOKEN, text) if "$" in text else [])
    given = {}
    for found in re.finditer(ASSIGNED, text) if spoken else []:
        name, value = found[1], found[3]
        if value == PWD and re.search(MOVES, text[: found.start()]):
            value = UNKNOWN
        given[name] = known.get(value, UNKNOWN) if value.startswith("$(") else value
    lost = {name for name in spoken if name in known or (name in given and spoken[name] > 1)}
    return {**known, **given, **dict.fromkeys(lost, UNKNOWN)}


def spread(word: str) -> list[str]:
    """The words that braces make of one: `a{b,c}` is `ab` and `ac`."""
    found = re.search(BRACES, word) if "{" in word else None
    if found is None:
        return [word]
    if word.count("{") > 5 or (word.count("{") > 1 and word.count(",") > 20):
        raise UnreadableError("its braces make too many words")
    parts = [UNKNOWN] if found[2] else found[1].split(",")
    words = (word[: found.start()] + part + word[found.end() :] for part in parts)
    return [one for whole in words for one in spread(whole)]
