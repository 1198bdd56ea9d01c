"""The commands as programs: what they answer, and that whatever fails is a refusal."""

from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple

import pytest

from tests.hooks.program import baton, call, repository


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose files no test changes."""
    root = repository(tmp_path_factory.mktemp("baton") / "project")
    (root / "backend" / "link").symlink_to(root / "docs")
    return root


def test_the_program_answers_by_its_exit_code(root: Path) -> None:
    assert baton(root, "guard", stdin=call(root / "backend/x.py")) == (0, "", "")
    code, out, err = baton(root, "guard", stdin=call(root / "docs/x"))
    assert (code, out) == (2, "")
    assert err.startswith("baton: docs/x belongs to api-designer")


FAULTS = {
    "nothing": b"",
    "garbage": b"\xff\x00\xfe",
    "half": call("/x")[:-5],
    "no object": b"[1]",
    "nothing in it": b"{}",
    "deep": b"[" * 1_000_000,
    "no tool": b'{"agent_type": "backend-developer"}',
    "no input": b'{"agent_type": "backend-developer", "tool_name": "Write"}',
    "path is a number": call("/x").replace(b'"/x"', b"7"),
    "path is a list": call("/x").replace(b'"/x"', b'["/x"]'),
    "path with a NUL": call("/x\0y"),
    "path of half a sign": call("/x").replace(b'"/x"', b'"/\\ud800"'),
    "path too long": call("/" + "x/" * 500_000),
    "agent is a list": call("/x").replace(b'"backend-developer"', b'["backend-developer"]'),
    "agent in control": call("/x", "api\ndesigner\x1b[2J"),
    "nowhere": call("x").replace(b'"cwd"', b'"where"'),
}


@pytest.mark.parametrize("stdin", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_a_refusal_in_one_line(root: Path, stdin: bytes) -> None:
    code, out, err = baton(root, "guard", stdin=stdin)
    assert (code, out) == (2, "")
    assert err.startswith("baton: ")
    assert err.count("\n") == 1
    assert err.strip().isprintable()


def broken(tmp_path: Path, name: str, text: str | None) -> Path:
    """A repository in which one of the guard's files says something else, or is not there."""
    root = repository(tmp_path / "project")
    path = root / "team" / name
    path.unlink()
    if text is not None:
        path.write_text(text)
    return root


@pytest.mark.parametrize("text", [None, "", "{", "syntax error", "raise SystemExit(0)"])
@pytest.mark.parametrize("name", ["team.json", "zones.py", "guard.py"])
def test_a_broken_installation_refuses_and_says_how_to_turn_it_off(
    tmp_path: Path, name: str, text: str | None
) -> None:
    root = broken(tmp_path, name, text)
    for agent in ("backend-developer", None):
        code, out, err = baton(root, "guard", stdin=call(root / "backend/x.py", agent))
        assert (code, out) == (2, "")
        assert err.startswith("baton: the guard failed, so nothing is written (")
        assert err.endswith(
            'To turn the guard off, a person sets "disableAllHooks": true in '
            ".claude/settings.local.json.\n"
        )


class Protection(NamedTuple):
    """A line that protects, what is left without it, and a write that nothing else stops."""

    program: str
    line: str
    without: str
    path: str
    agent: str = "backend-developer"


PROTECTIONS = {
    "owner": Protection("guard.py", "if owner == agent:", "if True:", "docs/x"),
    "team": Protection(
        "guard.py", "if agent not in team.agents:", "if False:", "../x", "general-purpose"
    ),
    "outside": Protection(
        "guard.py",
        'return f"{real} is outside the repository, so {agent} may not write it."',
        'return ""',
        "/elsewhere/x",
    ),
    "length": Protection("guard.py", "if len(path) > LONGEST:", "if False:", "backend/" * 600),
    "last row": Protection("zones.py", "reversed(self.zones)", "self.zones[1:]", "backend/.env"),
    "real path": Protection(
        "zones.py", "real = os.path.realpath(path)", "real = path", "backend/link/x"
    ),
    "whole names": Protection(
        "zones.py", "folder.rstrip(os.sep) + os.sep", "folder", f"{gettempdir()}-not/x"
    ),
    "fault": Protection("baton.py", "except BaseException", "except AssertionError", "\0"),
    "exit code": Protection("baton.py", "    return 2\n", "    return 1\n", "docs/x"),
}


@pytest.mark.parametrize("it", PROTECTIONS.values(), ids=PROTECTIONS)
def test_without_a_protection_the_write_goes_through(tmp_path: Path, it: Protection) -> None:
    """The client lets a write pass after any exit code but 2."""
    root = repository(tmp_path / "project")
    (root / "backend" / "link").symlink_to(root / "docs")
    stdin = call(root / it.path, it.agent)
    assert baton(root, "guard", stdin=stdin).code == 2

    program = root / "team" / it.program
    text = program.read_text()
    assert text.count(it.line) == 1
    program.write_text(text.replace(it.line, it.without))
    assert baton(root, "guard", stdin=stdin).code != 2


def test_owner_says_whose_a_path_is(root: Path) -> None:
    assert baton(root, "owner", "docs/x", "backend/.env", "backend/link", ".") == (
        0,
        "docs/x\tapi-designer\nbackend/.env\thuman\nbackend/link\tapi-designer\n.\thuman\n",
        "",
    )
    assert baton(root, "owner", "../x") == (1, "../x\toutside the repository\n", "")
    assert baton(root, "owner", "docs/\udcff") == (0, "docs/\\udcff\tapi-designer\n", "")


def test_owner_names_a_missing_map(tmp_path: Path) -> None:
    root = broken(tmp_path, "team.json", None)
    code, out, err = baton(root, "owner", "docs")
    assert (code, out) == (1, "")
    assert (
        err == f"baton: {root / 'team' / 'team.json'} cannot be read: No such file or directory.\n"
    )


@pytest.mark.parametrize("command", [[], ["guard"], ["owner"]])
def test_every_command_has_help(root: Path, command: list[str]) -> None:
    code, out, err = baton(root, *command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(" ".join(["usage: baton", *command]))


@pytest.mark.parametrize("arguments", [[], ["guard", "now"], ["guards"], ["owner"]])
def test_a_call_that_is_none_is_refused(root: Path, arguments: list[str]) -> None:
    code, out, err = baton(root, *arguments)
    assert (code, out) == (2, "")
    assert "error: " in err
