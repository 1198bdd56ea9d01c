"""What the client drops from its settings in silence is a fault; what it takes is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.hooks.sick import AS_RENDERED, LOCAL, SETTINGS, found, healthy, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return healthy(tmp_path, monkeypatch)


Settings = Any  # the client's, right and wrong
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
