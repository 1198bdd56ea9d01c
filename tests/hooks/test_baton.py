"""The commands as programs: what they answer, and that whatever fails is a refusal."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hooks.program import Answer, bash, baton, call, repository, told


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose files no test changes."""
    root = repository(tmp_path_factory.mktemp("baton") / "project")
    (root / "backend" / "link").symlink_to(root / "docs")
    return root


def denied(answer: Answer) -> str:
    """The reason of a refusal, which both clients read: one on stderr, one on stdout."""
    assert answer.code == 2
    assert answer.stderr.startswith("baton: ")
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.strip().isprintable()
    said = json.loads(answer.stdout)
    reason = said.pop("permissionDecisionReason")
    assert said == {"permissionDecision": "deny"}
    plain = "".join(sign if sign.isprintable() else " " for sign in reason)
    assert answer.stderr == f"baton: {plain}\n"
    return str(reason)


def test_the_guard_answers_by_its_exit_code(root: Path) -> None:
    assert baton(root, "guard", stdin=call(root / "backend/x.py")) == (0, "", "")
    assert baton(root, "guard", stdin=bash("echo x > backend/x", cwd=root)) == (0, "", "")
    for stdin in (call(root / "docs/x"), bash("echo x > docs/x", cwd=root)):
        reason = denied(baton(root, "guard", stdin=stdin))
        assert reason.startswith("docs/x belongs to api-designer")


def test_the_guard_asks_in_the_words_of_both_clients(root: Path) -> None:
    code, out, err = baton(root, "guard", stdin=call(root / "team/a\x1bb\nc", None))
    reason = "team/a b c belongs to a person, who has to agree."
    asked = {"permissionDecision": "ask", "permissionDecisionReason": reason}
    assert (code, err) == (0, "")
    nested = {"hookEventName": "PreToolUse", **asked}
    assert json.loads(out) == {**asked, "hookSpecificOutput": nested}


def streams(root: Path, stdin: bytes, closed: str) -> int:
    """The guard's exit code where the client closed some of the streams."""
    command = f'exec "$0" -I -S team/baton.py guard {closed}'
    shell = ["sh", "-c", command, sys.executable]
    return subprocess.run(shell, cwd=root, input=stdin, capture_output=True, check=False).returncode


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "> /dev/full 2>&1"])
def test_streams_that_take_no_text_let_nothing_pass(root: Path, closed: str) -> None:
    assert streams(root, call(root / "backend/x"), closed) == 0
    assert streams(root, call(root / "docs/x"), closed) == 2
    assert streams(root, call(root / "team/x", None), closed) == (0 if closed == "2>&-" else 2)
    assert streams(root, call(root / "backend/x"), "<&-") == 2


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
    "no path": told("Write", {}),
    "no words": told("Write", None),
    "agent is a list": call("/x").replace(b'"backend-developer"', b'["backend-developer"]'),
    "agent in control": call("/x", "api\ndesigner\x1b[2J"),
    "nowhere": call("x").replace(b'"cwd"', b'"where"'),
    "tool is a list": call("/x").replace(b'"Write"', b'["Write"]'),
    "no command": told("Bash", {}),
    "command is a list": told("Bash", {"command": ["ls"]}),
    "command with a NUL": bash("ls\0"),
    "command nowhere": bash("ls").replace(b'"cwd"', b'"where"'),
    "command without an end": bash("echo '"),
    "command of brackets": bash("$(" * 50_000),
    "command of folders": bash("cd a;" * 50_000),
    "command of braces": bash("echo " + "{a,b}" * 100),
    "command too long": bash("#" * 1_000_000),
}


