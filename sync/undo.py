"""Takes an update back: run by itself, from the folder that the update left in `.baton/sync`.

    python3 undo.py ROOT            takes back one that was cut off
    python3 undo.py ROOT --abort    takes back one that came to its end

It needs nothing but this folder, so that it works whatever state the rest is in.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PLAIN = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}

NOTHING = "0" * 40  # the object that git's index names where there is none


def main(words: list[str]) -> int:
    root, state = Path(words[0]), Path(words[0]) / ".baton" / "sync"
    if not (state / "plan.json").exists():
        return 0
    if not (state / "done").exists():
        back(root)
        print("An update was cut off. It is taken back, and everything is as it was before.")
    elif "--abort" in words[1:]:
        plan = json.loads((state / "plan.json").read_text("utf-8"))
        if git(root, "rev-parse", "HEAD").decode().strip() != plan["head"]:
            print("baton: the update is committed. git revert takes it back.", file=sys.stderr)
            return 1
        back(root)
        print("The update is taken back, and everything is as it was before.")
    return 0


def back(root: Path) -> None:
    """Puts back each file as it was, and keeps what a person has written into one since."""
    state = root / ".baton" / "sync"
    plan = json.loads((state / "plan.json").read_text("utf-8"))
    for row in plan["files"]:
        at, old = root / row["path"], state / "old" / row["path"]
        was = old.read_bytes() if row["old"] else None
        now = at.read_bytes() if at.is_file() else None
        if now == was:
            continue
        if now is not None and hashlib.sha256(now).hexdigest() != row["new"]:
            keep(root, row["path"])
        if row["old"]:
            put(old, at, state)
        else:
            at.unlink()
            tidy(root, at.parent)
    if plan["unmerged"]:
        index(root, plan["prefix"], "reset", "--quiet", "--", *plan["unmerged"])
    shutil.rmtree(state)


def put(source: Path, at: Path, state: Path) -> None:
    """Copies a file to its place in one step."""
    at.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, state / "one")
    (state / "one").replace(at)


def keep(root: Path, path: str) -> None:
    """A copy of what was written into a file since the update."""
    to = root / ".baton" / "kept" / path
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(root / path, to)
    print(f"{path} was changed since: .baton/kept/{path} has that.")


def tidy(root: Path, folder: Path) -> None:
    """Removes a folder in which nothing is left, and those around it."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def index(root: Path, prefix: str, *words: str, give: bytes = b"") -> None:
    """Changes git's index in a copy that takes its place in one step: no lock is left behind."""
    place = root / git(root, "rev-parse", "--git-path", "index").decode().strip()
    copy = root / ".baton" / "sync" / "index"
    shutil.copy2(place, copy)
    top = root.resolve()
    for _ in filter(None, prefix.split("/")):
        top = top.parent
    git(top, *words, give=give, GIT_INDEX_FILE=str(copy.resolve()))
    copy.replace(place)


def git(folder: Path, *words: str, give: bytes = b"", **more: str) -> bytes:
    """What git prints."""
    command = ["git", *words]
    env = {**PLAIN, **more}
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env=env, input=give, stdout=subprocess.PIPE, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
