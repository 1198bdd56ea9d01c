"""Baton's commands; run one with --help to see what it does.

This file is compiled at every call, and a module only once: so what is not needed is not here.
"""

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(HERE)
TURN_OFF = 'To turn it off, a person sets "disableAllHooks": true in .claude/settings.local.json.'
COMMANDS = {
    "guard": "Decides about a call of a tool. Exits with 0, or with 2 and why where it is refused.",
    "audit": "Compares an agent's changes with the map. Exits with 0, or with 2 where it goes on.",
    "owner": "Prints whose a path is. Exits with 0, or with 1 where one is outside the repository.",
    "restore": "Takes back what was changed at a path. Exits with 0, or with 1 where it cannot.",
    "request": "Asks an agent or a person for a change. Exits with 0, or with 1 where it does not.",
    "check": "Compares commits with the map. Exits with 0, 1 where one breaks it, 2 for a fault.",
    "doctor": "Looks whether the guard can be trusted. Exits with 0, or with 1 and what to do.",
}


def main(arguments: list[str]) -> int:
    import argparse

    parser = argparse.ArgumentParser(prog="baton", description="The programs of the team.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {
        name: commands.add_parser(name, help=text.partition(". ")[0], description=text)
        for name, text in COMMANDS.items()
    }
    for name in ("owner", "restore"):
        parsers[name].add_argument("places", nargs="+", metavar="PATH", help="a file or folder")
    parsers["audit"].add_argument(
        "moment", choices=["start", "stop", "report"], help="of the agent's work"
    )
    asking = parsers["request"].add_argument
    asking("owner", metavar="OWNER", help="who is asked: an agent of the team, or human")
    asking("what", metavar="TEXT", help="what is asked for, and why")
    asking("--from", dest="agent", metavar="AGENT", required=True, help="the agent that asks")
    either = parsers["check"].add_mutually_exclusive_group(required=True)
    either.add_argument("--message", metavar="FILE", help="the message of a commit in the making")
    either.add_argument("--commits", metavar="RANGE", help="commits that were made, as main..HEAD")
    given = vars(parser.parse_args(arguments))
    command = given.pop("command")
    try:
        if command in globals():
            return int(globals()[command](**given))
        module = __import__({"restore": "audit"}.get(command, command))
        return int((getattr(module, command, None) or module.run)(root=ROOT, **given))
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


def audit(moment: str) -> int:
    try:
        import audit as hook

        data = sys.stdin.buffer.read()
        if moment != "stop":
            event = "SubagentStart" if moment == "start" else "PostToolUse"
            told = {"additionalContext": getattr(hook, moment)(data, ROOT)}
            return tell(**told, hookSpecificOutput={"hookEventName": event, **told})
        why, said = hook.stop(data, ROOT)
        return refuse(why, decision="block", reason=why) if why else tell(systemMessage=said)
    except BaseException as fault:  # noqa: BLE001 - never a trace
        return refuse(f"the audit failed ({named(fault)}). {TURN_OFF}")


def owner(places: list[str]) -> int:
    import zones

    team = zones.load(ROOT)
    found = [team.place(path) for path in places]
    for path, place in zip(places, found):
        whose = "outside the repository" if place is None else team.owner(place)
        print(path.encode(errors="backslashreplace").decode(), whose, sep="\t")
    return 1 if None in found else 0


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
