"""What an agent changed that is not its own: a look at the files at its start, one at its stop."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import time
from collections import Counter

import guard
import journal
import look
import zones

LOOKS = re.compile(r"\W*(cat|cd|diff|grep|head|ls|rg|tail|wc|git (add|diff|log|show|status))\b")
MOST, SHOWN = 2, 30  # so often an agent is sent back, and so many places are shown


def start(data: bytes, root: str) -> str:
    """Notes what is there; says what others ask of the agent."""
    agent, real = who(data), os.path.realpath(root)
    journal.note(root, "starting", **agent)
    if journal.rotate(root, agent["id"]):
        shutil.rmtree(os.path.join(real, ".baton", "audit.git"), ignore_errors=True)
    seen, _ = look.take(real, [*zones.worktrees(real), real], {})
    journal.note(root, "start", **agent, seen=seen)
    import gate
    import request

    due = gate.briefing(zones.load(root), agent["agent"])
    return "\n".join([*request.waiting(root, agent["agent"]), *due])


def stop(data: bytes, root: str) -> tuple[str, str]:
    """Why the agent has to go on, or what a person is told."""
    agent = who(data)
    try:
        return judge(os.path.realpath(root), json.loads(data).get("cwd"), **agent)
    except Exception as error:  # noqa: BLE001 - whatever it is, a person is told
        return "", f"The audit could not look at what {agent['agent']} changed: {error}."


def report(_: bytes, root: str) -> str:
    """What a person has not been told yet; the main thread hears it when an agent has ended."""
    events = journal.events(root)
    last = max((at for at, event in enumerate(events) if event["event"] == "told"), default=0)
    told = [event["told"] for event in events[last:] if event["event"] == "stop" and event["told"]]
    if told:
        journal.note(root, "told")
    return "\n".join(told)


def who(data: bytes) -> dict[str, str]:
    call = json.loads(data)
    return {"agent": zones.text(call["agent_type"]), "id": zones.text(call["agent_id"])}


def judge(root: str, at: object, agent: str, id: str) -> tuple[str, str]:  # noqa: A002 - as the journal has it
    import gate

    team, events = zones.load(root), journal.events(root)
    looks = [at for at, event in enumerate(events) if event.get("id") == id and "seen" in event]
    if not looks:
        raise LookupError("nothing is noted of its start")
    since, was = events[looks[-1] :], events[looks[-1]]["seen"]
    seen, changes = look.take(root, [*team.roots, *was], was)
    ran = journal.running(events[: looks[-1]]) | {event.get("agent") for event in since}
    asked, told = {}, []
    own: dict[str, list[str]] = {top: [] for top in team.roots}
    for path, folder, tree in changes:
        top = next((top for top in team.roots if zones.within(path, top)), root)
        place = os.path.relpath(path, top).replace(os.sep, "/")
        name = place if top == root else path
        owner = team.owner(place)
        own[top] += [place] * (owner == agent)
        by = None if owner in ran & team.agents else wrote(since, id, path)
        if by is None:
            continue
        more = {"place": place, "owner": owner, "path": path, "folder": folder, "tree": tree}
        proven = bool(by) and tree != "?"
        journal.note(root, "changed", agent=agent, id=id, **more, proven=proven)
        if proven:
            back = shlex.join(["python3", os.path.join(root, "team", "baton.py"), "restore", path])
            whose = f"It belongs to {guard.way(owner, agent)}"
            asked[name] = f"- {name} by `{by}`. Put it back: `{back}`. {whose}"
        else:
            told.append(f"{name} ({owner})" + f", by `{by}`" * bool(by))
    owed = gate.Finish(team, agent, os.path.realpath(str(at)), own)
    rounds = Counter(event["event"] for event in since if event.get("id") == id)
    again = []
    if asked and rounds["blocked"] < MOST:
        journal.note(root, "blocked", agent=agent, id=id, places=[*asked])
        again += [f"{agent} changed what is not its own:", *[*asked.values()][:SHOWN]]
    if owed.faults and rounds["unfinished"] < gate.MOST:
        journal.note(root, "unfinished", agent=agent, id=id, owes=owed.faults)
        again += [f"{agent} has not handed over:", *(f"- {fault}." for fault in owed.faults)]
    if again:
        return "\n".join([*again, "Then give your whole report again."]), ""
    if asked:
        journal.note(root, "unrestored", agent=agent, id=id, places=[*asked])
        told += [f"{name}, which {agent} did not put back" for name in asked]
    rest = f"; and {len(told) - SHOWN} more" * (len(told) > SHOWN)
    said = [f"While {agent} ran, these changed: {'; '.join(told[:SHOWN])}{rest}."] * bool(told)
    said += owed.end(id)
    journal.note(root, "stop", agent=agent, id=id, seen=seen, told="\n".join(said))
    return "", "\n".join(said)


def wrote(since: list[journal.Event], number: str, path: str) -> str | None:
    """The agent's call that wrote a file; "" where nothing shows one, None where others did."""
    changed = max(os.lstat(path)[8:]) + 2 if os.path.lexists(path) else time.time() + journal.DAY
    base = os.path.basename(path)
    name = rf"[\w./-]*{re.escape(base)}(?!\.?[\w-])"
    for event in reversed(since):  # the last that names it by more than a look, before it changed
        if event["event"] in ("restored", "requested") and path.endswith(event["place"]):
            return None
        said = event["what"] if event["event"] in ("used", "ask") and event["at"] < changed else ""
        parts = re.split(r"[;&|\n]+", re.sub(r"\$\{?\w+\}?", "", said)) if base in said else []
        for part in parts:
            ends = tuple(re.sub(r"^(?:\.*/)+", "", word) for word in re.findall(name, part))
            if path.endswith(ends) and not LOOKS.match(part):
                return " ".join(said.split())[:200] if event["id"] == number else None
    return ""


def restore(places: list[str], root: str) -> int:
    """Puts back what an agent is proven to have changed; what is there now is kept."""
    real, known = os.path.realpath(root), {}
    for event in journal.events(root):
        if event["event"] == "changed" and event["proven"]:
            known[event["path"]] = event
    paths = [os.path.join(real, place) for place in places]
    if strangers := {*paths} - {*known}:
        raise LookupError(f"the audit saw no agent change {min(strangers)}, so it stays as it is")
    for path in paths:
        folder, tree, place = (known[path][key] for key in ("folder", "tree", "place"))
        own, name = look.own(real, folder, f"restore.{os.getpid()}"), os.path.relpath(path, folder)
        if tree:
            look.git(folder, "cat-file", "-e", f"{tree}:{name}", env=own)
        at, kept = path, os.path.join(real, ".baton", "kept", str(time.time_ns()))
        while not os.path.lexists(at) or os.path.realpath(up := os.path.dirname(at)) != up:
            at = os.path.dirname(at)
        if at == path or os.path.islink(at) or not os.path.isdir(at):
            os.makedirs(kept)
            shutil.move(at, kept)
        if tree:
            look.git(folder, "--literal-pathspecs", "checkout", "-q", tree, "--", name, env=own)
        journal.note(root, "restored", place=place, path=path, kept=kept)
        print(f"{place} is as it was." + f" What was there is in {kept}." * os.path.isdir(kept))
    return 0
