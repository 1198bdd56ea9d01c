"""The weekly workflow of a project: one pull request where a newer team is out."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.render import Renderer
from tests.support.template import template
from tests.update.history import GIT, History, commit, copy, edit, git
from tests.update.workflow import Run, job

ANSWERS, CARD = ".copier-answers.yml", ".claude/agents/backend-developer.md"
LINE, BRANCH = "- Type every function.", "baton/update"
NEWS = "Your agents now type their tests."
BOT = "41898282+github-actions[bot]@users.noreply.github.com"
RUNNER = {"github.token": "secret", "github.ref_name": "main"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="GitHub runs it by bash, on Linux")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on a machine where nobody set git up."""
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def run(place: Path, render: Renderer) -> Run:
    """A project that is at the newest version of a template of which the tags alone matter."""
    git(place, "init", "--quiet", "template")
    git(place / "template", "commit", "--quiet", "--allow-empty", "--message", "v2.0.0")
    git(place / "template", "tag", "v2.0.0")
    project = shutil.copytree(render({}).root, place / "project")
    source = f"_commit: v2.0.0\n_src_path: git+file://{place}/template"
    edit(project / ANSWERS, f"_src_path: {template()}", source)
    git(project, "init", "--quiet", "--initial-branch=main")
    commit(project, "A new project")
    return cloned(place)


@pytest.fixture
def behind(place: Path) -> Run:
    """A project of version 1, and a template that is at version 2."""
    history = History(place / "template")
    history.release("v1.0.0")
    copy(history, place / "project")
    source = f"_src_path: git+file://{history.root}"
    edit(place / "project" / ANSWERS, f"_src_path: {history.root}", source)
    commit(place / "project", "The template is at an address")
    edit(history.root / "template" / f"{CARD}.jinja", LINE, "- Type all, tests too.")
    history.release("v2.0.0", NEWS)
    return cloned(place)


def cloned(place: Path) -> Run:
    """The project as the runner has it, with an origin in which a branch may come."""
    git(place, "clone", "--quiet", "--bare", "project", "origin.git")
    git(place / "project", "remote", "add", "origin", str(place / "origin.git"))
    return Run(place / "project", place / "runner", dict(RUNNER))


def named(run: Run, name: str) -> Mapping[str, Any]:
    return job(run.root / ".github/workflows/update-team.yml", name)


def both(run: Run) -> int:
    """The job that updates, and in a clone of its own the one that proposes, where it is wanted."""
    title = "steps.sync.outputs.title"
    run.known[title] = ""
    if code := run.job(named(run, "update")):
        return code
    run.known["needs.update.outputs.title"] = run.known[title]
    second = elsewhere(run)
    code = second.job(named(second, "propose")) if run.known[title] else 0
    run.said += second.said
    return code


def elsewhere(run: Run) -> Run:
    """Another machine, which has of the first what GitHub hands on."""
    place = run.root.parent
    git(place, "clone", "--quiet", "--branch=main", "origin.git", "second")
    return Run(place / "second", run.folder, run.known)


def branch(run: Run, *words: str) -> str:
    """What git says of the branch that was pushed."""
    return git(run.root.parent / "origin.git", *words).strip()


@pytest.mark.slow
def test_what_waits_for_a_person_is_in_the_branch_and_said(behind: Run) -> None:
    edit(behind.root / CARD, LINE, "- Type what is public.")
    commit(behind.root, "Our own rule")
    git(behind.root, "push", "--quiet", "origin", "main")
    before = git(behind.root, "rev-parse", "HEAD").strip()

    assert both(behind) == 0, behind.said
    title = "Update the team to v2.0.0: some of it waits for a person"
    assert branch(behind, "log", "-1", "--format=%s|%ce|%P", BRANCH) == f"{title}|{BOT}|{before}"
    card = branch(behind, "show", f"{BRANCH}:{CARD}")
    assert "<<<<<<< yours\n- Type what is public.\n" in card
    assert "- Type all, tests too.\n>>>>>>> Baton v2.0.0" in card
    assert branch(behind, "diff", "--name-only", before, BRANCH) == f"{CARD}\n{ANSWERS}"
    assert behind.calls[1].startswith(f"pr create --base main --head {BRANCH} --title {title} --b")
    assert "Settle each in this branch" in behind.text
    assert f"in conflict: {CARD}" in behind.text
    assert NEWS in behind.text
    assert "Settle what an update left in conflict" in behind.text, "the doctor's words"


