"""The doctor: what it says where all is well, and that it finds each fault it is there for."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import doctor
from tests.hooks.program import TEAM, ZONES, Answer, baton, git, repository
from tests.support.template import ROOT

SETTINGS = ".claude/settings.json"
LOCAL = ".claude/settings.local.json"
AS_RENDERED = (ROOT / "template" / SETTINGS).read_text()
CARD = ".claude/agents/api-designer.md"
OFF = '{"disableAllHooks": true}'

Change = Callable[[Path], object]
Settings = Any  # the client's, right and wrong


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which all is well, of somebody who has no settings of their own."""
    root = repository(tmp_path / "a project")
    write(SETTINGS, AS_RENDERED)(root)
    for agent in ("api-designer", "backend-developer"):
        card = f"---\nname: {agent}\ndescription: works\n---\n\nYou are {agent}.\n"
        write(f".claude/agents/{agent}.md", card)(root)
    monkeypatch.setattr(doctor, "FILES", (SETTINGS, LOCAL))
    return root


def swap(name: str, old: str, new: str) -> Change:
    """Puts another text into a file."""

    def change(root: Path) -> None:
        before = (root / name).read_text()
        assert old in before
        (root / name).write_text(before.replace(old, new))

    return change


def write(name: str, text: str) -> Change:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return change


def remove(name: str) -> Change:
    return lambda root: (root / name).unlink()


def asked(root: Path, **env: str) -> Answer:
    return baton(root, "doctor", env={"HOME": str(root.parent), **env})


def found(check: str, root: Path) -> list[str]:
    """What one of the checks says, with the error that ends it."""
    try:
        return list(getattr(doctor, check)(root))
    except Exception as error:  # noqa: BLE001 - as the doctor does it
        return [str(error)]


def test_it_says_that_all_is_well_and_leaves_nothing(root: Path) -> None:
    git(root, "init", "--quiet")
    assert asked(root) == (0, "4 checks, all well.\n", "")
    assert [path.name for path in (root / ".baton").iterdir()] == [".gitignore"]


def test_a_team_of_one_is_well_too(root: Path) -> None:
    zones = [{"path": path, "owner": owner} for path, owner in ZONES if owner != "api-designer"]
    team = {**TEAM, "agents": [{"name": "backend-developer"}], "zones": zones}
    write("team/team.json", json.dumps(team))(root)
    remove(CARD)(root)
    assert asked(root).code == 0


