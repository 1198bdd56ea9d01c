"""Faults in what texts name and say, and what looks like one and is none."""

from tests.render import checks_names as names
from tests.render import checks_words as words
from tests.render.checks import Check
from tests.render.plants import Plant, added, appended
from tests.support.tables import Answers

PAGE = "AGENTS.md"
EXISTING: Answers = {"stack": "existing", "runner": "pip"}
ALONE: Answers = {"agents_off": ["architect", "code-reviewer"]}


def said(check: Check, text: str, fault: str, answers: Answers | None = None) -> Plant:
    return Plant(check, appended(PAGE, text + "\n"), fault, answers or {})


NAMED = [
    said(names.paths_are_there, "`docs/nothing.md`", "docs/nothing.md is not there"),
    said(names.paths_are_there, "`backend/app/nothing/`", "backend/app/nothing/ is not there"),
    said(names.paths_are_there, "`backend/**/nothing.py`", "backend/**/nothing.py is not there"),
    said(names.paths_are_there, "`nothing/<name>.md`", "nothing/<name>.md is not there"),
    said(names.paths_are_there, "`nothing.yaml`", "nothing.yaml is not there"),
    said(names.paths_are_there, "`backend/app/main.py`", "main.py is not there", EXISTING),
    said(names.commands_are_there, "`uv run nothing`", "the backend has no command nothing"),
    said(names.commands_are_there, "`poetry run pytest`", "this project's commands begin with uv"),
    said(names.commands_are_there, "`uv teleport`", "uv has no teleport"),
    said(names.commands_are_there, "`git gud`", "no text has needed git gud"),
    said(names.commands_are_there, "`python3 team/baton.py fly`", "Baton has no fly"),
    said(names.commands_are_there, "`baton guard`", "nothing installs it"),
    said(names.commands_are_there, "```sh\nuv run nothing\n```", "has no command nothing"),
    said(names.commands_are_there, "`uv run pytest`", "commands begin with python -m", EXISTING),
    said(names.commands_are_there, "`python -m dev`", "a command of Baton's own", EXISTING),
    said(names.skills_are_there, "the skill\n`fly`", "there is no skill fly"),
    said(names.skills_are_there, "`stream-events`", "no skill stream-events", {"sse": False}),
    said(names.skills_are_there, "`test-first`", "no skill test-first", {"tdd": "on-request"}),
    said(names.agents_named_are_in_the_team, "Ask the architect.", "names architect, who", ALONE),
    said(names.agents_named_are_in_the_team, "`code-reviewer`", "names code-reviewer, who", ALONE),
]
# One sentence a ban, at least: which answers it contradicts, and the words that are found.
SAID: list[tuple[Answers, str, str]] = [
    ({"tdd": "on-request"}, "Tests come first.", "Tests come first"),
    ({"tdd": "on-request"}, "Begin with a failing test.", "failing test"),
    ({"tdd": "on-request"}, "Red, green, refactor.", "Red, green"),
    ({"tdd": "strict"}, "Test the critical\npaths.", "critical paths"),
    ({"tdd": "strict"}, "Coverage is 80%.", "80%"),
    ({"tdd": "critical"}, "New code is covered in full.", "covered in full"),
    ({"data_layer": "supabase"}, "Make an Alembic revision.", "Alembic"),
    ({"data_layer": "sqlalchemy"}, "Mind the row-level security.", "row-level security"),
    ({"sse": False}, "Send server-sent events.", "server-sent events"),
    ({"sse": False}, "Each stream ends.", "stream"),
    ({"docs_lookup": "none"}, "Look it up first.", "Look it up"),
    ({"docs_lookup": "none"}, "Look up current patterns.", "Look up"),
    ({"docs_lookup": "none"}, "Ask Ref about it.", "Ref"),
    ({"docs_lookup": "context7"}, "Ask Ref about it.", "Ref"),
    ({"docs_lookup": "ref"}, "Ask Context7 about it.", "Context7"),
    ({"change_policy": "minimal"}, "Mend the faults in it.", "Mend the faults"),
    ({"change_policy": "balanced"}, "Existing patterns beat yours.", "Existing patterns beat"),
    (EXISTING, "Say `uv run pytest`.", "uv run"),
    ({"stack": "existing", "runner": "poetry"}, "Then pip install it.", "pip install"),
    ({"stack": "existing", "runner": "uv"}, "Look into poetry.lock.", "poetry"),
    (EXISTING, "Look into `backend/`.", "backend/"),
    ({}, "Keep it in Redis.", "Redis"),
    ({}, "Write it into requirements.txt.", "requirements.txt"),
]
FAULTS = [
    *NAMED,
    *(
        said(words.no_text_contradicts_an_answer, text, repr(found), answers)
        for answers, text, found in SAID
    ),
    Plant(
        words.no_text_contradicts_an_answer,
        added("backend/app/a.py", "import sqlalchemy\n"),
        "backend/app/a.py:1: 'sqlalchemy'",
        {"data_layer": "supabase"},
    ),
]
HARMLESS = [
    said(names.paths_are_there, "`text/event-stream` and/or `items:write`, `GET /docs`", ""),
    said(names.paths_are_there, "`tasks/<feature>/README.md`, `/api/v1/items`, `2-a-b.md`", ""),
    said(names.commands_are_there, "`python -m mypy`, `python3 -c x`", "", EXISTING),
    said(names.agents_named_are_in_the_team, "The architecture, `database-architect`.", "", ALONE),
    said(words.no_text_contradicts_an_answer, "Upstream, domain events.", "", {"sse": False}),
    said(words.no_text_contradicts_an_answer, "Refactor a reference.", "", {"docs_lookup": "none"}),
    Plant(
        words.no_text_contradicts_an_answer,
        added("backend/app/a.py", "StreamHandler(stream=sys.stdout)\n"),
        "",
        {"sse": False},
    ),
    Plant(
        words.no_text_contradicts_an_answer, added("team/a.py", 'RULES = {"flask": flask}\n'), ""
    ),
]


def unproven() -> list[words.Ban]:
    """The bans that no sentence above runs into."""
    return [
        ban
        for ban in words.BANS
        if not any(
            ban.under.items() <= answers.items() and ban.words.search(text)
            for answers, text, _ in SAID
        )
    ]
