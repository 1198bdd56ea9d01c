"""The rules in docs/rules.md: reads the table, and says what a rendered project owes it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

import zones
from tests.support.render import Render
from tests.support.tables import Tables
from tests.support.template import ROOT

PAGE = ROOT / "docs" / "rules.md"
IDS = tuple(f"T{number}" for number in range(1, 201))
COLUMNS = ("id", "rule", "under", "now", "where", "why")
KINDS = ("lives", "changed", "dropped")
CHOICES = ("stack", "data_layer", "sse", "tdd", "change_policy", "docs_lookup")
NAMES = frozenset((*CHOICES, "runner", "recipe", "with", "without"))

CELL_END = re.compile(r"(?<!\\)\|")
CONDITION = re.compile(r"([a-z_]+)(=|!=)([a-z0-9-]+)")
SPAN = r"(?P<{0}_ticks>`+) ?(?P<{0}>.+?) ?(?P={0}_ticks)(?!`)"
EVIDENCE = re.compile(
    rf"(?:\((?P<under>[^)]+)\) )?{SPAN.format('path')} (?P<verb>[a-z ]+?)"
    rf"(?: {SPAN.format('piece')})?"
)
PLACEHOLDER = re.compile(r"\{((?:app|tests|migrations|contract|frontend)_path|run|pytest)\}")
OF_AN_AGENT = re.compile(r"(?:\.claude/agents|\.claude/notes|handoff)/([a-z-]+)(?:\.md|/)")
SHORTEST = 8  # characters; a shorter piece would be found anywhere


class RuleError(Exception):
    """The table is not what it has to be."""


@dataclass(frozen=True)
class Condition:
    """An answer under which a rule holds; `with` and `without` name an agent."""

    name: str
    equal: bool
    value: str

    def fits(self, tables: Tables) -> bool:
        if self.name in {"with", "without"}:
            return (self.value in tables["agents"]) is (self.name == "with")
        answer = cast("Mapping[str, object]", tables)[self.name]
        return (str(answer).lower() == self.value) is self.equal


@dataclass(frozen=True)
class Evidence:
    """What shows that a rule is kept: a file, and a piece that it says or lacks."""

    under: tuple[Condition, ...]
    path: str
    verb: str
    piece: str

    def applies(self, tables: Tables) -> bool:
        """Whether it is looked for; what is one agent's only where that agent is in the team."""
        agent = OF_AN_AGENT.match(self.path)
        absent = agent is not None and agent[1] not in tables["agents"]
        skipped = absent and self.verb != "is not there"
        return not skipped and all(condition.fits(tables) for condition in self.under)

    def fault(self, render: Render) -> str:
        """What is wrong in a project, or nothing."""
        path, piece = (filled(text, render.tables) for text in (self.path, self.piece))
        return VERBS[self.verb](render, path, piece)


@dataclass(frozen=True)
class Rule:
    """A row of the table."""

    id: str
    text: str
    kind: str
    evidence: tuple[Evidence, ...]
    why: str


def says(render: Render, path: str, piece: str) -> str:
    """Every file that the path matches holds the piece, wherever its lines break."""
    found = {name: text for name, text in render.files.items() if fnmatchcase(name, path)}
    missing = [name for name, text in found.items() if flat(piece) not in flat(text)]
    if not found:
        return f"there is no {path}"
    return f"{', '.join(missing)} does not say: {piece}" if missing else ""


def lacks(render: Render, path: str, piece: str) -> str:
    """No file that the path matches holds the piece, in any case."""
    files = render.without_programs
    found = {name: text for name, text in files.items() if fnmatchcase(name, path)}
    holding = [name for name, text in found.items() if flat(piece).lower() in flat(text).lower()]
    if not found:
        return f"there is no {path}"
    return f"{', '.join(holding)} says: {piece}" if holding else ""


def belongs_to(render: Render, path: str, owner: str) -> str:
    """The guard takes the path for this owner's, by the map of the project."""
    rows = json.loads(render.files["team/team.json"])["zones"]
    team = zones.Team(str(render.root), [], [], [(row["path"], row["owner"]) for row in rows], [])
    found = team.owner(path)
    return "" if found == owner else f"{path} belongs to {found}, not to {owner}"


def is_there(render: Render, path: str, _: str) -> str:
    return "" if any(fnmatchcase(name, path) for name in render.files) else f"there is no {path}"


