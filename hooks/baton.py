"""Baton's commands; run one with --help to see what it does.

This file is compiled at every call, and a module only once: so what is not needed is not here.
"""

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(HERE)
TURN_OFF = 'To turn it off, a person sets "disableAllHooks": true in .claude/settings.local.json.'


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] == ["sync"]:
            import sync  # alone: an update that was cut off may have left the rest of two versions

            return sync.run(arguments[1:], ROOT)
        import commands

        return commands.run(arguments, sys.modules[__name__], ROOT)
    except SystemExit:
        raise
    except BaseException as fault:  # noqa: BLE001 - never a trace
        return refuse(f"{str(fault) or repr(fault)}.", 1)


def guard() -> int:
    """Every fault is a 2: the client lets a call pass after any other code."""
    try:
        import guard as hook

        answer = hook.decide(sys.stdin.buffer.read(), ROOT)
        reason = answer.reason
        if answer.ask:
            told = {"permissionDecision": "ask", "permissionDecisionReason": plain(reason)}
            return tell(**told, hookSpecificOutput={"hookEventName": "PreToolUse", **told})
    except BaseException as fault:  # noqa: BLE001 - see above
        reason = f"the guard failed, so nothing is written ({named(fault)}). {TURN_OFF}"
    told = {"permissionDecision": "deny", "permissionDecisionReason": reason}
    return refuse(reason, **told) if reason else 0


def refuse(why: str, code: int = 2, /, **told: object) -> int:
    try:
        os.write(2, f"baton: {plain(why)}\n".encode())
        tell(**told)
    except BaseException:  # noqa: BLE001, S110 - a stream that takes no text changes no answer
        pass
    return code


def named(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {fault}"


def plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def tell(**told: object) -> int:
    """Tells the client, in one object; where there is nothing to say, nothing."""
    import json

    os.write(1, json.dumps(told).encode() if told and all(told.values()) else b"")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    if sys.argv[1:] == ["guard"]:  # before every tool, so without argparse, and without tidying up
        os._exit(guard())
    sys.exit(main(sys.argv[1:]))
