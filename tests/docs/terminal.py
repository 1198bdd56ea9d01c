"""Runs a command as a person does, at a terminal, on a machine with Python, git and pip alone."""

import os
import pty
import select
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

# What is a setting of the machine's network, not of its software.
NETWORK = ("PIP_", "UV_", "SSL_", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy")
ADDED = ("python", "pip", "uv", "node", "npm", "npx", "copier", "poetry")
SILENCE = 0.3  # seconds
WHERE_IS_THE_CURSOR = b"\x1b[6n"
FIRST_LINE = b"\x1b[1;1R"


def bare_machine(folder: Path) -> Mapping[str, str]:
    """An environment in which Python with pip, git and a shell are all that is installed."""
    programs = folder / "bin"
    programs.mkdir()
    for tool in [*Path("/bin").iterdir(), *Path("/usr/bin").iterdir()]:
        link = programs / tool.name
        if not tool.name.startswith(ADDED) and not link.exists():
            link.symlink_to(tool)
    python = Path(sys.base_prefix, "bin", "python3")
    (programs / "python3").write_text(f'#!/bin/sh\nexec "{python}" "$@"\n', "utf-8")
    (programs / "python3").chmod(0o755)
    network = {name: value for name, value in os.environ.items() if name.startswith(NETWORK)}
    home = folder / "home"
    home.mkdir()
    return {**network, "PATH": str(programs), "HOME": str(home), "TERM": "xterm", "LANG": "C.UTF-8"}


def press_enter(command: str, cwd: Path, env: Mapping[str, str], timeout: float) -> tuple[int, str]:
    """The exit code and the screen of a command whose every question is answered by Enter."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execve("/bin/sh", ["sh", "-c", command], dict(env))  # noqa: S606 - it is the README's line
    screen = b"".join(read(terminal, time.monotonic() + timeout))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), screen.decode("utf-8", "replace")


def read(terminal: int, deadline: float) -> Iterator[bytes]:
    """What appears on the screen; silence is taken for a question."""
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], SILENCE)[0]:
            os.write(terminal, b"\r")
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the terminal is closed: the command has ended
            return
        if not data:
            return
        if WHERE_IS_THE_CURSOR in data:
            os.write(terminal, FIRST_LINE)
        yield data
    raise TimeoutError("the command did not end")
