"""Baton's commands; run one with --help to see what it does.

This file is compiled at every call and a module beside it is not. So each command is a module, and
it is imported when it is called.
"""

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(HERE)
TURN_OFF = (
    'To turn the guard off, a person sets "disableAllHooks": true in .claude/settings.local.json.'
)


def main(arguments: list[str]) -> int:
    if arguments == ["guard"]:  # before every write, so without argparse
        return guard()
    import argparse

    parser = argparse.ArgumentParser(prog="baton", description="The programs of the team.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser(
        "guard",
        help="decide about one write of an agent; the client calls this",
        description="Reads the client's JSON on stdin. Exits with 0 where the agent may write, and "
        "with 2 and the reason on stderr where it may not, or where anything fails.",
    )
    whose = commands.add_parser(
        "owner",
        help="say who may write a path",
        description="Prints the owner of each path: an agent, or human for a person.",
    )
    whose.add_argument("paths", nargs="+", metavar="PATH", help="a file or folder, or one to be")
    chosen = parser.parse_args(arguments)
    return guard() if chosen.command == "guard" else owner(chosen.paths)


def guard() -> int:
    """Answer by exit code: the client lets a write pass after any but 2, so every fault is a 2."""
    try:
        import guard as hook

        reason = hook.decide(sys.stdin.buffer.read(), ROOT)
    except BaseException as fault:  # noqa: BLE001 - see above
        what = f"{type(fault).__name__}: {fault}"
        reason = f"the guard failed, so nothing is written ({what}). {TURN_OFF}"
    return refuse(reason) if reason else 0


def refuse(reason: str) -> int:
    """Say why, in one line; a stderr that takes no text changes no answer."""
    line = "".join(sign if sign.isprintable() else " " for sign in f"baton: {reason}")
    try:
        os.write(2, f"{line}\n".encode())
    except OSError:
        pass
    return 2


def owner(paths: list[str]) -> int:
    import zones

    try:
        team = zones.load(ROOT)
    except zones.MapError as error:
        print(f"baton: {error}.", file=sys.stderr)
        return 1
    places = {path: team.place(path) for path in paths}
    for path, place in places.items():
        shown = path.encode(errors="backslashreplace").decode()
        print(shown, "outside the repository" if place is None else team.owner(place), sep="\t")
    return 1 if None in places.values() else 0


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    sys.exit(main(sys.argv[1:]))
