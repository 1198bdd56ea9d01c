"""What the team did, a line an event, in the folder that git ignores: `.baton/log.jsonl`."""

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
    line = json.dumps({"at": time.time(), "event": event, **more}).encode() + b"\n"
    way = os.O_APPEND | os.O_CREAT | os.O_WRONLY
    file = os.open(os.path.join(folder(root), "log.jsonl"), way, 0o600)
    try:
        if os.write(file, line) < len(line):
            raise OSError("the disk is full")
    finally:
        os.close(file)


def events(root: str) -> list[Event]:
    """All that was noted, without a line that a full disk cut off."""
    found = []
    try:
        with open(
            os.path.join(root, ".baton", "log.jsonl"), encoding="utf-8", errors="replace"
        ) as file:
            for line in file:
                try:  # the next line follows one that was cut off without a break
                    found.append(json.loads(line[line.rindex('{"at": ') :]))
                except ValueError:
                    continue
    except FileNotFoundError:
        pass
    return found


def running(found: list[Event]) -> set[str]:
    """Who has started and not stopped; whom a crash ended counts for a day."""
    last = {event["id"]: event for event in found if event["event"] in ("start", "stop")}
    late = time.time() - DAY
    return {e["agent"] for e in last.values() if e["event"] == "start" and e["at"] > late}


def rotate(root: str) -> bool:
    """Begins a new log where the old one is long and nobody is at work."""
    log = os.path.join(folder(root), "log.jsonl")
    due = os.path.exists(log) and os.path.getsize(log) > MOST and not running(events(root))
    if due:
        os.replace(log, f"{log[:-6]}.old.jsonl")
    return due
