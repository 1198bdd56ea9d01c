"""docs/rules.md says where each rule lives, and it really is there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TypedDict, cast

import pytest

from tests.docs import rules
from tests.docs.rules import Evidence, RuleError
from tests.support.answers import BACKENDS, RECIPES, ROSTER
from tests.support.render import Render, Renderer
from tests.support.sections import generated_section
from tests.support.tables import Answers, Card, evaluate

TEXT = rules.PAGE.read_text("utf-8")
TABLE = rules.parse(TEXT)
PAGE_TABLES = dict(rules.tables_of(TEXT))
LEAD = "the lead"

Columns = Mapping[str, str]


class Recipe(TypedDict):
    """The part of a recipe's row that the page shows."""

    seed: str
    cards: Mapping[str, Columns]


# Few, and between them every answer and every owner that a row names.
PROJECTS: Mapping[str, Answers] = {
    "defaults": {},
    **{recipe: {"recipe": recipe} for recipe in RECIPES},
    "everybody": {"agents_off": []},
    "in a poetry repository": {
        **BACKENDS["poetry-repository"],
        "data_layer": "supabase",
        "tdd": "strict",
        "change_policy": "minimal",
        "docs_lookup": "context7",
        "agents_off": [],
    },
    "in a pip repository, no designer of tables or API": {
        **BACKENDS["pip-repository"],
        "sse": False,
        "docs_lookup": "ref",
        "agents_off": ["api-designer", "database-architect"],
    },
    "backend-developer alone": {
        "data_layer": "supabase",
        "sse": False,
        "tdd": "on-request",
        "docs_lookup": "context7",
        "agents_off": [name for name in ROSTER if name != "backend-developer"],
    },
    "tests on request, everybody": {
        "data_layer": "supabase",
        "tdd": "on-request",
        "change_policy": "minimal",
        "agents_off": [],
    },
    "design and frontend alone": {
        "tdd": "strict",
        "agents_off": [
            name
            for name in ROSTER
            if name not in {"ui-ux-designer", "api-designer", "frontend-developer"}
        ],
    },
}


@pytest.fixture(scope="module", params=PROJECTS)
def project(request: pytest.FixtureRequest, render: Renderer) -> Render:
    return render(PROJECTS[request.param])


def column(*head: str) -> list[str]:
    """The first cells of the table with this head."""
    return [row[0] for row in PAGE_TABLES[head]]


def test_every_project_keeps_every_rule_that_it_owes(project: Render) -> None:
    found = rules.faults(TABLE, project)
    assert not found, "\n".join(found)


def test_no_rendered_text_speaks_of_what_is_not_there(project: Render) -> None:
    rows = PAGE_TABLES["what", "word", "instead"]
    assert all(instead for _, _, instead in rows)
    words = [word.strip("`") for _, word, _ in rows]
    assert {"Redis", "Upstash", "Celery", "Django", "Next.js"} <= set(words)
    assert not list(filter(None, (rules.lacks(project, "*", word) for word in words)))


def test_every_evidence_is_looked_for_somewhere() -> None:
    tables = [evaluate(answers) for answers in PROJECTS.values()]
    unseen = [
        f"{rule.id}: {shown.path} under {shown.under}"
        for rule in TABLE
        for shown in rule.evidence
        if not any(shown.applies(answers) for answers in tables)
    ]
    assert not unseen, "\n".join(unseen)


def test_every_role_has_one_name() -> None:
    rows = PAGE_TABLES["in the five definitions", "in Baton"]
    assert len({old for old, _ in rows}) == len(rows) == 18
    assert all(new.split(",")[0].split(";")[0] in {*ROSTER, LEAD} for _, new in rows)
    assert {name for _, new in rows for name in (*ROSTER, LEAD) if name in new} == {*ROSTER, LEAD}


def test_the_recipes_are_those_of_the_tables(*, regenerate: bool) -> None:
    text = "\n".join(["", *recipe_rows(), "", ""])
    generated_section(rules.PAGE, "recipes", text, regenerate=regenerate)


