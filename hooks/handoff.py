"""What an agent hands over: the form that it fills, and everything that is missing in it."""

from __future__ import annotations

import hashlib
import os
import re

import journal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    import zones

STATUSES = ("DONE", "DONE_WITH_CONCERNS", "NEEDS_CONTEXT", "BLOCKED")
READY = STATUSES[:2]  # those that others may build on
NAME = r"(?!requests\Z|readme\Z)[a-z0-9]+(?:-[a-z0-9]+)*(?<!-needs)"
FENCE = r"^ *(?:```|~~~)"
CODE = r"(?ms)^ *(```|~~~).*?(?:^ *\1|\Z)|`[^`\n]*`|<!--.*?-->|<https?:[^<>]*>"
OPEN = re.compile(
    r"<[A-Za-z][^<>]*>|\b(?:TODO|TBD|FIXME|XXX)\b|\b[Tt]o be (?:done|filled|written)\b"
)
CALL = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b[ `|*]+(?:https?://[^/\s]+)?(/[^\s`'\"?#,;|)\]]*)"
)
LISTING = re.compile(r"(?i)\b(?:per|each) endpoint|\bendpoints\b")


def named(name: str) -> str:
    """The name, which is that of its folder in tasks/ and of its files in handoff/."""
    if not re.fullmatch(NAME, name) or len(name) > 60:
        why = "a feature is lower case with hyphens, as note-search, and neither requests nor needs"
        raise ValueError(f"{name!r} names no feature: {why}")
    return name


class Handoff:
    """A handoff as it is written: its front matter, and its sections by title."""

    def __init__(self, text: str) -> None:
        head = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*$", text, re.DOTALL | re.MULTILINE)
        if not head:
            raise ValueError("it does not begin with front matter between two lines ---")
        self.fields: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self.files: list[str] = []
        self.sections = sections(text[head.end() :])
        key = ""
        for number, line in enumerate(head[1].splitlines(), 2):
            line = re.sub(r"(?:^|\s)#.*", "", line).rstrip()  # noqa: PLW2901 - without its comment
            if found := re.fullmatch(r"(\w+):\s*(.*)", line):
                key, value = found[1], found[2]
                if key not in ("inputs", "files"):
                    self.fields[key] = plain(value)
                    continue
                entries = [part for part in value.strip("[]{}").split(",") if part.strip()]
            else:
                entries = [line] if line.strip() else []
            for entry in entries:
                if not self.add(key, entry.strip()):
                    raise ValueError(f"line {number} of its front matter cannot be read: {line}")

    def add(self, key: str, entry: str) -> bool:
        """Takes an entry of a list; says whether it is one."""
        if key == "files":
            self.files.append(plain(entry.removeprefix("- ")))
        elif key == "inputs" and (found := re.fullmatch(r"(.+?):(?:\s+(\S+))?", entry)):
            self.inputs[plain(found[1])] = plain(found[2] or "")
        else:
            return False
        return True


def plain(value: str) -> str:
    """A value without its quotes."""
    value = value.strip()
    return value[1:-1] if value[:1] in ("'", '"') and value[-1:] == value[0] else value


def sections(text: str) -> dict[str, str]:
    """The texts under the headings of the second level, which stand in no block of code."""
    found: dict[str, str] = {}
    title, fenced = "", False
    for line in text.splitlines():
        fenced ^= bool(re.match(FENCE, line))
        if not fenced and (head := re.fullmatch(r"##\s+(.+?)\s*#*", line)):
            title = head[1]
            found.setdefault(title, "")
        elif title:
            found[title] += f"{line}\n"
    return found


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def form(root: str, agent: str) -> str:
    """The form that stands in the README.md of the agent's folder; "" where there is none."""
    path = os.path.join(root, "handoff", agent, "README.md")
    found = re.search(r"(?ms)^```markdown\n(.*?)^```", read(path) if os.path.isfile(path) else "")
    return found[1] if found else ""


def awaited(team: zones.Team, agent: str) -> list[dict[str, str]]:
    """The rows of what the agent waits for: neither news nor a need that is stated early."""
    rows = team.rows.get(agent, {}).get("receives", [])
    return [row for row in rows if "told" not in row and "phase" not in row]


def inputs(team: zones.Team, agent: str, name: str) -> list[str]:
    """What the agent has to have read, of what is there: the brief, and what it is handed."""
    rows = [row for row in team.rows[agent].get("receives", []) if "told" not in row]
    ends = [f"handoff/{row['from']}/{name}{'-needs' * ('phase' in row)}.md" for row in rows]
    found = [f"tasks/{name}/README.md", *dict.fromkeys(ends)]
    return [place for place in found if os.path.isfile(os.path.join(team.root, place))]


def faults(team: zones.Team, agent: str, name: str, changed: tuple[str, ...] = ()) -> list[str]:
    """Everything that is missing in a handoff; `changed` are files that it has to list."""
    place = f"handoff/{agent}/{name}.md"
    path = os.path.join(team.root, *place.split("/"))
    if os.path.isdir(path):
        return [f"{place} is a folder; move it away and write a file"]
    if not os.path.isfile(path):
        make = f"python3 team/baton.py handoff new {name} --from {agent}"
        return [f"{place} is not there; `{make}` begins it"]
    if team.place(path) != place:
        return [f"{place} is a link that leads elsewhere"]
    try:
        told = Handoff(read(path))
    except (OSError, ValueError) as error:
        return [f"{place}: {error}"]
    return [
        *of_fields(team, told, agent, name),
        *of_inputs(team, told, agent, name),
        *of_files(team, told, agent, name, changed),
        *of_sections(team, told, agent),
    ]


