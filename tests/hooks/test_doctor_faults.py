"""The faults that the doctor is there for: each is planted, and found."""

from pathlib import Path

import pytest

import doctor
from tests.hooks.sick import (
    BRIEF,
    CARD,
    LOCAL,
    OFF,
    PYPROJECT,
    ROUTER,
    ROUTES,
    SETTINGS,
    SKILL,
    Change,
    found,
    hand,
    healthy,
    remove,
    swap,
    write,
)
from tests.hooks.teamwork import BACKEND, CODE, CONTRACT, DESIGNER, NAME, Teamwork


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return healthy(tmp_path, monkeypatch)


GUARD, REPORT, START, STOP = (f"{SETTINGS} does not have at {event}: {{" for event in doctor.CALLS)
OTHER = ('"**/.git/**", "owner": "human"', '"team/**", "owner": "api-designer"')
CONFLICT = "<<<<<<< before\n"
BAD: dict[str, tuple[str, Change, str]] = {
    "no map": ("team", remove("team/team.json"), "team.json cannot be read"),
    "a map in conflict": ("team", write("team/team.json", CONFLICT), "is no map of a team"),
    "a guard given away": ("team", swap("team/team.json", *OTHER), "team/baton.py is an agent's"),
    "no card": ("team", remove(CARD), "api-designer is not in both"),
    "a card without a name": ("team", swap(CARD, "name:", "named:"), "api-designer is not in both"),
    "a card without front matter": ("team", swap(CARD, "---", ""), "api-designer is not in both"),
    "a card of nobody": ("team", write(f"{CARD}.md", '---\nname: "x"\n---\n'), "x is not in both"),
    "no rest": ("team", swap("team/team.json", '"**", "owner"', '"x/**", "owner"'), "no row **"),
    "a folder given away": (
        "team",
        swap("team/team.json", f'"handoff/{DESIGNER}/**"', '"handoff/x/**"'),
        f"handoff/{DESIGNER}/ is human's",
    ),
    "no description": ("cards", swap(CARD, "description", "says"), "has no description"),
    "a tool of before": ("cards", swap(CARD, "Read,", "Grep,"), "names the tool Grep"),
    "a tool of no server": ("cards", swap(CARD, "Read,", "mcp__x__y,"), "the tool mcp__x__y"),
    "servers in conflict": ("cards", write(".mcp.json", CONFLICT), ".mcp.json: "),
    "no skill": ("cards", remove(SKILL), "skills/feature/SKILL.md lacks"),
    "a skill of another name": ("cards", swap(SKILL, ": feature", ": features"), "lacks its name"),
    "no page for all": ("texts", remove("CLAUDE.md"), "CLAUDE.md"),
    "a page of its own": ("texts", write("CLAUDE.md", "Hello.\n"), "does not bring AGENTS.md"),
    "a card in conflict": ("texts", swap(CARD, "You.", f"{CONFLICT}You."), "marks of a conflict"),
    "a form in conflict": (
        "texts",
        write(f"handoff/{DESIGNER}/README.md", f"{CONFLICT}x"),
        "marks of a conflict",
    ),
    "notes of nobody": (
        "texts",
        write(".claude/notes/architect.md", "x"),
        "architect.md speaks to an agent that is gone",
    ),
    "no form": ("handoffs", remove(f"handoff/{DESIGNER}/README.md"), "has no form with sections"),
    "a form without sections": (
        "handoffs",
        write(f"handoff/{DESIGNER}/README.md", "```markdown\n```\n"),
        "has no form with sections",
    ),
    "no handoff": ("handoffs", write(BRIEF, "Done.\n"), "it does not begin with front matter"),
    "a folder for a handoff": ("handoffs", write(f"{BRIEF}/x", ""), "is a folder; move it away"),
    "half a handoff": ("handoffs", hand(Decisions="TODO"), "TODO (code needs backticks)"),
    "an open feature's": (
        "handoffs",
        lambda root: (Teamwork(root).open(), hand(inputs="{}")(root)),
        "`inputs` lacks tasks/tags/README.md",
    ),
    "a feature of another version": (
        "handoffs",
        write(f".baton/features/{NAME}.json", "{}"),
        "Move it away and open it again",
    ),
    "a route of nobody": ("agreed", swap(ROUTER, '""', '"/more"'), "lacks GET /tags/more"),
    "a route in the contract alone": (
        "agreed",
        swap("docs/openapi.yaml", CONTRACT, f"{CONTRACT}  /tags/all:\n    get: {{}}\n"),
        "has GET /tags/all, and no route",
    ),
    "no contract": ("agreed", remove("docs/openapi.yaml"), "the contract lacks GET /tags"),
    "code that is none": ("agreed", write(CODE, "def"), "invalid syntax"),
    "no plugin": ("noted", swap(PYPROJECT, "-pteam.outcome", "-q"), "does not load what notes"),
    "no settings": ("settings", remove(SETTINGS), GUARD),
    "in conflict": ("settings", swap(SETTINGS, '"hooks"', CONFLICT + '"hooks"'), f"{SETTINGS}: "),
    "off": ("settings", swap(SETTINGS, "{\n", OFF[:-1] + ","), "disableAllHooks is True"),
    "off on this machine": ("settings", write(LOCAL, OFF), f"{LOCAL}: disableAllHooks is True"),
    "no guard": ("settings", swap(SETTINGS, "PreToolUse", "PreToolUs"), GUARD),
    "some tools": ("settings", swap(SETTINGS, '"*"', '"Write|Edit"'), GUARD),
    "may fail": ("settings", swap(SETTINGS, ', "onFailure": "block"', ""), GUARD),
    "in a hurry": ("settings", swap(SETTINGS, '"onF', '"timeout": 1, "onF'), GUARD),
    "at times": ("settings", swap(SETTINGS, '"onF', '"if": "Bash(x)", "onF'), GUARD),
    "two Pythons": ("settings", swap(SETTINGS, '"command": "python3', '"command": "python'), GUARD),
    "another program": ("settings", swap(SETTINGS, "baton.py", "x.py"), GUARD),
    "for one client": ("settings", swap(SETTINGS, '"bash": "python3', '"sh": "python3'), GUARD),
    "keys twice": ("settings", swap(SETTINGS, "\n  }\n", '}, "hooks": {}'), GUARD),
    "no start": ("settings", swap(SETTINGS, "SubagentStart", "Start"), START),
    "no report": ("settings", swap(SETTINGS, '"Agent"', '"Task"'), REPORT),
    "no stop": ("settings", swap(SETTINGS, '"stop"', '"start"'), STOP),
    "no Python": ("guard", swap(SETTINGS, "python3", "no-such-python"), "'no-such-python'"),
    "an old Python": ("guard", swap(SETTINGS, "python3", "false"), "false is no Python 3.9"),
    "no folder of its own": ("guard", write(".baton", ""), ".baton"),
}