def recipe_rows() -> Iterator[str]:
    yield "| recipe | grew from | answers | agents, with model and colour |"
    yield "|---|---|---|---|"
    recipes = cast("Mapping[str, Mapping[str, Recipe]]", evaluate({}))["recipes"]
    for name in RECIPES:
        tables = evaluate({"recipe": name})
        answers = cast("Mapping[str, object]", tables)
        given = (f"{question}={answers[question]}".lower() for question in rules.CHOICES)
        recipe = recipes[name]
        agents = (described(agent, tables["roster"], recipe["cards"]) for agent in tables["agents"])
        row = f"`{name}`", recipe["seed"], "<br>".join(given), "<br>".join(agents)
        yield f"| {' | '.join(row)} |"


def described(agent: str, roster: Mapping[str, Card], changed: Mapping[str, Columns]) -> str:
    """An agent with the model and the colour that a recipe gives it."""
    row: Mapping[str, object] = {**roster[agent], **changed.get(agent, {})}
    return f"{agent}: {row['model']}, {row['color']}"


def test_a_missing_piece_is_reported(project: Render) -> None:
    """Every evidence finds a fault in the same project without what it shows."""
    blind = [
        f"{rule.id}: {shown.path} {shown.verb} {shown.piece}"
        for rule in TABLE
        for shown in rule.evidence
        if shown.applies(project.tables) and not spoilt(shown).fault(against(shown, project))
    ]
    assert not blind, "\n".join(blind)


def spoilt(shown: Evidence) -> Evidence:
    """What a test of this repository shows cannot be taken from a project: another name is."""
    return replace(shown, piece=f"no_{shown.piece}") if shown.verb == "checks" else shown


def against(shown: Evidence, render: Render) -> Render:
    """The project without what the evidence shows."""
    path, piece = (rules.filled(text, render.tables) for text in (shown.path, shown.piece))
    found = {name: text for name, text in render.files.items() if fnmatchcase(name, path)}
    match shown.verb:
        case "says":
            for name, text in found.items():
                render = render.with_file(name, rules.flat(text).replace(rules.flat(piece), ""))
        case "lacks":
            render = render.with_file(min(found), f"{found[min(found)]}\n{piece.upper()}")
        case "belongs to":
            text = render.files["team/team.json"]
            render = render.with_file("team/team.json", text.replace(f'"{piece}"', '"nobody"'))
        case "is there":
            for name in found:
                render = render.without_file(name)
        case "is not there":
            render = render.with_file(path, "")
    return render


ROW = "| T7 | Be kind. | all | lives | `AGENTS.md` says `Be kind to others.` | |"
BROKEN = {
    "no kind is called 'alive'": ROW.replace("lives", "alive"),
    "twice in the table: T7": f"{ROW}\n{ROW}",
    "not in the table: T7": "",
    "no rule has this number: T201": f"{ROW}\n{ROW.replace('T7', 'T201')}",
    "T7: 7 cells instead of 6": f"{ROW} |",
    "T7: says no rule": ROW.replace("Be kind. ", ""),
    "T7: shows nothing": ROW.replace("`AGENTS.md` says `Be kind to others.`", ""),
    "T7: does not say why": ROW.replace("lives", "dropped"),
    "T7: too short to prove anything": ROW.replace(" to others.", ""),
    "T7: no evidence reads '`AGENTS.md` means": ROW.replace("says", "means"),
    "T7: no evidence reads 'AGENTS.md says": ROW.replace("`", ""),
    "T7: 'is there' takes no piece": ROW.replace("says", "is there"),
    "T7: 'says' takes a piece": ROW.replace(" `Be kind to others.`", ""),
    "T7: no answer reads 'tdd'": ROW.replace("all", "tdd"),
    "T7: no answer reads 'weather=fine'": ROW.replace("all", "weather=fine"),
    "T7: no answer reads ''": ROW.replace("`AGENTS.md`", "(sse=true, ) `AGENTS.md`"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_table_is_refused(fault: str) -> None:
    others = [ROW.replace("T7", number) for number in rules.IDS if number != "T7"]
    head = f"| {' | '.join(rules.COLUMNS)} |\n|---|---|---|---|---|---|\n"
    good = head + "\n".join([*others, ROW, ""])
    assert len(rules.parse(good)) == len(rules.IDS)
    with pytest.raises(RuleError, match=re.escape(fault)):
        rules.parse(head + "\n".join(filter(None, [*others, BROKEN[fault], "\n"])))
