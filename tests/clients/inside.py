"""The inner half of a client's run: `python -m tests.clients.inside PLAN`, in a network of its own.

The plan is a JSON file (see claude.py); the outcome is written beside it.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
from pathlib import Path
from threading import Thread

from tests.clients.model import Line, Model

SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def raise_loopback() -> None:
    """A new network has a loopback that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def main(plan_path: Path) -> None:
    plan = json.loads(plan_path.read_text())
    raise_loopback()
    script = {
        actor: [Line(text, calls) for text, calls in lines]
        for actor, lines in plan["script"].items()
    }
    with Model(script) as model:
        Thread(target=model.serve_forever, daemon=True).start()
        done = subprocess.run(
            plan["command"],
            cwd=plan["project"],
            env={**plan["environment"], "ANTHROPIC_BASE_URL": model.url},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=plan["seconds"],
            check=False,
        )
        model.shutdown()
    outcome = {
        "code": done.returncode,
        "stdout": done.stdout,
        "stderr": done.stderr,
        "offered": model.offered,
        "contexts": model.contexts,
        "results": model.results,
        "networks": [name for _, name in socket.if_nameindex()],
    }
    plan_path.with_name("outcome.json").write_text(json.dumps(outcome))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
