"""What the skills show works: a machine follows them to the letter, and the project stays green."""

import hashlib
import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from tests.skills.postgres import postgres
from tests.skills.skill_code import (
    SkillError,
    changed,
    commands,
    follow,
    merged,
    modules,
    shown,
)
from tests.support.backend import Backend
from tests.support.render import Renderer, copy
from tests.support.tables import Answers

LAYERS = ("sqlalchemy", "supabase")
MIGRATION, ENDPOINT = "add-migration/SKILL.md", "add-endpoint/example.md"
STREAM, IDIOM = "stream-events/example.md", "python-idiom/SKILL.md"
SKILLS = (MIGRATION, "add-endpoint/SKILL.md", "stream-events/SKILL.md")
GREEN = {layer: {"data_layer": layer, "sse": True, "tdd": "strict"} for layer in LAYERS}
OTHERS = [
    {"data_layer": layer, "sse": sse, "tdd": tdd}
    for layer, (sse, tdd) in product(LAYERS, [(True, "critical"), (False, "on-request")])
]


def followed(answers: Answers, root: Path) -> Backend:
    """A project in which the skills were followed."""
    copy(answers, root)
    stream = [STREAM] if answers["sse"] else []
    follow(root, MIGRATION, ENDPOINT, *stream)
    return Backend(root)


def stays_green(answers: Answers, root: Path, *checks: str) -> Backend:
    """Runs what the skills tell to run, in their order; only migrating needs an address."""
    backend = followed(answers, root)
    steps = list(commands(root, MIGRATION))
    assert bool(steps) is (answers["data_layer"] == "sqlalchemy")
    if steps:
        with postgres(backend) as address:
            migrating = Backend(root, {"DATABASE_URL": address})
            for step in [*steps, ["uv", "run", "alembic", "check"]]:
                assert not migrating.run(*step)
    assert not backend.run("uv", "run", "fix")
    for check in checks:
        assert not backend.run("uv", "run", *check.split())
    return backend


@pytest.mark.slow
@pytest.mark.parametrize(
    "answers", [*GREEN.values(), *OTHERS], ids=lambda answers: "-".join(map(str, answers.values()))
)
def test_the_skills_lead_to_a_project_that_passes_every_check(
    answers: Answers, tmp_path: Path
) -> None:
    stays_green(answers, tmp_path / "made", "check")


# Each kind of fault that a block could have, and the check of a green project that finds it.
BROKEN: Mapping[str, tuple[str, str, str, str]] = {
    "a type": (
        "backend/app/notes/service.py",
        '        if note is None:\n            raise NotFoundError("You have no such note.")\n',
        "",
        "mypy",
    ),
    "an import": (
        "backend/app/notes/ports.py",
        "import Protocol",
        "import Any, Protocol",
        "ruff check",
    ),
    "a limit": (
        "backend/app/notes/schemas.py",
        "max_length=120",
        "max_length=119",
        "pytest tests/test_contract.py",
    ),
    "an owner": (
        "backend/app/adapters/sqlalchemy/notes.py",
        "NoteRow.id == note_id, NoteRow.owner_id == owner_id",
        "NoteRow.id == note_id",
        "pytest tests/notes",
    ),
    "a stand-in": (
        "backend/tests/notes/fakes.py",
        "note if note and note.owner_id == owner_id else None",
        "note",
        "pytest tests/notes",
    ),
    "a kind": (
        "backend/migrations/versions/2026_01_31_b2c3d4e5f6a7_record_notes.py",
        "record_change('note')",
        "record_change('item')",
        "pytest tests/notes",
    ),
    "an event": (
        "backend/app/events/messages.py",
        ', "note": NoteResponse',
        "",
        "pytest tests/test_contract.py",
    ),
    "a column": (
        "backend/migrations/versions/2026_01_31_a1b2c3d4e5f6_add_notes.py",
        'sa.Column("text", sa.Text(), nullable=False)',
        'sa.Column("text", sa.Text(), nullable=True)',
        "pytest tests/adapters/sqlalchemy",
    ),
    "a document": (
        "docs/database/README.md",
        "| `title` | `TEXT` |",
        "| `title` | `UUID` |",
        "pytest tests/adapters/sqlalchemy",
    ),
}


POLICY = "create policy notes_{0} on public.notes for {0} to authenticated\n    {1} ({2})"
RULE = "owner_id = (select auth.uid())"
NOTES_SQL = "supabase/migrations/20260131140500_add_notes.sql"
# The same of the layer in which the database decides who reaches what.
UNPROTECTED: Mapping[str, tuple[str, str, str, str]] = {
    **{
        f"a policy for {what}": (
            NOTES_SQL,
            POLICY.format(what, how, RULE),
            POLICY.format(what, how, "true"),
            "pytest tests/adapters/supabase/test_policies.py",
        )
        for what, how in (("select", "using"), ("insert", "with check"), ("delete", "using"))
    },
    "a grant": (
        NOTES_SQL,
        "revoke all on table public.notes from anon, authenticated;",
        "",
        "pytest tests/adapters/supabase/test_policies.py",
    ),
    "an owner": (
        "backend/app/adapters/supabase/notes.py",
        '.eq("id", note_id).eq("owner_id", owner_id)',
        '.eq("id", note_id)',
        "pytest tests/notes",
    ),
    "a document": (
        "docs/database/README.md",
        "- Policy `notes_delete`: delete by `authenticated`, using `owner_id = auth.uid()`.\n",
        "",
        "pytest tests/adapters/supabase",
    ),
}


