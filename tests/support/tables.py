"""The questionnaire without Copier: its answers and tables, for any choice of answers.

Copier takes a tenth of a second to ask; this takes a hundredth of that, so that the whole space of
answers can be looked at. A test holds the two against each other.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from tests.support.strict_yaml import load
from tests.support.template import template

Answers = Mapping[str, object]
Question = Mapping[str, object]


class Zone(TypedDict):
    """A path pattern and who may own it, the first candidate in the team first."""

    path: str
    owners: list[str]
    what: NotRequired[str]


# A handoff between two agents of the team. Spelled this way because `from` is Python's.
Link = TypedDict(
    "Link",
    {
        "from": str,
        "to": str,
        "what": str,
        "told": NotRequired[str],
        "phase": NotRequired[str],
        "ask": NotRequired[str],
    },
)


class Card(TypedDict):
    """A row of the roster: what the questionnaire says of one agent."""

    phase: str
    use_when: str
    model: str
    color: str
    tools: list[str]
    skills: list[str]
    form: dict[str, str]
    extras: list[str]


class Stack(TypedDict):
    """A row of the stacks, as far as tests read it."""

    claims: list[str]


class Tables(TypedDict):
    """What most tests read; the other answers and tables are there under their names too."""

    agents: list[str]
    links: list[Link]
    roster: dict[str, Card]
    zones: list[Zone]
    stacks: dict[str, Stack]
    stack: str
    runner: str
    commands: dict[str, str]
    sse: bool
    docs_lookup: str


@cache
def documents(root: Path) -> tuple[Mapping[str, object], ...]:
    """The topics of copier.yml, in order."""
    topics = (root / "copier.yml").read_text("utf-8").split("---\n")[1:]
    paths = [root / topic.removeprefix("!include").strip() for topic in topics]
    return tuple(cast("Answers", load(path.read_text("utf-8"))) for path in paths)


@cache
def questions(root: Path) -> Mapping[str, Question]:
    """Every question, asked or computed, in order."""
    return {
        name: cast("Question", question)
        for document in documents(root)
        for name, question in document.items()
        if not name.startswith("_")
    }


@cache
def environment(root: Path) -> SandboxedEnvironment:
    """Jinja, set up as Copier does it for this template."""
    options = cast("Mapping[str, bool]", documents(root)[0]["_envops"])
    return SandboxedEnvironment(
        loader=FileSystemLoader(root),
        extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
        **{**options, "undefined": StrictUndefined},
    )


@cache
def compiled(root: Path, source: str) -> Template:
    return environment(root).from_string(source)


def rendered(root: Path, value: object, context: Mapping[str, object]) -> object:
    """What a text renders to; anything else as it is."""
    return compiled(root, value).render(context) if isinstance(value, str) else value


@cache
def parsed(text: object) -> object:
    return load(str(text))


def truthy(value: object) -> bool:
    return str(value).lower() in {"true", "yes", "on", "y", "1"}


def default(root: Path, question: Question, context: Mapping[str, object]) -> object:
    """What a question comes to where nobody answers it."""
    value = rendered(root, question["default"], context)
    if not isinstance(value, str):
        return value
    if question["type"] == "bool":
        return truthy(value)
    structured = question["type"] in {"yaml", "json"} or "multiselect" in question
    return parsed(value) if structured else value


def in_order(root: Path, question: Question, chosen: object, context: Answers) -> list[object]:
    """What was chosen of several, in the order of the choices."""
    choices = cast("Mapping[str, object]", parsed(rendered(root, question["choices"], context)))
    return [choice for choice in choices.values() if choice in cast("list[object]", chosen)]


def evaluate(answers: Answers) -> Tables:
    """Every answer and table for these answers, the defaults for the rest. Read them only."""
    root = template()
    context: dict[str, object] = {}
    for name, question in questions(root).items():
        asked = truthy(rendered(root, question.get("when", True), context))
        given = asked and name in answers
        answer = answers[name] if given else default(root, question, context)
        several = "multiselect" in question
        context[name] = in_order(root, question, answer, context) if several else answer
    return cast("Tables", context)
