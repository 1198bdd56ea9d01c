"""A question asked in a terminal, where Copier judges the default before anybody can change it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from tests.questions.command import copy_command
from tests.questions.fixed import ASKED
from tests.support.render import texts
from tests.support.tables import evaluate

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import pty

DOWN, ENTER = b"\x1b[B", b"\r"


def test_a_repository_with_documents_may_answer_existing(tmp_path: Path) -> None:
    """Its documents are in the way of `fastapi`, which is the default and not what is answered."""
    root = tmp_path / "shop"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "guide.md").write_text("# Guide\n")
    answers = dict(evaluate({"stack": "existing"}))
    given = [f"{name}={answers[name]}" for name in ASKED if name not in {"stack", "agents_off"}]
    options = [word for answer in [*given, "agents_off=[]"] for word in ("-d", answer)]
    printed = answered(copy_command(root, *options), "or the one that is there?", DOWN + ENTER)
    assert "AGENTS.md" in texts(root), printed[-2000:]


def answered(command: list[str], question: str, keys: bytes) -> str:
    """What a command prints in a terminal in which keys are pressed once it asks a question."""
    terminal, other_end = pty.openpty()
    with subprocess.Popen(command, stdin=other_end, stdout=other_end, stderr=other_end) as process:
        os.close(other_end)
        too_late = Timer(60, process.kill)
        too_late.start()
        printed = ""
        for text in output(terminal):
            printed += text
            if keys and question in printed:
                os.write(terminal, keys)
                keys = b""
        too_late.cancel()
    os.close(terminal)
    return printed


def output(terminal: int) -> Iterator[str]:
    """What is printed, as it comes. Linux ends a terminal with an error, macOS with nothing."""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            return
        if not chunk:
            return
        yield chunk.decode(errors="replace")
