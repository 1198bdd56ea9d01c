"""Who may write where: the map `team.json`, and the one owner that it gives each path."""

from __future__ import annotations

import json
import os
from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Row = dict[str, Any]  # a row of the map, as its JSON has it

HUMAN = "human"
MAY = ("write", "ask", "not")


class MapError(Exception):
    """The map cannot be read, or says something that it cannot mean."""


class Team:
    """The map of one repository: who is in the team, and whose each path is."""

    def __init__(
        self,
        root: str,
        agents: list[str],
        tools: list[str],
        zones: list[tuple[str, str]],
        main: list[tuple[str, str]],
    ) -> None:
        self.root = os.path.realpath(root)
        self.agents, self.tools = frozenset(agents), frozenset(tools)
        self.zones = zones
        self.main = main
        self.folded = [(fold(path), owner) for path, owner in zones]
        self.roots = [*worktrees(self.root), self.root]
        self.rows: dict[str, Row] = {}  # what the map says of each agent,
        self.work: dict[str, str] = {}  # and of the work: its paths, and how it is tested

    def place(self, path: str) -> str | None:
        """The path as the map spells it: relative to the root, with `/` between.

        Symlinks and `..` are followed first, so it is the file that a write would reach; one in a
        worktree of the repository has its place there. None where it is outside of all of them.
        """
        real = os.path.realpath(path)
        root = next((root for root in self.roots if within(real, root)), None)
        return root and os.path.relpath(real, root).replace(os.sep, "/")

    def owner(self, place: str) -> str:
        """Whose a place is: the owner in the last row that matches it.

        On many machines a name in other case or another form of its signs is the same file. So a
        place whose other spelling is somebody else's is a person's.
        """
        owner = last(self.zones, place)
        return owner if last(self.folded, fold(place)) == owner else HUMAN

    def may(self, place: str) -> str:
        """What the main thread may do with a place: write it, ask, or not."""
        spelled = {last(self.main, place, "not"), last(self.main, fold(place), "not")}
        return max(spelled, key=MAY.index)

    def beneath(self, place: str, agent: str) -> str | None:
        """A place beneath the agent's own folder that is not the agent's.

        Only rows after the folder's own can give away what lies in it: one that names a path does
        though nothing is there yet, one for any folder (`**/.env`) where it finds something.
        """
        own = [matches(path, place) for path, _ in self.zones]
        after = self.zones[len(own) - own[::-1].index(True) :] if True in own else self.zones
        rests = [remainder(path.split("/"), place.split("/")) or [""] for path, _ in after]
        fixed = ["/".join([place, *rest]) for rest in rests if rest[0] not in ("", "**")]
        names = [rest[1] for rest in rests if rest[0] == "**"]
        found = (path.removesuffix("/**") for path in fixed)
        return next(
            (
                path
                for path in chain(found, self.holding(place, names))
                if self.owner(path) != agent
            ),
            None,
        )

    def holding(self, place: str, names: list[str]) -> Iterator[str]:
        """What lies in a folder, at any depth, and has one of the names."""
        for folder, folders, files in os.walk(os.path.join(self.root, place)):
            for name in folders + files:
                if any(_fits(glob, fold(name)) for glob in names):
                    yield os.path.relpath(os.path.join(folder, name), self.root).replace(
                        os.sep, "/"
                    )


def worktrees(root: str) -> list[str]:
    """Where else the repository is checked out: its worktrees, the innermost first."""
    top = root
    while not os.path.exists(os.path.join(top, ".git")):
        if top == os.path.dirname(top):
            return []
        top = os.path.dirname(top)
    records = os.path.join(top, ".git", "worktrees")
    found = []
    for name in os.listdir(records) if os.path.isdir(records) else []:
        with open(os.path.join(records, name, "gitdir"), encoding="utf-8") as file:
            folder = os.path.dirname(file.read().strip())
        found.append(os.path.realpath(os.path.join(folder, os.path.relpath(root, top))))
    return sorted(found, key=len, reverse=True)


def loops(real: str) -> bool:
    """Whether what is left of a path after its links were followed is a link that leads nowhere."""
    while not os.path.lexists(real):
        real = os.path.dirname(real)
    return os.path.islink(real)


def within(real: str, folder: str) -> bool:
    """Whether a real path is a real folder, or lies in it."""
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def fold(place: str) -> str:
    """The one spelling of all that some file system takes for the same name."""
    if not place.isascii():
        import unicodedata

        seen = "".join(sign for sign in place if unicodedata.category(sign) != "Cf")
        place = unicodedata.normalize("NFC", unicodedata.normalize("NFC", seen).casefold())
    parts = [part.partition(":")[0].rstrip(". ") for part in place.lower().split("/")]
    return "/".join(".git" if part[:4] == "git~" else part for part in parts) or "."


def last(rows: list[tuple[str, str]], place: str, otherwise: str = HUMAN) -> str:
    """What the last row says that matches a place."""
    return next((said for path, said in reversed(rows) if matches(path, place)), otherwise)


def matches(path: str, place: str) -> bool:
    """Whether a row's path covers a place: `**` is any folders or none, `*` any part of a name.

    So `docs/**` covers all in `docs`, and `docs` itself.
    """
    return remainder(path.split("/"), place.split("/")) == []


def remainder(globs: list[str], names: list[str]) -> list[str] | None:
    """What a row's path asks for beneath a place; empty where it covers the place itself."""
    if not names:
        return [] if globs in ([], ["**"]) else globs
    if not globs:
        return None
    if globs[0] == "**":
        ends = [remainder(globs[1:], names[at:]) for at in range(len(names) + 1)]
        return [] if [] in ends else globs
    return remainder(globs[1:], names[1:]) if _fits(globs[0], names[0]) else None


def _fits(glob: str, name: str) -> bool:
    head, *parts = glob.split("*")
    if not parts:
        return glob == name
    at, tail = len(head), parts.pop()
    for part in parts:
        at = name.find(part, at) + len(part) if part in name[at:] else len(name) + 1
    return name.startswith(head) and name.endswith(tail) and at <= len(name) - len(tail)


def load(root: str) -> Team:
    """The team of the repository at `root`. Raises MapError with what is wrong with its map."""
    path = os.path.join(root, "team", "team.json")
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        version = data["version"]
        agents = [text(row["name"]) for row in data["agents"]]
        tools = [text(tool) for tool in data["tools"]]
        zones = [(text(row["path"]), text(row["owner"])) for row in data["zones"]]
        main = [(text(row["path"]), text(row["may"])) for row in data["main"]]
    except OSError as error:
        raise MapError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MapError(f"{path} is no map of a team: {error!r}") from error
    if version != 1:
        raise MapError(f"{path} has version {version!r}, and this program reads version 1")
    if strangers := {owner for _, owner in zones} - {HUMAN, *agents}:
        raise MapError(f"{path} gives paths to {', '.join(sorted(strangers))}, not in the team")
    if strangers := {may for _, may in main} - {*MAY}:
        raise MapError(f"{path} has {', '.join(sorted(strangers))} for what the main thread may do")
    team = Team(root, agents, tools, zones, main)
    team.rows = {row["name"]: row for row in data["agents"]}
    team.work = data.get("work", {})
    return team


def text(value: object) -> str:
    """The value, which has to be a text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