@pytest.mark.parametrize(("check", "spoil", "says"), BAD.values(), ids=BAD)
def test_it_finds(root: Path, check: str, spoil: Change, says: str) -> None:
    if check != "guard":
        assert found(check, root) == []
    spoil(root)
    assert [what for what in found(check, root) if says in what]


def test_it_plants_enough() -> None:
    assert len(BAD) >= 25


def test_what_is_handed_over_of_a_closed_feature_may_be_old(root: Path) -> None:
    hand(inputs="\n  gone.md: 1", files="[backend/gone.py]", **{"API contract": "GET /gone"})(root)
    assert found("handoffs", root) == []
    write(f"handoff/{BACKEND}/{NAME}-needs.md", "A list.\n")(root)
    write(f"handoff/{BACKEND}/requests.md", "- [ ] human: x\n")(root)
    assert found("handoffs", root) == []


UNSURE = {
    "no routes": "x = 1\n",
    "another framework": '@app.route("/x")\ndef x(): ...\n',
    "a prefix of its own": ROUTES.replace('"/tags"', "PREFIX"),
    "a path of its own": ROUTES.replace('.get("")', ".get(PATH)"),
    "by a call": 'app.add_api_route("/tags", x)\napp.delete("/tags/{x}")(y)\n',
}


@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE)
def test_what_code_does_not_say_plainly_is_no_fault(root: Path, text: str) -> None:
    write("docs/openapi.yaml", CONTRACT.split("  /tags/{tag_id}")[0])(root)
    write(ROUTER, text)(root)
    assert [what for what in found("agreed", root) if "no route" in what] == []
