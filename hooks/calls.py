"""A call of a program: its options and operands, and the paths that they name."""

from __future__ import annotations

import os
from itertools import islice

from words import HIDDEN, MOST, SHOWN, UNKNOWN, UnreadableError, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shell import Command

    Options = dict[str, list[str]]
    # The words that name what is written by a call with these options and operands.
    Rule = Callable[["Call", Options, list[str]], Iterable[str]]

STREAMS = {"", "-", "NUL", *(f"/dev/{name}" for name in ("null", "stdout", "stderr", "tty"))}
ESCAPED = {**SHOWN, **{ord(HIDDEN[ord(sign)]): f"[{sign}]" for sign in "*?["}}


class Call:
    """A call, what is known where it is made, and the folders in which it may be made."""

    def __init__(self, command: Command, known: dict[str, str], folders: list[str | None]) -> None:
        self.command, self.known, self.folders = command, known, folders

    def paths(self, word: str) -> list[str]:
        """The paths that a word names, seen from each of the folders."""
        plain, found = native(word.translate(SHOWN)), []
        stream = plain in STREAMS or plain.startswith("/dev/fd/")
        for folder in self.folders if not stream else []:
            if UNKNOWN in word or (folder is None and not os.path.isabs(plain)):
                raise UnreadableError("only running it would tell what it writes")
            names = []
            if bare := [part for part in word.split("/") if any(sign in part for sign in "*?[")]:
                import glob

                if bare[2:] or "**" in "".join(bare):
                    raise UnreadableError("its pattern may name files in any folder")
                pattern = os.path.join(glob.escape(folder or os.sep), word.translate(ESCAPED))
                names = list(islice(glob.iglob(pattern), MOST))
            found += names or [os.path.join(folder or os.sep, plain)]
        return found

    def under(self, words: list[str]) -> Call:
        """The same call, made in the last of these folders."""
        folders: list[str | None] = [*self.paths(words[-1])] if words else self.folders
        return Call(self.command, self.known, folders)

    def lost(self) -> Call:
        """The same call, made in a folder that only running would tell."""
        return Call(self.command, self.known, [None])

    def absent(self, words: list[str]) -> list[str]:
        """Those words that do not name a folder that is there."""
        return [word for word in words if not all(map(os.path.isdir, self.paths(word)))]

    def literal(self, words: list[str]) -> list[str]:
        """The words as paths that mean the same from any folder."""
        return [path.translate(HIDDEN) for word in words for path in self.paths(word)]


def options(words: list[str], valued: str) -> tuple[Options, list[str]]:
    """The options with their values, and the operands; `valued` lists those that take a value.

    With a `+` in it, no option follows the first operand.
    """
    names, left = valued.split(), iter(words)
    given: Options = {}
    rest: list[str] = []
    for word in left:
        if word == "--":
            rest += left
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            name = next((long for long in names if long[1:] and long.startswith(name)), name)
            value = next(left, "") if name in names and not equals else value
            given.setdefault(name, []).append(value)
        elif word.startswith("-") and word != "-":
            for at, letter in enumerate(word[1:], 2):
                given.setdefault(letter, [])
                if letter in names:
                    given[letter].append(word[at:] or next(left, ""))
                    break
        else:
            rest += [word, *left] if "+" in names else [word]
    return given, rest


def has(given: Options, names: str) -> bool:
    """Whether one of the options is given, a long one perhaps cut short."""
    long = " ".join(name for name in names.split() if name[1:])
    return any(flag in names.split() or (flag[1:] and f" {flag}" in f" {long}") for flag in given)


def values(given: Options, names: str) -> list[str]:
    return [value for name in names.split() for value in given.get(name, [])]