@pytest.mark.parametrize(("layer", "broken"), [("sqlalchemy", BROKEN), ("supabase", UNPROTECTED)])
def test_the_skills_lead_to_a_green_project_in_which_a_broken_block_is_found(
    layer: str, broken: Mapping[str, tuple[str, str, str, str]], tmp_path: Path
) -> None:
    """Green but for what takes long, which the slow tests run: `check` has that too."""
    root = tmp_path / "made"
    backend = stays_green(GREEN[layer], root, "ruff check", "mypy", "pytest")
    for name, (path, right, wrong, check) in broken.items():
        file = root / path
        text = file.read_text("utf-8")
        assert text.count(right) == 1, name
        file.write_text(text.replace(right, wrong), "utf-8")
        assert backend.run("uv", "run", *check.split()), f"{name}: {check} found nothing"
        file.write_text(text, "utf-8")


def test_good_python_passes_and_bad_python_does_not(tmp_path: Path) -> None:
    root = tmp_path / "made"
    copy({}, root)
    backend = Backend(root)
    found = modules(root, IDIOM)
    assert len(found) == 9
    for number, (name, text) in enumerate(found.items()):
        file = root / "backend" / f"idiom_{number}.py"
        file.write_text(text, "utf-8")
        assert not backend.run("uv", "run", "ruff", "check", "--select", "I", "--fix", file.name)
        assert not backend.run("uv", "run", "ruff", "format", file.name)
        checks = (["ruff", "check", file.name], ["mypy", file.name], ["python", file.name])
        faults = [fault for check in checks if (fault := backend.run("uv", "run", *check))]
        assert bool(faults) is name.startswith("# bad"), (name, faults)
        file.unlink()


@pytest.mark.parametrize("skill", ["test-first/SKILL.md", "slow-query/SKILL.md"])
def test_the_commands_that_are_shown_run(skill: str, tmp_path: Path) -> None:
    root = tmp_path / "made"
    copy({}, root)
    lines = [" ".join(command).removeprefix("cd backend && ") for command in commands(root, skill)]
    assert lines
    for line in lines:
        assert not Backend(root).run(*line.split())


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a Unix shell")
def test_a_handoff_is_begun_and_checked_as_the_skill_says(tmp_path: Path) -> None:
    root = tmp_path / "made"
    copy({}, root)
    (root / "tasks" / "search").mkdir()
    (root / "tasks" / "search" / "README.md").write_text("# Search\n", "utf-8")
    [block, _] = [block for block in shown(root, "handoff/SKILL.md") if block.language == "sh"]
    text = block.text.replace("<feature>", "search").replace("<agent>", "backend-developer")
    begin, check = text.strip().splitlines()
    (root / "backend").rename(root / "elsewhere")
    (root / "backend").symlink_to(root)  # it is said to run at the root
    assert not Backend(root).run(*begin.split())
    made = (root / "handoff" / "backend-developer" / "search.md").read_text("utf-8")
    known = hashlib.sha256((root / "tasks" / "search" / "README.md").read_bytes()).hexdigest()
    assert f"  tasks/search/README.md: {known}\n" in made
    said = Backend(root).run(*check.split())
    assert "the words of the form are still in «API contract»" in said


@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_is_to_be_followed_where_the_code_is_somebody_elses(
    layer: str, render: Renderer
) -> None:
    made = render({"stack": "existing", "data_layer": layer, "sse": True})
    assert not list(made.root.rglob("example.md"))
    for skill in SKILLS:
        assert [block.path for block in shown(made.root, skill) if block.path] == []


def test_a_diff_finds_its_place() -> None:
    old = '"""Doc."""\n\nimport re\n\n\ndef one() -> int:\n    return 1\n'
    diff = "+import ast\n+\n+TWO = 2\n def one() -> int:\n-    return 1\n+    return 2\n"

    assert changed(old, diff) == (
        '"""Doc."""\n\nimport re\nimport ast\n\n\ndef one() -> int:\n    return 2\n\nTWO = 2\n'
    )


@pytest.mark.parametrize("line", [" return 1", " x", "-    return 2"])
def test_a_diff_that_fits_nowhere_or_twice_is_refused(line: str) -> None:
    with pytest.raises(SkillError):
        changed("x\n    return 1\nx\n", f"{line}\n+    return 2\n")


def test_a_block_that_contradicts_what_is_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SkillError):
        merged("a: {b: 1}", "a: {b: 2}")
    copy({}, tmp_path / "made")
    follow(tmp_path / "made", MIGRATION)
    with pytest.raises(SkillError, match="is there already"):
        follow(tmp_path / "made", MIGRATION)