def is_not_there(render: Render, path: str, _: str) -> str:
    return f"{path} is there" if not is_there(render, path, "") else ""


def checks(_: Render, path: str, function: str) -> str:
    """A test of this repository, or a check that one runs, is there by this name."""
    file = ROOT / path
    there = file.is_file() and f"def {function}(" in file.read_text("utf-8")
    return "" if there else f"{path} has no {function}"


VERBS = {
    "says": says,
    "lacks": lacks,
    "belongs to": belongs_to,
    "is there": is_there,
    "is not there": is_not_there,
    "checks": checks,
}
ALONE = ("is there", "is not there")


def flat(text: str) -> str:
    return " ".join(text.split())


def filled(text: str, tables: Tables) -> str:
    """The text with the paths and the runner of this project for their placeholders."""
    answers = {**cast("Mapping[str, object]", tables), **tables["commands"]}
    return PLACEHOLDER.sub(lambda match: str(answers[match[1]]), text)


def cells(line: str) -> tuple[str, ...]:
    """The cells of a row; a bar inside a cell has a backslash before it."""
    parts = CELL_END.split(line.strip().removeprefix("|").removesuffix("|"))
    return tuple(part.strip().replace("\\|", "|") for part in parts)


def tables_of(page: str) -> Iterator[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Each table of a page: its head, and its rows."""
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        head, _, *rows = (cells(line) for line in block.splitlines())
        yield head, rows


def parse(page: str) -> list[Rule]:
    """Every rule of a page. Raises RuleError with the row and what is wrong with it."""
    rules = [rule(row) for head, rows in tables_of(page) if head == COLUMNS for row in rows]
    ids = [found.id for found in rules]
    if twice := sorted({found for found in ids if ids.count(found) > 1}):
        raise RuleError(f"twice in the table: {', '.join(twice)}")
    if missing := [due for due in IDS if due not in ids]:
        raise RuleError(f"not in the table: {', '.join(missing)}")
    if unknown := [found for found in ids if found not in IDS]:
        raise RuleError(f"no rule has this number: {', '.join(unknown)}")
    return rules


def rule(row: tuple[str, ...]) -> Rule:
    if len(row) != len(COLUMNS):
        raise RuleError(f"{row[0]}: {len(row)} cells instead of {len(COLUMNS)}")
    number, text, under, kind, where, why = row
    try:
        holds = conditions(under)
        found = tuple(evidence(part.strip(), holds) for part in where.split("<br>") if part)
    except RuleError as error:
        raise RuleError(f"{number}: {error}") from error
    made = Rule(number, text, kind, found, why)
    if lack := lacking(made):
        raise RuleError(f"{number}: {lack}")
    return made


def lacking(made: Rule) -> str:
    """What a row owes for its kind and does not have, or nothing."""
    if made.kind not in KINDS:
        return f"no kind is called {made.kind!r}"
    if not made.text:
        return "says no rule"
    if made.kind in {"lives", "changed"} and not made.evidence:
        return "shows nothing"
    return "does not say why" if made.kind != "lives" and not made.why else ""


def conditions(text: str) -> tuple[Condition, ...]:
    """`all`, or answers with commas between."""
    if text == "all":
        return ()
    found = []
    for part in text.split(", "):
        match = CONDITION.fullmatch(part)
        if not match or match[1] not in NAMES:
            raise RuleError(f"no answer reads {part!r}")
        found.append(Condition(match[1], match[2] == "=", match[3]))
    return tuple(found)


def evidence(text: str, under: tuple[Condition, ...]) -> Evidence:
    match = EVIDENCE.fullmatch(text)
    if not match or match["verb"] not in VERBS:
        raise RuleError(f"no evidence reads {text!r}")
    path, verb, piece = match["path"], match["verb"], match["piece"] or ""
    if bool(piece) is (verb in ALONE):
        raise RuleError(f"{verb!r} takes {'no' if verb in ALONE else 'a'} piece: {text!r}")
    if verb == "says" and len(piece) < SHORTEST:
        raise RuleError(f"too short to prove anything: {piece!r}")
    own = conditions(match["under"]) if match["under"] else ()
    return Evidence((*under, *own), path, verb, piece)


def faults(rules: list[Rule], render: Render) -> list[str]:
    """Every rule that a project owes and does not keep."""
    return [
        f"{found.id}: {fault}"
        for found in rules
        for shown in found.evidence
        if shown.applies(render.tables) and (fault := shown.fault(render))
    ]
