"""The commands but for the guard: what they are given, and which module does it."""

from __future__ import annotations

import argparse
import sys
from types import ModuleType

COMMANDS = {
    "guard": "Decides about a call of a tool. Exits with 0, or with 2 and why where it is refused.",
    "audit": "Looks at what an agent changed and owes. Exits with 0, or with 2 where it goes on.",
    "owner": "Prints whose a path is. Exits with 0, or with 1 where one is outside the repository.",
    "restore": "Takes back what was changed at a path. Exits with 0, or with 1 where it cannot.",
    "request": "Asks an agent or a person for a change. Exits with 0, or with 1 where it does not.",
    "feature": "Opens or closes a feature. Exits with 0, or with 1 where something is still due.",
    "handoff": "Writes or checks a handoff. Exits with 0, or with 1 where something is missing.",
    "status": "Shows who handed over, runs or waits. Exits with 0, or with 1 where it cannot.",
    "check": "Compares commits with the map. Exits with 0, 1 where one breaks it, 2 for a fault.",
    "sync": "Updates the team. Exits with 0, 1 and nothing changed, 2 where a person decides.",
    "doctor": "Looks whether the team works here. Exits with 0, or with 1 and what to do.",
}


def run(arguments: list[str], baton: ModuleType, root: str) -> int:
    given = vars(parser().parse_args(arguments))
    command = given.pop("command")
    if command == "guard":
        return int(baton.guard())
    if command == "audit":
        return audit(given["moment"], baton, root)
    if command == "owner":
        return owner(given["places"], root)
    module = __import__({"restore": "audit", "handoff": "fill"}.get(command, command))
    return int((module.restore if command == "restore" else module.run)(root=root, **given))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="baton", description="The programs of the team.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {
        name: commands.add_parser(name, help=text.partition(". ")[0], description=text)
        for name, text in COMMANDS.items()
    }
    add = {name: one.add_argument for name, one in parsers.items()}
    for name in ("owner", "restore"):
        add[name]("places", nargs="+", metavar="PATH", help="a file or folder")
    add["audit"]("moment", choices=["start", "stop", "report"], help="of the agent's work")
    add["request"]("owner", metavar="OWNER", help="who is asked: an agent of the team, or human")
    add["request"]("what", metavar="TEXT", help="what is asked for, and why")
    add["request"]("--from", dest="agent", metavar="AGENT", required=True, help="the one that asks")
    add["feature"]("verb", choices=["open", "close"], help="open before its agents start")
    add["feature"]("name", metavar="NAME", help="of its folder in tasks/")
    add["feature"]("--with", dest="agents", nargs="+", default=[], metavar="AGENT", help=WITH)
    add["feature"]("--force", action="store_true", help="close it though something is due")
    add["handoff"]("verb", choices=["new", "check"], help="write the form, or say what is missing")
    add["handoff"]("name", metavar="FEATURE", help="which one")
    add["handoff"](
        "--from", dest="agent", metavar="AGENT", help="whose; check takes all without it"
    )
    for name, kind, what in SHAPES:
        add[name](f"--{kind}", dest="how", action="store_const", const=kind, help=what)
    either = parsers["check"].add_mutually_exclusive_group(required=True)
    either.add_argument("--message", metavar="FILE", help="the message of a commit in the making")
    either.add_argument("--commits", metavar="RANGE", help="commits that were made, as main..HEAD")
    add["doctor"]("--client", metavar="PROGRAM", help="try it in this Claude Code too, offline")
    return whole


SHAPES = [(name, "json", "for programs") for name in ("status", "doctor")]
SHAPES += [("status", "html", "as a page of its own")]
WITH = "who has a task in it; without it, the whole team"


def audit(moment: str, baton: ModuleType, root: str) -> int:
    try:
        import audit as hook

        data = sys.stdin.buffer.read()
        if moment != "stop":
            event = "SubagentStart" if moment == "start" else "PostToolUse"
            told = {"additionalContext": getattr(hook, moment)(data, root)}
            return int(baton.tell(**told, hookSpecificOutput={"hookEventName": event, **told}))
        why, said = hook.stop(data, root)
        told = {"decision": "block", "reason": why}
        return int(baton.refuse(why, **told) if why else baton.tell(systemMessage=said))
    except BaseException as fault:  # noqa: BLE001 - never a trace
        return int(baton.refuse(f"the audit failed ({baton.named(fault)}). {baton.TURN_OFF}"))


def owner(places: list[str], root: str) -> int:
    import zones

    team = zones.load(root)
    found = [team.place(path) for path in places]
    for path, place in zip(places, found):
        whose = "outside the repository" if place is None else team.owner(place)
        print(path.encode(errors="backslashreplace").decode(), whose, sep="\t")
    return 1 if None in found else 0
