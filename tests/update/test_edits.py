"""One update: what a person wrote stays, what the template changed comes, what is yours is left."""

import re
from pathlib import Path

import pytest

from tests.support.markdown import HEADING
from tests.update.history import GIT, History, commit, copy, edit, git, update

CARD = ".claude/agents/backend-developer.md"
NOTES = ".claude/notes/backend-developer.md"

# A person's own: changed by both sides, dropped by the template, deleted by the person.
CHANGED = "backend/app/main.py"
DROPPED = "backend/app/settings.py"
DELETED = "backend/Dockerfile"

# Each side adds a line at the top of another section of the card.
PERSON, TEMPLATE = "## Work\n\n", "## Report\n\n"
OWN_LINE = "- Ask Ines before you change how invoices are numbered.\n"
NEW_LINE = "Since version 2, name the version that you worked on.\n\n"


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """A template that has not released yet; Copier's own git is that of a bare machine too."""
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    return History(tmp_path / "template")


def sections(text: str) -> dict[str, str]:
    parts = HEADING.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def frozen(project: Path) -> dict[str, bytes]:
    """Every file that is a person's own."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for folder in ("backend", "docs", ".claude/notes")
        for path in (project / folder).rglob("*")
        if path.is_file()
    }


def first_year(history: History, project: Path) -> None:
    """Version 1 and its project, in which a person works; then version 2."""
    history.release("v1.0.0")
    copy(history, project)
    edit(project / CARD, PERSON, PERSON + OWN_LINE)
    for name in (NOTES, CHANGED, DROPPED):
        with (project / name).open("ab") as file:
            file.write(b"# A person's own line.\n")
    (project / DELETED).unlink()
    commit(project, "A year of work")

    source = history.root / "template"
    edit(source / f"{CARD}.jinja", TEMPLATE, TEMPLATE + NEW_LINE)
    (source / CHANGED).write_bytes(b"# Version 2.\n" + (source / CHANGED).read_bytes())
    (source / DROPPED).unlink()
    history.release("v2.0.0")


def test_an_update_keeps_what_a_person_wrote(history: History, tmp_path: Path) -> None:
    project = tmp_path / "project"
    first_year(history, project)
    before, card = frozen(project), sections((project / CARD).read_text("utf-8"))

    update(project)

    after = sections((project / CARD).read_text("utf-8"))
    assert after == {**card, "Report": f"\n\n{NEW_LINE}{card['Report'].lstrip()}"}
    assert OWN_LINE in after["Work"]
    assert {NOTES, CHANGED, DROPPED} <= before.keys()
    assert frozen(project) == before
    assert git(project, "status", "--porcelain").splitlines() == [
        f" M {CARD}",
        " M .copier-answers.yml",
    ]
    assert "_commit: v2.0.0" in (project / ".copier-answers.yml").read_text()


EXCLUDE = r"  - \|\n    {% if _copier_operation == 'update' %}\n.*?    {% endif %}\n"
SKIP = r"_skip_if_exists:\n(  - .*\n)+"


@pytest.mark.parametrize(
    ("protections", "lost"),
    [((EXCLUDE,), {DROPPED, DELETED}), ((EXCLUDE, SKIP), {CHANGED, DROPPED})],
    ids=["without the freeze", "and without the skip"],
)
def test_an_update_changes_what_nothing_protects(
    history: History, tmp_path: Path, protections: tuple[str, ...], lost: set[str]
) -> None:
    settings = history.root / "copier" / "settings.yml"
    for protection in protections:
        text, count = re.subn(protection, "", settings.read_text("utf-8"), flags=re.DOTALL)
        assert count == 1
        settings.write_text(text, "utf-8")
    project = tmp_path / "project"
    first_year(history, project)
    before = frozen(project)

    update(project)

    after = frozen(project)
    changed = {name for name in before | after if after.get(name) != before.get(name)}
    assert changed == lost