@pytest.mark.slow
def test_an_update_that_needs_nobody_is_ready_to_merge(behind: Run) -> None:
    assert both(behind) == 0, behind.said
    assert branch(behind, "log", "-1", "--format=%s", BRANCH) == "Update the team to v2.0.0"
    assert "Nothing in it waits for a person." in behind.text
    assert "Type all, tests too." in branch(behind, "show", f"{BRANCH}:{CARD}")


def push(run: Run, text: str, patch: str = "") -> int:
    """The second job alone, after an update that made this text of a card."""
    git(run.root, "switch", "--quiet", "main")
    made = run.folder / "made"
    made.mkdir(parents=True, exist_ok=True)
    (made / "text").write_text("What the update said.")
    (run.root / CARD).write_text(text)
    (made / "patch").write_text(patch or git(run.root, "diff", "--binary"))
    git(run.root, "restore", CARD)
    run.known["needs.update.outputs.title"] = "Update the team"
    return run.job(named(run, "propose"))


def test_one_pull_request_is_opened_and_then_refreshed(run: Run) -> None:
    assert push(run, "Version 2.\n") == 0, run.said
    assert run.calls[-1].startswith(
        f"pr create --base main --head {BRANCH} --title Update the team"
    )
    (run.folder / "gh" / "open").write_text("7\n")
    assert push(run, "Version 3.\n") == 0, run.said
    assert run.calls[-1].startswith("pr edit 7 --title Update the team --body-file")
    assert branch(run, "show", f"{BRANCH}:{CARD}") == "Version 3."
    assert branch(run, "rev-list", "--count", f"main..{BRANCH}") == "1"


def test_what_a_person_wrote_into_the_branch_stays(run: Run) -> None:
    assert push(run, "Version 2.\n") == 0, run.said
    git(run.root, "commit", "--quiet", "--allow-empty", "--message", "Settled")
    git(run.root, "push", "--quiet", "origin", f"HEAD:{BRANCH}")
    settled, calls = branch(run, "rev-parse", BRANCH), run.calls
    assert push(run, "Version 3.\n") == 0
    assert f"::warning::{BRANCH} has a commit of a person" in run.said
    assert (branch(run, "rev-parse", BRANCH), run.calls) == (settled, calls)


def test_where_nothing_is_newer_nothing_is_asked_of_github(run: Run) -> None:
    assert both(run) == 0
    assert '"newer": false' in run.said
    assert run.calls == []


def test_where_something_is_newer_its_version_is_found(run: Run) -> None:
    git(run.root.parent / "template", "tag", "v2.1.0")
    assert run.step(named(run, "update")["steps"][2], {}) == 0
    assert run.known["steps.look.outputs.newest"] == "v2.1.0"


def test_a_template_on_one_machine_is_said_and_is_no_fault(run: Run) -> None:
    edit(run.root / ANSWERS, "_src_path: git+file://", "_src_path: ")
    assert both(run) == 0
    assert "::notice::The template is at /" in run.said
    assert run.calls == []


def test_a_template_that_is_gone_fails_the_run(run: Run) -> None:
    edit(run.root / ANSWERS, "_src_path: git+file://", "_src_path: git+file:///gone")
    assert both(run) == 1
    assert "git ls-remote failed" in run.said
    assert run.calls == []


def test_the_program_that_is_fetched_runs_where_nothing_may_be_written(run: Run) -> None:
    update, propose = named(run, "update"), named(run, "propose")
    assert update["permissions"] == {"contents": "read"}
    assert "token" not in str(update)
    assert propose["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "baton.py" not in str(propose)
    for workflow in (update, propose):
        assert workflow["steps"][0]["with"] == {"persist-credentials": False}
    handed, taken = update["steps"][-1], propose["steps"][1]
    assert handed["uses"].startswith("actions/upload-artifact@")
    assert taken["uses"].startswith("actions/download-artifact@")
    assert {key: handed["with"][key] for key in taken["with"]} == taken["with"]
    assert (propose["needs"], propose["if"]) == ("update", "needs.update.outputs.title")
    assert update["outputs"] == {"title": "${{ steps.sync.outputs.title }}"}


def test_a_patch_that_reaches_outside_is_refused(run: Run) -> None:
    """It comes from a job that ran what was fetched."""
    for path in (".git/hooks/pre-commit", "../outside"):
        rows = (f"diff --git a/{path} b/{path}", "new file mode 100755", "--- /dev/null")
        text = "\n".join([*rows, f"+++ b/{path}", "@@ -0,0 +1 @@", "+exit 1", ""])
        assert push(run, "Version 2.\n", text) != 0
        assert "invalid path" in run.said
    assert not any("pr create" in call for call in run.calls)
    assert branch(run, "branch", "--list", BRANCH) == ""
