"""Commits that name their agents, held against the map: before they are made, and afterwards."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import check
from tests.hooks.program import Answer, baton, git
from tests.hooks.work import BACKEND, CONTRACT, DESIGNER, Work, by, nested, project, without

WAY = check.WAY + "\n"
WELL = "Each commit of an agent holds its own files.\n"


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return project(tmp_path)


def make(work: Work, message: str, *places: str) -> str:
    """A commit that changes the places; its short name."""
    for place in places:
        path = work.write(place, f"{message}\n")
        git(work.root, "add", "--force", "--", str(path))
    git(work.root, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(work.root, "rev-parse", "HEAD")[:12]


def commits(work: Work, which: str = "HEAD~1..HEAD") -> Answer:
    return baton(work.root, "check", "--commits", which)


def test_a_commit_of_an_agent_holds_its_own_files(work: Work) -> None:
    make(work, by(BACKEND), "backend/main.py", "backend/new/deep.py")
    assert commits(work) == (0, WELL, "")


def test_a_file_of_somebody_else_is_a_fault(work: Work) -> None:
    name = make(work, by(BACKEND), "backend/main.py", CONTRACT, "README.md")
    assert commits(work) == (
        1,
        f"{name}: README.md belongs to human, and the commit is {BACKEND}'s.\n"
        f"{name}: {CONTRACT} belongs to {DESIGNER}, and the commit is {BACKEND}'s.\n" + WAY,
        "",
    )


def test_a_commit_may_name_several_agents(work: Work) -> None:
    make(work, by(BACKEND, DESIGNER), "backend/main.py", CONTRACT)
    assert commits(work).code == 0
    name = make(work, by(BACKEND, DESIGNER), "README.md")
    whose = f"the commit is {BACKEND} and {DESIGNER}'s"
    assert commits(work).stdout.startswith(f"{name}: README.md belongs to human, and {whose}.\n")


@pytest.mark.parametrize("agent", ["human", "backend", "Backend-developer"])
def test_an_agent_that_is_not_in_the_team_is_a_fault(work: Work, agent: str) -> None:
    name = make(work, by(agent))
    assert commits(work) == (1, f"{name}: {agent} is no agent of the team.\n{WAY}", "")


NO_TRAILER = [
    "A change of a person's",
    f"Agent: {BACKEND}\n\nis only said in the text",
    f"A change\n\nIt was\nAgent: {BACKEND}\nwho asked\n\nReviewed-by: x",
    f"A change\n\nAgents: {BACKEND}",
]


@pytest.mark.parametrize("message", NO_TRAILER)
def test_without_the_trailer_it_is_a_persons(work: Work, message: str) -> None:
    make(work, message, CONTRACT, "README.md", "team/x")
    assert commits(work) == (0, WELL, "")


@pytest.mark.parametrize(
    "message",
    [
        f"A change\n\nAgent: {BACKEND}\nCo-authored-by: x <x@x>",
        f"A change\n\nagent:   {BACKEND}  \n\n",
        f"A change\n\n---\n\nAgent: {BACKEND}",
    ],
)
def test_the_trailer_among_others(work: Work, message: str) -> None:
    make(work, message, CONTRACT)
    assert commits(work).code == 1


def test_a_name_that_is_left_counts_as_well(work: Work) -> None:
    git(work.root, "mv", CONTRACT, "backend/openapi.yaml")
    make(work, by(BACKEND))
    assert f"{CONTRACT} belongs to {DESIGNER}" in commits(work).stdout


def test_a_file_that_goes_counts_as_well(work: Work) -> None:
    git(work.root, "rm", "--quiet", CONTRACT)
    make(work, by(BACKEND))
    assert f"{CONTRACT} belongs to {DESIGNER}" in commits(work).stdout


def test_each_commit_is_for_itself(work: Work) -> None:
    make(work, "Mine", CONTRACT, "README.md")
    make(work, by(DESIGNER), CONTRACT)
    name = make(work, by(BACKEND), CONTRACT)
    make(work, by(BACKEND), "backend/main.py")
    code, out, _ = commits(work, "HEAD~4..HEAD")
    assert code == 1
    assert out == f"{name}: {CONTRACT} belongs to {DESIGNER}, and the commit is {BACKEND}'s.\n{WAY}"


def test_what_is_undone_later_in_the_range_counts(work: Work) -> None:
    make(work, by(BACKEND), CONTRACT)
    git(work.root, "revert", "--no-edit", "HEAD")
    assert commits(work, "HEAD~2..HEAD").code == 1


def test_the_first_commit_counts(work: Work) -> None:
    git(work.root, "commit", "--quiet", "--amend", "--message", by(BACKEND))
    assert (
        f"README.md belongs to human, and the commit is {BACKEND}'s" in commits(work, "HEAD").stdout
    )


def test_a_merge_is_nobodys_work(work: Work) -> None:
    git(work.root, "checkout", "--quiet", "-b", "other")
    make(work, by(DESIGNER), CONTRACT)
    git(work.root, "checkout", "--quiet", "main")
    make(work, by(BACKEND), "backend/main.py")
    git(work.root, "merge", "--quiet", "--no-ff", "--message", by(BACKEND), "other")
    assert commits(work, "HEAD~1..HEAD") == (0, WELL, "")


@pytest.mark.skipif(sys.platform != "linux", reason="the names are those of Linux")
@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("docs/with space", "docs/with space"),
        ("docs/é", "docs/é"),
        ("docs/a\nb", "'docs/a\\nb'"),
        ("docs/\udcff", "'docs/\\udcff'"),
        ('docs/"x"', 'docs/"x"'),
    ],
)
def test_names_of_all_kinds(work: Work, place: str, shown: str) -> None:
    name = make(work, by(BACKEND), place)
    assert commits(work).stdout.startswith(f"{name}: {shown} belongs to {DESIGNER}, and")


def test_a_folder_of_a_repository(work: Work) -> None:
    nested(work)
    (work.root.parent / "beside").write_text("not ours\n")
    make(work, by(BACKEND), "backend/main.py")
    git(work.root.parent, "commit", "--quiet", "--all", "--message", by(BACKEND))
    assert commits(work, "HEAD~2..HEAD") == (0, WELL, "")
    name = make(work, by(BACKEND), CONTRACT)
    assert commits(work).stdout.startswith(f"{name}: {CONTRACT} belongs to {DESIGNER}")


WRONG = [
    ("--commits", "nowhere..HEAD"),
    ("--commits", "HEAD..nowhere"),
    ("--commits", "--output=x"),
    ("--message", "nowhere"),
    (),
]


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_call_is_no_answer(work: Work, words: tuple[str, ...]) -> None:
    code, out, _ = baton(work.root, "check", *words)
    assert code == 2
    assert WELL not in out
    assert not (work.root / "x").exists()


def test_without_git_or_a_repository_it_is_no_answer(work: Work, tmp_path: Path) -> None:
    assert baton(work.root, "check", "--commits", "HEAD", env={"PATH": str(tmp_path)}).code == 2
    shutil.rmtree(work.root / ".git")
    assert commits(work, "HEAD").code == 2


def test_a_broken_map_is_no_answer(work: Work) -> None:
    work.write("team/team.json", "{")
    code, out, _ = commits(work)
    assert code == 2
    assert "is no map of a team" in out


def last(work: Work, message: str, *places: str) -> tuple[str | None, str | None]:
    make(work, message, *places)
    return None, "HEAD~1..HEAD"


def first(work: Work) -> tuple[str | None, str | None]:
    git(work.root, "commit", "--amend", "--message", by(BACKEND))
    return None, "HEAD"


def moved(work: Work) -> tuple[str | None, str | None]:
    git(work.root, "mv", CONTRACT, "backend/x")
    return str(work.write("../MESSAGE", by(BACKEND))), None


GUARDS = {
    "trailers": ("if agents else []", "", lambda work: last(work, "Mine", CONTRACT)),
    "owners": (" not in agents:", " == 1:", lambda work: last(work, by(BACKEND), CONTRACT)),
    "the team": (" - team.agents", " - {*agents}", lambda work: last(work, by("nobody"))),
    "renames": (" --no-renames", "", moved),
    "the first": ('"--root", ', "", first),
}


@pytest.mark.parametrize("it", GUARDS.values(), ids=GUARDS)
def test_without_the_line_the_answer_is_another(
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    it: tuple[str, str, Callable[[Work], tuple[str | None, str | None]]],
) -> None:
    line, instead, step = it
    call = step(work)
    answer = check.run(*call, str(work.root))
    without(monkeypatch, check, line, instead)
    assert check.run(*call, str(work.root)) != answer