def test_each_fault_has_what_helps(root: Path) -> None:
    write(LOCAL, OFF)(root)
    remove(CARD)(root)
    swap("team/baton.py", "int = 2, /", "int = 1, /")(root)
    code, out, err = asked(root)
    assert (code, err) == (1, "")
    *lines, last = out.splitlines()
    assert last == "4 checks, not all well."
    assert lines[0] == "api-designer is not in both .claude/agents and the map."
    assert f"settings: {root / LOCAL}: disableAllHooks is True." in lines
    assert "stranger: Bash ls gives 1." in lines
    assert [line.startswith("Fix: ") for line in lines] == [False, True] * (len(lines) // 2)


def test_what_a_user_turned_off_everywhere_is_off_here(root: Path) -> None:
    write(f"../{SETTINGS}", OFF)(root)
    code, out, _ = asked(root)
    assert code == 1
    assert f"{root.parent / SETTINGS}: disableAllHooks is True." in out


GUARD, REPORT, START, STOP = (f"{SETTINGS} does not have at {event}: {{" for event in doctor.CALLS)
OTHER = ('"**/.git/**", "owner": "human"', '"team/**", "owner": "api-designer"')
CONFLICT = "<<<<<<< before\n"
BAD: dict[str, tuple[str, Change, str]] = {
    "no map": ("team", remove("team/team.json"), "team.json cannot be read"),
    "a map in conflict": ("team", write("team/team.json", CONFLICT), "is no map of a team"),
    "a guard given away": ("team", swap("team/team.json", *OTHER), "team/baton.py is an agent's"),
    "no card": ("team", remove(CARD), "api-designer is not in both"),
    "a card without a name": ("team", swap(CARD, "name:", "named:"), "api-designer is not in both"),
    "a card without front matter": ("team", swap(CARD, "---", ""), "api-designer is not in both"),
    "a card of nobody": ("team", write(f"{CARD}.md", '---\nname: "x"\n---\n'), "x is not in both"),
    "no settings": ("settings", remove(SETTINGS), GUARD),
    "in conflict": ("settings", swap(SETTINGS, '"hooks"', CONFLICT + '"hooks"'), f"{SETTINGS}: "),
    "off": ("settings", swap(SETTINGS, "{\n", OFF[:-1] + ","), "disableAllHooks is True"),
    "off on this machine": ("settings", write(LOCAL, OFF), f"{LOCAL}: disableAllHooks is True"),
    "no guard": ("settings", swap(SETTINGS, "PreToolUse", "PreToolUs"), GUARD),
    "some tools": ("settings", swap(SETTINGS, '"*"', '"Write|Edit"'), GUARD),
    "may fail": ("settings", swap(SETTINGS, ', "onFailure": "block"', ""), GUARD),
    "in a hurry": ("settings", swap(SETTINGS, '"onF', '"timeout": 1, "onF'), GUARD),
    "at times": ("settings", swap(SETTINGS, '"onF', '"if": "Bash(x)", "onF'), GUARD),
    "two Pythons": ("settings", swap(SETTINGS, '"command": "python3', '"command": "python'), GUARD),
    "another program": ("settings", swap(SETTINGS, "baton.py", "x.py"), GUARD),
    "for one client": ("settings", swap(SETTINGS, '"bash": "python3', '"sh": "python3'), GUARD),
    "keys twice": ("settings", swap(SETTINGS, "\n  }\n", '}, "hooks": {}'), GUARD),
    "no start": ("settings", swap(SETTINGS, "SubagentStart", "Start"), START),
    "no report": ("settings", swap(SETTINGS, '"Agent"', '"Task"'), REPORT),
    "no stop": ("settings", swap(SETTINGS, '"stop"', '"start"'), STOP),
    "no Python": ("guard", swap(SETTINGS, "python3", "no-such-python"), "'no-such-python'"),
    "an old Python": ("guard", swap(SETTINGS, "python3", "false"), "false is no Python 3.9"),
    "no folder of its own": ("guard", write(".baton", ""), ".baton"),
}


@pytest.mark.parametrize(("check", "spoil", "says"), BAD.values(), ids=BAD)
def test_it_finds(root: Path, check: str, spoil: Change, says: str) -> None:
    if check != "guard":
        assert found(check, root) == []
    spoil(root)
    assert [what for what in found(check, root) if says in what]


def test_it_finds_what_git_does_not_share(root: Path) -> None:
    git(root, "init", "--quiet")
    assert found("git", root) == []
    write(".gitignore", ".claude/\n")(root)
    assert found("git", root) == ["git ignores .claude/, so nobody shares it"]


def test_it_finds_that_git_is_not_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert found("git", root) == ["[Errno 2] No such file or directory: 'git'"]


# A guard that is broken in one place; the call by which it is found, and its answer.
OUTSIDE = 'Answer(f"{real} is outside the repository, so {agent} may not write it.")'
BROKEN = {
    "no module": (swap("team/guard.py", '"""The agent', "raise ImportError #"), "Write handoff", 2),
    "lets all pass": (swap("team/baton.py", "told) if reason else 0", "told) * 0"), "Bash ls", 0),
    "fails open": (swap("team/baton.py", "int = 2, /", "int = 1, /"), "Bash ls", 1),
    "passes over faults": (swap("team/baton.py", "BaseException", "OSError"), ":  ", 1),
    "knows no owner": (swap("team/guard.py", "team.owner(place) != agent", "0"), "Write .env", 0),
    "knows no outside": (swap("team/guard.py", OUTSIDE, "Answer()"), "Write /outside", 0),
    "reads no command": (swap("team/guard.py", "if tool in SHELLS:", "if 0:"), "Bash git", 2),
    "knows no team": (swap("team/guard.py", "not in team.agents:", "is 0:"), "Bash ls", 0),
    "knows no reader": (swap("team/guard.py", '"""Read Grep', '"""Grep'), "stranger: Read x", 2),
}


@pytest.mark.parametrize(("spoil", "asks", "code"), BROKEN.values(), ids=BROKEN)
def test_it_runs_the_guard_that_is_there(root: Path, spoil: Change, asks: str, code: int) -> None:
    spoil(root)
    said = [what for what in found("guard", root) if asks in what]
    assert said
    assert all(what.endswith(f" gives {code}") for what in said)


def test_it_runs_the_python_that_is_named(root: Path, tmp_path: Path) -> None:
    snake = tmp_path / "snake"
    snake.write_text(f'#!/bin/sh\necho >> {tmp_path}/called\nexec {sys.executable} "$@"\n')
    snake.chmod(0o755)
    swap(SETTINGS, "python3", str(snake))(root)
    assert found("settings", root) == []
    assert found("guard", root) == []
    assert (tmp_path / "called").read_text().count("\n") > 10


ENTRY = {"type": "command", "command": "true"}
GONE = object()


def changed(path: str = "", value: object = GONE) -> str:
    """The rendered settings with more in them, of which what a path leads to is another."""
    data: Settings = json.loads(AS_RENDERED)
    data |= {"env": {"A": "1"}, "permissions": {"allow": [], "deny": ["Bash(x)"]}}
    more = [{"matcher": "Bash", "hooks": [ENTRY.copy()]}]
    data["hooks"] = {**data["hooks"], "Stop": more * 1}
    data["hooks"]["PreToolUse"].append(json.loads(json.dumps(more[0])))
    part, keys = data, [int(key) if key[-1:].isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        part = part[key]
    if value is not GONE:
        part[keys[-1]] = value
    elif path:
        del part[keys[-1]]
    return json.dumps(data)


# What versions 2.1.197 and 2.1.328 of the client drop, or drop the whole file for.
WRONG: dict[str, list[object]] = {
    "model": [5],
    "env": [["a"]],
    "includeCoAuthoredBy": ["x"],
    "disableAllHooks": ["true"],
    "cleanupPeriodDays": ["x"],
    "statusLine": ["x"],
    "permissions": [[], None],
    "permissions.deny": ["Bash"],
    "permissions.allow": [None],
    "permissions.defaultMode": ["bogus"],
    "permissions.additionalDirectories": ["x"],
    "hooks": [[], None, "x"],
    "hooks.EVENT": [None, "x", 5],
    "hooks.EVENT.-1": ["x", None, {}, ENTRY],
    "hooks.EVENT.-1.matcher": [5, None, []],
    "hooks.EVENT.-1.hooks": [GONE, None, {}, ENTRY, "x"],
    "hooks.EVENT.-1.hooks.0": ["x", None, {"type": "prompt"}, {"type": "http"}],
    "hooks.EVENT.-1.hooks.0.type": [GONE, None, "cmd", 5, ["command"]],
    "hooks.EVENT.-1.hooks.0.command": [GONE, None, ["true"], 5],
    "hooks.EVENT.-1.hooks.0.timeout": ["10", 0, -1, None],
    "hooks.EVENT.-1.hooks.0.args": ["x", None],
    "hooks.EVENT.-1.hooks.0.async": ["yes"],
    "hooks.EVENT.-1.hooks.0.once": ["x"],
    "hooks.EVENT.-1.hooks.0.shell": ["fish"],
    "hooks.EVENT.-1.hooks.0.statusMessage": [5],
    "hooks.EVENT.-1.hooks.0.if": [5],
    "hooks.EVENT.-1.hooks.0.onFailure": ["bogus", 5],
}
DROPPED = [
    *("null", "[]", '"x"', "{", "{'a': 1}", "{} x", '{"a": NaN}'),
    f"// a\n{AS_RENDERED}",
    AS_RENDERED.rstrip("}\n") + "},}",
    *(
        changed(path.replace("EVENT", event), value)
        for path, values in WRONG.items()
        for event in ("PreToolUse", "Stop")
        for value in values
    ),
]
TAKEN = {
    "more of all": changed(),
    "BOM": "\ufeff" + AS_RENDERED,
    "CRLF": AS_RENDERED.replace("\n", "\r\n"),
    "an unknown key": changed("foo", {"a": 1}),
    "a number in env": changed("env.N", 5),
    "an unknown key of an entry": changed("hooks.Stop.-1.hooks.0.foo", 1),
    "half a second": changed("hooks.Stop.-1.hooks.0.timeout", 1.5),
    "no hooks": changed("hooks.Stop.-1.hooks", []),
    "no groups": changed("hooks.Stop", []),
    "a prompt": changed("hooks.Stop.-1.hooks.0", {"type": "prompt", "prompt": "x"}),
    "every tool by no word": AS_RENDERED.replace('"matcher": "*"', '"matcher": ""'),
    "every tool by no matcher": AS_RENDERED.replace('"matcher": "*", ', ""),
}


@pytest.mark.parametrize("text", DROPPED)
def test_what_the_client_drops_in_silence_is_a_fault(root: Path, text: str) -> None:
    for name in (SETTINGS, LOCAL):
        write(SETTINGS, AS_RENDERED)(root)
        write(name, text)(root)
        assert found("settings", root), name


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_what_the_client_takes_is_no_fault(root: Path, text: str) -> None:
    write(SETTINGS, text)(root)
    assert found("settings", root) == []


@pytest.mark.parametrize("text", ["", " \n", "{}"])
def test_local_settings_may_be_empty(root: Path, text: str) -> None:
    write(LOCAL, text)(root)
    assert found("settings", root) == []
