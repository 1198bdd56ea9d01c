"""No text speaks against an answer, or of what does not exist; no passage stands twice."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from tests.support.markdown import managed, markdown
from tests.support.render import Render


@dataclass(frozen=True)
class Ban:
    """Words that no file may hold under some answers. `among` says which files are looked at."""

    under: Mapping[str, object]
    words: re.Pattern[str]
    among: Callable[[Render], Mapping[str, str]]


def banned(words: str) -> re.Pattern[str]:
    """Any of these, in any case, as words of their own; a space stands for any gap."""
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)".replace(" ", r"\s+"), re.IGNORECASE)


def everywhere(render: Render) -> Mapping[str, str]:
    """Every file but the answers, which name each question, and the programs."""
    files = render.without_programs
    return {name: files[name] for name in files if name != ".copier-answers.yml"}


# Code logs to streams and looks up rows, so only words that name a choice are banned everywhere,
# and the rest in Markdown. `Ref` is told from the ordinary word by its capital.
BANS = (
    Ban(
        {"tdd": "on-request"},
        banned(
            r"tests? (?:come )?first|test-first|failing tests?|red\W+green|test-driven|TDD"
            r"|before the code|covered in full|\d+\s?% or more"
        ),
        markdown,
    ),
    Ban({"tdd": "strict"}, banned(r"80\s?%|critical paths|where the task asks"), markdown),
    Ban(
        {"tdd": "critical"},
        banned(r"failing tests?|covered in full|100\s?%|where the task asks"),
        markdown,
    ),
    Ban({"data_layer": "supabase"}, banned(r"Alembic|SQLAlchemy|the ORM"), everywhere),
    Ban(
        {"data_layer": "sqlalchemy"},
        banned(r"Supabase|row-level security|RLS|PostgREST|GoTrue"),
        everywhere,
    ),
    Ban(
        {"sse": False},
        banned(
            r"server-sent(?: events?)?|SSE|event[- _]?streams?|text/event-stream|EventSource\w*"
            r"|ServerSentEvent|stream-events|WebSockets?"
        ),
        everywhere,
    ),
    Ban({"sse": False}, banned(r"streams?|streaming|streamed"), markdown),
    Ban(
        {"docs_lookup": "none"},
        banned(
            r"Context7|(?-i:Ref)|look(?:s|ed|ing)?(?: \w+)? up|look-?ups?|documentation service"
        ),
        markdown,
    ),
    Ban({"docs_lookup": "context7"}, banned(r"(?-i:Ref)|mcp__ref\w*|costs? tokens"), markdown),
    Ban({"docs_lookup": "ref"}, banned(r"Context7|mcp__context7\w*"), markdown),
    Ban(
        {"change_policy": "minimal"},
        banned(r"mend the faults|mend these at once|clean up what you touch and nothing else"),
        markdown,
    ),
    Ban(
        {"change_policy": "balanced"},
        banned(r"smallest change that does|ideal or not|existing patterns beat"),
        markdown,
    ),
    Ban({"runner": "pip"}, banned(r"uv (?:run|add|sync|lock)|uv\.lock|poetry"), markdown),
    Ban({"runner": "poetry"}, banned(r"uv (?:run|add|sync|lock)|uv\.lock|pip install"), markdown),
    Ban({"runner": "uv"}, banned(r"poetry|pip install"), markdown),
    Ban(
        {"stack": "existing"},
        banned(r"backend/|(?:app/)?adapters/|the embedded Postgres|uv run (?:check|fix|dev)"),
        markdown,
    ),
    Ban(
        {},
        banned(
            r"Redis|Upstash|Celery|RabbitMQ|Django|Flask|Next\.js|requirements\.txt|SQLModel|passlib"
            r"|python-jose|MultiEdit|utcnow|on_event|activate the virtual environment"
        ),
        everywhere,
    ),
)


def no_text_contradicts_an_answer(render: Render) -> list[str]:
    answers = render.tables
    return [
        f"{name}:{line}: {words!r} under {ban.under or 'any answer'}"
        for ban in BANS
        if all(answers.get(question) == value for question, value in ban.under.items())
        for name, text in ban.among(render).items()
        for line, words in hits(ban.words, text)
    ]


@cache
def hits(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, str], ...]:
    """Where the words are, and how they are spelled there."""
    found = pattern.finditer(text)
    return tuple(
        (text.count("\n", 0, match.start()) + 1, " ".join(match[0].split())) for match in found
    )


def no_passage_stands_twice(render: Render) -> list[str]:
    """No three lines in a row, blank ones skipped, occur twice in what an update merges.

    Git finds the place of an edit by three lines around it: in two such places it takes the wrong
    one. Blank lines are skipped, which is stricter, since they tell no place from another.
    """
    return [
        f"{name}: twice: {passage}"
        for name, text in managed(render).items()
        for passage in repeated(text)
    ]


@cache
def repeated(text: str) -> tuple[str, ...]:
    lines = [line for line in text.splitlines() if line.strip()]
    runs = list(zip(lines, lines[1:], lines[2:], strict=False))
    return tuple(" / ".join(run) for run in dict.fromkeys(runs) if runs.count(run) > 1)
