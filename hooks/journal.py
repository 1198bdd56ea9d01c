"""The folder that git ignores, `.baton/`: what the team did, a line an event, and open features."""

from __future__ import annotations

import json
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Event = dict[str, Any]  # a line of JSON; what is in it depends on its `event`


DAY = 86_400
MOST = 5_000_000  # bytes
VERSION, KINDS = (
    1,
    {"at": float, "agents": list, "tree": str, "secrets": dict},
)  # of a feature's file


def folder(root: str) -> str:
    """The machine's own folder, which ignores itself."""
    path = os.path.join(root, ".baton")
    if not os.path.isdir(path):
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, ".gitignore"), "w", encoding="utf-8") as file:
            file.write("*\n")
    return path


def note(root: str, event: str, **more: object) -> None:
    """Adds an event in one write, so that two programs may note something at once."""
    line = json.dumps({"at": time.time(), "event": event, "version": VERSION, **more})
    way = os.O_APPEND | os.O_CREAT | os.O_WRONLY
    file = os.open(os.path.join(folder(root), "log.jsonl"), way, 0o600)
    try:
        if os.write(file, f"{line}\n".encode()) <= len(line):
            raise OSError("the disk is full")
    finally:
        os.close(file)


def events(root: str, without: str = "") -> list[Event]:
    """All that was noted but for one kind, without a line of another version or one cut off."""
    found = []
    try:
        with open(
            os.path.join(root, ".baton", "log.jsonl"), encoding="utf-8", errors="replace"
        ) as file:
            for line in file:
                if without and f'"event": "{without}"' in line[:60]:
                    continue
                try:  # the next line follows one that was cut off without a break
                    event = json.loads(line[line.rindex('{"at": ') :])
                except ValueError:
                    continue
                found += [event] if event.get("version") == VERSION else []
    except FileNotFoundError:
        pass
    return found


def running(found: list[Event], *kinds: str, but: str = "") -> set[str]:
    """Who has started and not stopped; whom a crash ended counts for a day."""
    kinds = ("start", *kinds)
    last = {event["id"]: event for event in found if event["event"] in (*kinds, "stop")}
    late = time.time() - DAY
    at_work = (e for e in last.values() if e["event"] in kinds and e["at"] > late)
    return {e["agent"] for e in at_work if e["id"] != but}


def rotate(root: str, id: str) -> bool:  # noqa: A002 - as the journal has it
    """Begins a new log where the old one is long, no feature is open and nobody else is at work.

    Of two who begin at once each has noted it before, so neither does it.
    """
    log = os.path.join(folder(root), "log.jsonl")
    long = os.path.exists(log) and os.path.getsize(log) > MOST
    due = long and not names(root) and not running(events(root), "starting", but=id)
    if due:
        os.replace(log, f"{log[:-6]}.old.jsonl")
    return due


def top(folder: str) -> str:
    """The top of the repository that a folder is in; the top of all folders where it is in none."""
    while not os.path.exists(os.path.join(folder, ".git")) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def home(root: str) -> str:
    """The same folder in the repository's main checkout, where `root` lies in a worktree of it."""
    above = top(root)
    git = os.path.join(above, ".git")
    if not os.path.isfile(git):
        return root
    with open(git, encoding="utf-8") as file:
        at, found, _ = file.read().strip().removeprefix("gitdir: ").rpartition("/.git/worktrees/")
    return os.path.normpath(os.path.join(at, os.path.relpath(root, above))) if found else root


def feature(root: str, name: str, end: str = "json") -> str:
    """Where a feature's file is, which is there as long as it is open."""
    return os.path.join(home(root), ".baton", "features", f"{name}.{end}")


def names(root: str) -> list[str]:
    """The names of the features that are open, in no order."""
    folder = os.path.dirname(feature(root, ""))
    found = os.listdir(folder) if os.path.isdir(folder) else []
    return [name[:-5] for name in found if name.endswith(".json")]


def known(row: Event) -> Event:
    if row["version"] != VERSION or [type(row[key]) for key in KINDS] != [*KINDS.values()]:
        raise ValueError("it is of another version")
    return row


def opened(root: str) -> dict[str, Event]:
    """The features that are open, by name, the first opened first."""
    found: dict[str, Event] = {}
    for name in names(root):
        path = feature(root, name)
        try:
            with open(path, encoding="utf-8") as file:
                found[name] = known(json.load(file))
        except FileNotFoundError:  # closed meanwhile
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:
            again = f"python3 team/baton.py feature open {name}"
            why = f"{path} cannot be read ({error!r}). Move it away and open it again: {again}"
            raise ValueError(why) from error
    return dict(sorted(found.items(), key=lambda item: item[1]["at"]))
