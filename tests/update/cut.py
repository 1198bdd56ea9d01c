"""In a process of its own: makes a prepared update, takes it back or forgets it, and is cut off.

    python cut.py ROOT apply|undo|drop PLAN MOMENT kill|full

Each thing that it does to the disk is a step. At the step MOMENT it is killed, or the disk is full
from then on. It prints how many steps there were, where it gets that far.
"""

import errno
import os
import pickle
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sync"))

import apply
import undo
from project import Project

CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "subprocess.Popen"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
GROWING = {"open", "os.mkdir"}  # what takes room

steps = 0


def hook(event: str, given: tuple[object, ...]) -> None:
    global steps  # noqa: PLW0603 - there is one hook
    if event == "open":
        path, _, flags = given
        if not isinstance(flags, int) or not flags & WRITING or "/project/" not in f"{path}":
            return
    elif event not in CHANGING:
        return
    steps += 1
    if steps >= moment and how == "full" and event in GROWING:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if steps == moment and how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    root, what, plan, moment, how = Path(sys.argv[1]), *sys.argv[2:4], int(sys.argv[4]), sys.argv[5]
    changes = pickle.loads(Path(plan).read_bytes())  # noqa: S301 - a test wrote it
    found = Project(root)
    sys.addaudithook(hook)
    if what == "apply":
        apply.apply(found, changes)
    if what == "drop":
        undo.drop(root / ".baton" / "sync")
    code = undo.main([str(root)]) if what == "undo" else 0
    sys.stdout.write(f"{steps}")
    sys.exit(code)