@pytest.mark.parametrize("stdin", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_a_refusal_in_one_line(root: Path, stdin: bytes) -> None:
    assert denied(baton(root, "guard", stdin=stdin))


def broken(tmp_path: Path, name: str, text: str | None) -> Path:
    """A repository in which one of the guard's files says something else, or is not there."""
    root = repository(tmp_path / "project")
    path = root / "team" / name
    path.unlink()
    if text is not None:
        path.write_text(text)
    return root


@pytest.mark.parametrize("text", [None, "", "{", "syntax error", "raise SystemExit(0)"])
@pytest.mark.parametrize("name", ["team.json", "zones.py", "guard.py", "journal.py", "shell.py"])
def test_a_broken_installation_refuses_and_says_how_to_turn_it_off(
    tmp_path: Path, name: str, text: str | None
) -> None:
    root = broken(tmp_path, name, text)
    for agent in ("backend-developer", None):
        reason = denied(baton(root, "guard", stdin=bash("touch backend/x", agent, root)))
        assert reason.startswith("the guard failed, so nothing is written (")
        assert reason.endswith(
            'To turn it off, a person sets "disableAllHooks": true in .claude/settings.local.json.'
        )


def test_a_log_that_takes_nothing_refuses(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    (root / ".baton" / "log.jsonl").mkdir(parents=True)
    reason = denied(baton(root, "guard", stdin=call(root / "backend/x")))
    assert "the guard failed" in reason
    assert str(root / ".baton" / "log.jsonl") in reason


def test_the_guard_imports_no_more_than_it_needs(root: Path) -> None:
    command = [sys.executable, "-I", "-S", "-X", "importtime", "team/baton.py", "guard"]
    done = subprocess.run(
        command, cwd=root, input=bash("ls", cwd=root), capture_output=True, check=True
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert {"json", "guard", "zones"} <= imported
    assert not {"argparse", "subprocess", "typing", "pathlib", "audit", "doctor"} & imported


AUDIT = """
def start(data, root):
    return data.decode()

def stop(data, root):
    return eval(data)

def restore(places, root):
    print(places, root)
    return 1
"""


@pytest.fixture(scope="module")
def told_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose audit says what it is told."""
    root = repository(tmp_path_factory.mktemp("told") / "project")
    (root / "team" / "audit.py").write_text(AUDIT)
    return root


def test_an_agent_is_told_at_its_start_in_the_words_of_both_clients(told_root: Path) -> None:
    code, out, err = baton(told_root, "audit", "start", stdin=b"two\nlines")
    told = {"additionalContext": "two\nlines"}
    assert (code, err) == (0, "")
    nested = {"hookEventName": "SubagentStart", **told}
    assert json.loads(out) == {**told, "hookSpecificOutput": nested}
    assert baton(told_root, "audit", "start", stdin=b"") == (0, "", "")


def test_at_its_end_an_agent_goes_on_or_a_person_is_told(told_root: Path) -> None:
    code, out, err = baton(told_root, "audit", "stop", stdin=b"('put\\nback', '')")
    assert (code, err) == (2, "baton: put back\n")
    assert json.loads(out) == {"decision": "block", "reason": "put\nback"}
    code, out, err = baton(told_root, "audit", "stop", stdin=b"('', 'seen')")
    assert (code, json.loads(out), err) == (0, {"systemMessage": "seen"}, "")
    assert baton(told_root, "audit", "stop", stdin=b"('', '')") == (0, "", "")


@pytest.mark.parametrize("moment", ["start", "stop"])
def test_a_fault_of_the_audit_is_said_once(told_root: Path, moment: str) -> None:
    """Without a block in JSON: one client has no end of those."""
    code, out, err = baton(told_root, "audit", moment, stdin=b"\xff\n(")
    assert (code, out) == (2, "")
    assert err.startswith("baton: the audit failed (")
    assert err.count("\n") == 1


def test_what_is_restored_is_the_audits_to_say(told_root: Path) -> None:
    assert baton(told_root, "restore", "a", "b") == (1, f"['a', 'b'] {told_root}\n", "")


def test_owner_says_whose_a_path_is(root: Path) -> None:
    assert baton(root, "owner", "docs/x", "backend/.env", "backend/link", ".") == (
        0,
        "docs/x\tapi-designer\nbackend/.env\thuman\nbackend/link\tapi-designer\n.\thuman\n",
        "",
    )
    assert baton(root, "owner", "../x") == (1, "../x\toutside the repository\n", "")
    assert baton(root, "owner", "docs/\udcff") == (0, "docs/\\udcff\tapi-designer\n", "")


@pytest.mark.parametrize(
    "command", [["owner", "docs"], ["request", "human", "x", "--from", "api-designer"]]
)
def test_a_missing_map_is_named(tmp_path: Path, command: list[str]) -> None:
    root = broken(tmp_path, "team.json", None)
    path = root / "team" / "team.json"
    said = f"baton: {path} cannot be read: No such file or directory.\n"
    assert baton(root, *command) == (1, "", said)


COMMANDS = ("guard", "audit", "owner", "restore", "request", "check", "doctor")


def test_every_command_has_help(root: Path) -> None:
    code, out, err = baton(root, "--help")
    assert (code, err) == (0, "")
    assert all(f"\n    {command} " in out for command in COMMANDS)
    for command in COMMANDS:
        code, out, err = baton(root, command, "--help")
        assert (code, err) == (0, "")
        assert out.startswith(f"usage: baton {command} ")
        assert "Exits with 0" in out


WRONG = ["", "guard now", "guards", "owner", "audit", "audit end", "restore", "request human x"]


@pytest.mark.parametrize(
    "arguments", [*WRONG, "check", "check --message a --commits b", "doctor x"]
)
def test_a_call_that_is_none_is_refused(root: Path, arguments: str) -> None:
    code, out, err = baton(root, *arguments.split())
    assert (code, out) == (2, "")
    assert "error: " in err
