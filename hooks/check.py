"""Whether a commit that names its agents holds what they may write, for work without a guard."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import look
import zones

NAMES = "--name-only -z --no-renames --relative".split()
WAY = "Leave it out and ask its owner for it, or name in the message each agent whose work this is."


def run(message: str | None, commits: str | None, root: str) -> int:
    try:
        faults = list(wrong(message, commits, root))
    except (OSError, zones.MapError) as error:
        print(f"baton: {error}.")
        return 2
    print("\n".join([*faults, WAY] if faults else ["Each commit of an agent holds its own files."]))
    return 1 if faults else 0


def wrong(message: str | None, commits: str | None, root: str) -> Iterator[str]:
    team = zones.load(root)
    for commit, trailers, names in read(root, message, commits):
        agents = re.findall(r"(?im)^agent:[ \t]*(.*\S)", trailers)
        whose, unknown = " and ".join(agents), {*agents} - team.agents
        yield from (f"{commit}: {agent} is no agent of the team." for agent in sorted(unknown))
        for place in names.split("\0")[:-1] if agents else []:
            if (owner := team.owner(place)) not in agents:
                shown = place if place.isprintable() else ascii(place)
                yield f"{commit}: {shown} belongs to {owner}, and the commit is {whose}'s."


def read(root: str, message: str | None, commits: str | None) -> Iterator[tuple[str, str, str]]:
    # In a linked worktree git tells its hooks its GIT_DIR, and then takes any folder for the top.
    env = {name: value for name, value in os.environ.items() if name != "GIT_DIR"}
    if message:
        words = ["interpret-trailers", "--parse", "--no-divider", os.path.abspath(message)]
        told = look.git(root, *words, env=env)
        yield "this commit", told, look.git(root, "diff", "--cached", *NAMES, env=env)
        return
    words = ["rev-list", "--no-merges", "--end-of-options", str(commits), "--"]
    for commit in look.git(root, *words, env=env).split():
        told = look.git(root, "show", "-s", "--format=%(trailers:only)", commit, env=env)
        words = ["diff-tree", "-r", "--root", "--no-commit-id", *NAMES, commit]
        yield commit[:12], told, look.git(root, *words, env=env)