def of_fields(team: zones.Team, told: Handoff, agent: str, name: str) -> list[str]:
    from datetime import datetime

    found = []
    for key, want in (("agent", agent), ("feature", name)):
        if told.fields.get(key) != want:
            found.append(f"`{key}` is {told.fields.get(key) or 'missing'}, and should be {want}")
    task = told.fields.get("task", "")
    if task != "none" and not os.path.isfile(os.path.join(team.root, "tasks", name, task)):
        found.append(
            f"`task` is {task or 'missing'}, and should be a file of tasks/{name}/, or none"
        )
    try:
        said = re.sub("[zZ]$", "+00:00", told.fields.get("time", ""))
        zoned = datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        zoned = False
    if not zoned:
        found.append("`time` should be a time with its zone, as 2026-01-31T14:05:00+00:00")
    if told.fields.get("status") not in STATUSES:
        found.append(f"`status` should be one of {', '.join(STATUSES)}")
    return found


def of_inputs(team: zones.Team, told: Handoff, agent: str, name: str) -> list[str]:
    found = []
    for place in inputs(team, agent, name):
        if place not in told.inputs:
            now = digest(os.path.join(team.root, place))
            found.append(f"`inputs` lacks {place}: read it, and add the line `{place}: {now}`")
    for place, known in told.inputs.items():
        path = os.path.join(team.root, place)
        if not os.path.isfile(path):
            found.append(f"`inputs` names {place}, which is not there")
        elif (now := digest(path)) != known:
            found.append(
                f"stale: read {place} again, bring the handoff up to date, its hash is {now}"
            )
    return found


def of_files(
    team: zones.Team, told: Handoff, agent: str, name: str, changed: tuple[str, ...]
) -> list[str]:
    found, listed = [], {os.path.normpath(place).replace(os.sep, "/") for place in told.files}
    for place in sorted(listed - {"none"}):
        path = os.path.join(team.root, place)
        real = team.place(path)
        if real is None:
            found.append(f"`files` names {place}, which is outside the repository")
        elif (owner := team.owner(real)) != agent:
            found.append(f"`files` names {place}, which belongs to {owner}")
        elif not os.path.lexists(path) and not was(team, name, place):
            found.append(f"`files` names {place}, which is not there and never was")
    rest = [
        at for at in sorted({*changed} - listed) if os.path.lexists(os.path.join(team.root, at))
    ]
    return found + [f"`files` lacks {place}" for place in rest]


def was(team: zones.Team, name: str, place: str) -> bool:
    """Whether a file was there when the feature opened, or at the last commit."""
    import look

    known = journal.opened(team.root).get(name)
    env = look.own(journal.home(team.root), team.root, "was") if known else look.ALONE
    tree = known["tree"] if known else "HEAD"
    return bool(look.git(team.root, "ls-tree", tree, "--", place, most=128, env=env))


def of_sections(team: zones.Team, told: Handoff, agent: str) -> list[str]:
    lost: dict[str, list[str]] = {}
    titles, listing = {title.casefold(): text for title, text in told.sections.items()}, []
    for title, hint in sections(form(team.root, agent)).items():
        text = titles.get(title.casefold())
        bare = re.sub(CODE, lambda match: " " if match[0][:2] == "<!" else "code", text or "")
        left = OPEN.search(bare)
        words = hint.strip(" \n<>")
        why = (
            ("there is no section", text is None),
            ("nothing, not even the word none, is in", not re.search(r"\w", bare)),
            ("the words of the form are still in", words in " ".join(bare.split())),
            (f"{left and left[0]} (code needs backticks) is still in", left),
        )
        if what := next((what for what, so in why if so), ""):
            lost.setdefault(what, []).append(f"«{title}»")
        if text and LISTING.search(f"{title} {hint}"):
            listing += CALL.findall(text)
    found = [f"{what} {', '.join(names)}" for what, names in lost.items()]
    return found + of_contract(team, dict.fromkeys(listing))


def of_contract(team: zones.Team, listing: Iterable[tuple[str, str]]) -> list[str]:
    import contract

    place = team.work.get("contract", "")
    known = contract.operations(os.path.join(team.root, place)) if listing else set()
    lost = [f"{method} {path}" for method, path in listing if not contract.has(known, method, path)]
    return [f"the contract, {place}, does not have {', '.join(lost)}"] if lost else []


def status(team: zones.Team, agent: str, name: str) -> str:
    """The status of a handoff that has no fault."""
    return Handoff(read(os.path.join(team.root, "handoff", agent, f"{name}.md"))).fields["status"]


def lacking(team: zones.Team, agent: str, name: str) -> list[str]:
    """Why nobody can build on what an agent hands over yet."""
    found = faults(team, agent, name)
    if not found and (said := status(team, agent, name)) not in READY:
        found = [f"it ended with {said}"]
    return found


def due(team: zones.Team, name: str, agents: list[str]) -> list[str]:
    """A line for each agent that has not handed over."""
    known = ((agent, lacking(team, agent, name)) for agent in agents if form(team.root, agent))
    return [f"{agent}: {'; '.join(found)}." for agent, found in known if found]
