"""Takes an update back: run by itself, from the folder that the update left in `.baton/sync`.

    python3 undo.py ROOT            takes back one that was cut off
    python3 undo.py ROOT --abort    takes back one that came to its end

It needs nothing but this folder, so that it works whatever state the rest is in.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Git looks where it is called, whatever repository the caller is in.
HERE = re.compile("GIT_(?:.*DIR|.*DIRECTOR(?:Y|IES)|WORK_TREE|INDEX_FILE|PREFIX|NAMESPACE)")
PLAIN = {name: value for name, value in os.environ.items() if not HERE.fullmatch(name)}
FAULTS = (OSError, ValueError, KeyError)


def main(words: list[str]) -> int:
    root, state = Path(words[0]), Path(words[0]) / ".baton" / "sync"
    if not (state / "plan.json").exists():
        return 0
    try:
        with alone(root):
            return taken_back(root, state, abort="--abort" in words[1:])
    except BlockingIOError as error:
        print(f"baton: {error}.", file=sys.stderr)
        return 1
    except FAULTS as error:
        why = f"{state} holds an update that cannot be taken back yet: {error}."
        print(f"baton: {why} Mend that, and run it again.", file=sys.stderr)
        return 1


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Lets no other update run until the block ends, or the process."""
    with (root / ".baton" / "lock").open("ab") as file:
        try:
            if sys.platform == "win32":
                import msvcrt  # noqa: PLC0415

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl  # noqa: PLC0415

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            why = "Another update runs in this project. Wait for it, or end it"
            raise BlockingIOError(why) from error
        yield


def taken_back(root: Path, state: Path, *, abort: bool) -> int:
    done = (state / "done").exists()
    if done and not abort:
        return 0
    plan = json.loads((state / "plan.json").read_text("utf-8"))
    if git(root, "rev-parse", "HEAD").decode().strip() == plan["head"]:
        back(root)
        what = "The update" if done else "An update was cut off. It"
        print(f"{what} is taken back, and everything is as it was before.")
        return 0
    if done:
        print("baton: the update is committed. git revert takes it back.", file=sys.stderr)
        return 1
    let_be(root, state, plan["files"])
    return int(abort)


def let_be(root: Path, state: Path, rows: list[dict[str, object]]) -> None:
    """Leaves every file as it is, and what was there before the update where a person finds it."""
    paths = [str(row["path"]) for row in rows if row["old"]]
    kept = [keep(root, path, state / "old" / path) for path in paths if differs(root, state, path)]
    drop(state)
    print("An update was cut off, and HEAD is another commit since. So it is not taken back, and")
    print("nothing is changed. git status and git log say what of it is there.")
    if kept:
        print("What it had replaced:", *kept, sep="\n  ")


def differs(root: Path, state: Path, path: str) -> bool:
    """Whether a file is not as it was before the update, as far as that is still laid down."""
    at, old = root / path, state / "old" / path
    return old.exists() and not (at.is_file() and at.read_bytes() == old.read_bytes())


def back(root: Path) -> None:
    """Puts back each file as it was, and keeps what a person has written into one since.

    Files are moved, so that it needs no room, and can be cut off and run again.
    """
    state = root / ".baton" / "sync"
    plan = json.loads((state / "plan.json").read_text("utf-8"))
    for row in plan["files"]:
        at, old = root / row["path"], state / "old" / row["path"]
        if row["old"] and not old.exists():
            continue  # it is back already
        was = old.read_bytes() if row["old"] else None
        now = at.read_bytes() if at.is_file() else None
        if now is not None and now != was and hashlib.sha256(now).hexdigest() != row["new"]:
            to = keep(root, row["path"], at)
            print(f"{row['path']} was changed since: {to} has that.")
        if row["old"]:
            if now != was:
                at.parent.mkdir(parents=True, exist_ok=True)
                old.replace(at)
        else:
            at.unlink(missing_ok=True)
            tidy(root, at.parent)
    unstage(root, plan)
    drop(state)


def keep(root: Path, path: str, text: Path) -> str:
    """Moves aside a text of a file, beside those that were kept before; says where it is."""
    to = root / ".baton" / "kept" / path
    while to.exists():
        to = to.with_name(f"{to.name}~")
    to.parent.mkdir(parents=True, exist_ok=True)
    text.replace(to)
    return to.relative_to(root).as_posix()


def tidy(root: Path, folder: Path) -> None:
    """Removes a folder in which nothing is left, and those around it."""
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def drop(state: Path) -> None:
    """Forgets an update in one step: from then on there is nothing to take back."""
    gone = state.with_name("sync.gone")
    shutil.rmtree(gone, ignore_errors=True)
    if state.exists():
        state.replace(gone)
    shutil.rmtree(gone, ignore_errors=True)


def unstage(root: Path, plan: dict[str, object]) -> None:
    """Lets git's index have the files of the update as the last commit has them."""
    prefix, rows = str(plan["prefix"]), plan["files"]
    assert isinstance(rows, list)  # noqa: S101
    differ = git(root, "diff-index", "--cached", "--name-only", "-z", "HEAD").split(b"\0")
    if paths := {prefix + row["path"] for row in rows} & {os.fsdecode(path) for path in differ}:
        words = ("reset", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul")
        index(root, prefix, *words, give=os.fsencode("\0".join(sorted(paths))))


def index(root: Path, prefix: str, *words: str, give: bytes) -> None:
    """Changes git's index in a copy that takes its place in one step: no lock is left behind."""
    place = root / git(root, "rev-parse", "--git-path", "index").decode().strip()
    copy = root / ".baton" / "sync" / "index"
    shutil.copy2(place, copy)
    top = root.resolve()
    for _ in filter(None, prefix.split("/")):
        top = top.parent
    git(top, *words, give=give, GIT_INDEX_FILE=str(copy.resolve()))
    try:
        copy.replace(place)
    except OSError:  # git has it on another disk
        shutil.copy2(copy, place)


def git(folder: Path, *words: str, give: bytes = b"", **more: str) -> bytes:
    """What git prints."""
    command, env = ["git", *words], {**PLAIN, **more}
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=env, input=give, capture_output=True, check=False
    )
    if done.returncode:
        said = " ".join(os.fsdecode(done.stderr).split())
        raise OSError(f"git {words[0]} failed in {folder}: {said}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
