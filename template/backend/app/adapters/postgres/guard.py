"""Keeps a server for as long as somebody wants it. It is run as a program, by `local.py`."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress


def keep(start: Sequence[str], stop: Sequence[str], wanted: int) -> int:
    """Run a server, and stop it when the last holder of a pipe's other end lets go of it.

    A holder that dies lets go too, whatever it died of: nothing is left behind.
    """
    with subprocess.Popen(start, stdin=subprocess.DEVNULL) as server:  # noqa: S603 - local.py says

        def stop_when_unwanted() -> None:
            os.read(wanted, 1)
            while server.poll() is None:  # one that has hardly begun cannot be stopped yet
                subprocess.run(stop, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
                with suppress(subprocess.TimeoutExpired):
                    server.wait(0.1)

        threading.Thread(target=stop_when_unwanted, daemon=True).start()
        return server.wait()


if __name__ == "__main__":  # pragma: no cover - only in the guard's own process
    border = sys.argv.index("--")
    sys.exit(keep(sys.argv[1:border], sys.argv[border + 1 :], sys.stdin.fileno()))
