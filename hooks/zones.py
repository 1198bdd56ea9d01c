"""Who may write where: the map `team.json`, and the one owner that it gives each path."""

from __future__ import annotations

import json
import os

HUMAN = "human"


class MapError(Exception):
    """The map cannot be read, or says something that it cannot mean."""


class Team:
    """The map of one repository: who is in the team, and whose each path is."""

    def __init__(self, root: str, agents: list[str], zones: list[tuple[str, str]]) -> None:
        self.root = os.path.realpath(root)
        self.agents = frozenset(agents)
        self.zones = zones

    def place(self, path: str) -> str | None:
        """The path as the map spells it: relative to the root, with `/` between.

        Symlinks and `..` are followed first, so it is the file that a write would reach. None where
        that is outside the repository.
        """
        real = os.path.realpath(path)
        if not within(real, self.root):
            return None
        return os.path.relpath(real, self.root).replace(os.sep, "/")

    def owner(self, place: str) -> str:
        """Whose a place is: the owner in the last row that matches it."""
        rows = reversed(self.zones)
        return next((owner for glob, owner in rows if matches(glob, place)), HUMAN)


def within(real: str, folder: str) -> bool:
    """Whether a real path is a real folder, or lies in it."""
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def matches(glob: str, place: str) -> bool:
    """Whether a row's path covers a place: `**` is any folders or none, `*` any part of a name.

    So `docs/**` covers all in `docs`, and `docs` itself.
    """
    return _covers(glob.split("/"), place.split("/"))


def _covers(globs: list[str], names: list[str]) -> bool:
    if not globs:
        return not names
    if globs[0] == "**":
        return any(_covers(globs[1:], names[start:]) for start in range(len(names) + 1))
    return bool(names) and _fits(globs[0], names[0]) and _covers(globs[1:], names[1:])


def _fits(glob: str, name: str) -> bool:
    head, star, tail = glob.partition("*")
    if not star:
        return glob == name
    ends = range(len(head), len(name) + 1)
    return name.startswith(head) and any(_fits(tail, name[end:]) for end in ends)


def load(root: str) -> Team:
    """The team of the repository at `root`. Raises MapError with what is wrong with its map."""
    path = os.path.join(root, "team", "team.json")
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        version = data["version"]
        agents = [text(row["name"]) for row in data["agents"]]
        zones = [(text(row["path"]), text(row["owner"])) for row in data["zones"]]
    except OSError as error:
        raise MapError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MapError(f"{path} is no map of a team: {error!r}") from error
    if version != 1:
        raise MapError(f"{path} has version {version!r}, and this program reads version 1")
    if strangers := {owner for _, owner in zones} - {HUMAN, *agents}:
        raise MapError(f"{path} gives paths to {', '.join(sorted(strangers))}, not in the team")
    return Team(root, agents, zones)


def text(value: object) -> str:
    """The value, which has to be a text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
