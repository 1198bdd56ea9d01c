"""The agent hook before a write: may this agent write this path?"""

from __future__ import annotations

import json
import os

import zones

READERS = frozenset({"Read"})
WRITERS = {"Write": "file_path", "Edit": "file_path", "NotebookEdit": "notebook_path"}
LONGEST = 4096  # what Linux opens; a megabyte of folders takes a minute to follow


def decide(data: bytes, root: str) -> str:
    """Why the client's call is refused, or nothing where it may go on.

    Only what is understood may go on: anything else is a refusal or an exception. The main thread,
    which has no agent's name, is a person's own and may write.
    """
    team = zones.load(root)
    call = json.loads(data)
    agent, tool = call.get("agent_type"), zones.text(call["tool_name"])
    if tool in READERS or (agent is None and call.get("agent_id") is None):
        return ""
    if agent not in team.agents:
        return f"{agent or 'an agent without a name'} is not in team/team.json and may not write."
    if tool not in WRITERS:
        return f"nothing says what {tool} writes, so {agent} may not use it."
    path = zones.text(call["tool_input"][WRITERS[tool]])
    if len(path) > LONGEST:
        return f"a path of {len(path)} characters is too long to follow."
    if not os.path.isabs(path):
        path = os.path.join(zones.text(call["cwd"]), path)
    return verdict(team, agent, path)


def verdict(team: zones.Team, agent: str, path: str) -> str:
    """Why the agent may not write the path, or nothing where it may."""
    place = team.place(path)
    if place is None:
        real = os.path.realpath(path)
        if any(zones.within(real, folder) for folder in temporary_folders()):
            return ""
        return f"{real} is outside the repository, so {agent} may not write it."
    owner = team.owner(place)
    if owner == agent:
        return ""
    who = "a person" if owner == zones.HUMAN else owner
    return (
        f"{place} belongs to {who}, so {agent} may not write it. "
        f"Leave it, and say in your report what {who} should change there."
    )


def temporary_folders() -> list[str]:
    """Where anyone may write: the temporary folders, but never a whole file system."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    real = [os.path.realpath(folder) for folder in (*named, "/tmp") if folder]  # noqa: S108 - compared, never opened
    return [folder for folder in real if folder != os.path.dirname(folder)]
