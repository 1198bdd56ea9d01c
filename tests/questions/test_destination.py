"""A copy into a folder that holds something: told in one line, and nothing half written."""

import re
from pathlib import Path
from typing import cast

import pytest

from tests.questions.command import run_copy
from tests.questions.refusals import refusal
from tests.support.render import Renderer, copy, texts
from tests.support.tables import documents, evaluate
from tests.support.template import template

STACKS = evaluate({})["stacks"]
ENDS = {
    "fastapi": "Move away what is in the way, or take another folder.",
    "existing": "python3 team/baton.py sync --adopt joins yours with Baton's.",
}
CLAIMS = {
    "existing": STACKS["existing"]["claims"],
    "fastapi": STACKS["existing"]["claims"] + STACKS["fastapi"]["claims"],
}
FROZEN = cast("list[str]", documents(template())[0]["_skip_if_exists"])


def write(root: Path, name: str, text: str = "mine\n") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


@pytest.mark.parametrize(
    ("stack", "claim"),
    [(stack, claim) for stack, claims in CLAIMS.items() for claim in claims],
)
def test_a_claimed_name_is_refused(stack: str, claim: str, tmp_path: Path) -> None:
    name = claim.replace("*", "mine")
    write(tmp_path, name, "stack: existing\n")
    begin = f"{tmp_path} already holds {name}, and Baton would write there. Nothing was written. "
    end = ENDS[stack]
    if claim == ".copier-answers.yml":
        begin = f"{tmp_path} was made by Copier from another template"
        end = "that template is then updated by: copier update -a NEW-NAME"
    message = refusal({"stack": stack}, tmp_path)[1]
    assert message.startswith(begin)
    assert message.endswith(end)


def test_many_names_make_one_line(tmp_path: Path) -> None:
    for name in ("AGENTS.md", "CLAUDE.md", ".mcp.json", "team/a.py", "team/b.py"):
        write(tmp_path, name)
    _, message = refusal({}, tmp_path)
    assert "already holds AGENTS.md, CLAUDE.md, .mcp.json and 2 more, and Baton" in message


@pytest.mark.parametrize(
    "name", ["team", "handoff", "tasks", ".claude", ".claude/agents", "backend"]
)
def test_a_file_where_a_folder_is_due_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, name)
    assert f"already holds {name}, and Baton" in refusal({}, tmp_path)[1]


def test_a_folder_with_signs_of_patterns_is_looked_into(tmp_path: Path) -> None:
    root = tmp_path / "what [is] this"
    write(root, "AGENTS.md")
    assert f"{root} already holds AGENTS.md, and Baton" in refusal({}, root)[1]


def claims_it(claim: str, name: str) -> bool:
    """As the filter `fileglob` matches: a star stands for a part of one name, not of a dot file."""
    pattern = "[^/]*".join(re.escape(part) for part in claim.split("*"))
    return re.fullmatch(pattern.replace("/[^/]*", r"/(?!\.)[^/]*"), name) is not None


@pytest.mark.parametrize("stack", ["fastapi", "existing"])
@pytest.mark.parametrize("layer", ["sqlalchemy", "supabase"])
def test_every_file_is_claimed_or_yours(stack: str, layer: str, render: Renderer) -> None:
    """A file that is neither would be met half-way through a copy, with a question."""
    project = render({"stack": stack, "data_layer": layer, "agents_off": []})
    claimed = {
        name for name in project.files if any(claims_it(claim, name) for claim in CLAIMS[stack])
    }
    yours = tuple(f"{path[1:]}/" for path in FROZEN)
    left = [name for name in project.files if not f"{name}/".startswith(yours)]
    assert [name for name in left if name not in claimed] == []


def test_what_is_yours_stays_as_it_is(tmp_path: Path, render: Renderer) -> None:
    names = [name for name in render({"stack": "existing"}).files if f"/{name}" in FROZEN]
    names += ["docs/architecture.md", ".claude/notes/team.md", "src/main.py"]
    for name in names:
        write(tmp_path, name, f"{name} is mine\n")
    copy({"stack": "existing"}, tmp_path)
    there = texts(tmp_path)
    assert {name: there[name] for name in names} == {name: f"{name} is mine\n" for name in names}
    assert "AGENTS.md" in there


def test_overwrite_means_it(tmp_path: Path) -> None:
    write(tmp_path, "AGENTS.md")
    assert refusal({}, tmp_path, overwrite=True) == ("", "")
    assert (tmp_path / "AGENTS.md").read_text() != "mine\n"


@pytest.mark.parametrize("name", ["team", "handoff", ".claude", ".claude/skills"])
def test_nothing_overwrites_a_file_by_a_folder(name: str, tmp_path: Path) -> None:
    write(tmp_path, name)
    _, message = refusal({"stack": "existing"}, tmp_path, overwrite=True)
    assert message.startswith(f"{tmp_path} has a file where Baton needs a folder: {name}. Nothing")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-d", "agents_off=[nobody]"], "Invalid choice for 'agents_off': 'nobody' is not in ["),
        (
            ["-d", "stack=existing", "-d", "app_path=../outside"],
            "Validation error for question 'app_path': Name a path inside the repository",
        ),
        (["-d", "project_name={{ x }}"], "question 'project_name': Begin with a letter or digit"),
        (["-d", "tdd=never"], "Invalid choice for 'tdd': 'never' is not in ['strict', 'critical'"),
    ],
)
def test_the_last_line_says_what_is_wrong(arguments: list[str], line: str, tmp_path: Path) -> None:
    code, last = run_copy(tmp_path / "project", *arguments)
    assert (code, line in last) == (1, True), last
    assert not (tmp_path / "project").exists()


def test_the_last_line_says_what_is_in_the_way(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, "AGENTS.md")
    code, last = run_copy(root)
    assert (code, sorted(texts(root))) == (1, ["AGENTS.md"])
    assert last.endswith("or take another folder.")


def test_the_last_line_says_how_to_update(tmp_path: Path) -> None:
    root = tmp_path / "project"
    copy({}, root)
    before = texts(root)
    code, last = run_copy(root)
    assert (code, texts(root)) == (1, before)
    assert last.endswith("To bring it up to date, run there: python3 team/baton.py sync")
