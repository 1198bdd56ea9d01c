"""An update that is cut off, at whatever moment, is taken back at the next start."""

import json
import pickle
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import apply
import command
import undo
import update
from decide import Change
from project import Project, SyncError
from tests.hooks.program import PYTHON, baton
from tests.update.history import commit, edit, git
from tests.update.renders import Rendered
from tests.update.state import State, relative, unmerged

CUT = Path(__file__).with_name("cut.py")
CARD = ".claude/agents/backend-developer.md"
SPLIT = ".claude/agents/architect.md"
NEW = ".claude/agents/security-engineer.md"
RETIRED = ".claude/agents/ui-ux-designer.md"
MOMENTS = 30

pytestmark = [
    pytest.mark.usefixtures("quick"),
    pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals"),
]


@pytest.fixture(scope="module")
def edited(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which a person has worked, so that an update does a bit of everything."""
    root = shutil.copytree(made, tmp_path_factory.mktemp("edited") / "project")
    edit(root / CARD, "## Work\n", "## Work\n\n- Ask Ines about invoices.\n")
    card = (root / SPLIT).read_text("utf-8").splitlines()
    report = card.index("## Report")
    card[report + 2] = f"A person's words. {card[report + 2]}"
    (root / SPLIT).write_text("\n".join([*card, ""]), "utf-8")
    with (root / RETIRED).open("a", encoding="utf-8") as file:
        file.write("\nAsk Jo for the colours.\n")
    (root / ".claude/agents/code-reviewer.md").unlink()
    (root / "CLAUDE.md").unlink()
    (root / "CLAUDE.md").symlink_to("AGENTS.md")
    commit(root, "A year of work")
    git(root, "repack", "-adq")
    return root


@pytest.fixture
def project(edited: Path, tmp_path: Path) -> Path:
    return shutil.copytree(edited, tmp_path / "project", symlinks=True)


def planned(root: Path) -> list[Change]:
    """What an update to version 4 does."""
    found = Project(root)
    old = Rendered(root, found.answers).files()
    return update.decided(found, old, Rendered(root, found.answers, "v4.0.0").files(), "v4.0.0")


@pytest.fixture(scope="module")
def plan(edited: Path, tmp_path_factory: pytest.TempPathFactory, history: Path) -> Path:
    """The same, written down for a process that makes it."""
    path = tmp_path_factory.mktemp("plan") / "plan"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rendered, "source", history, raising=False)
        patch.setattr("renders.TEMPLATE", history)
        changes = planned(edited)
    kinds = {change.kind for change in changes}
    assert kinds >= {"added", "updated", "merged with your edits", "removed", "kept", "in conflict"}
    path.write_bytes(pickle.dumps(changes))
    return path


def cut(
    root: Path, what: str, plan: Path, moment: int, how: str = "kill"
) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [PYTHON, CUT, root, what, plan, str(moment), how]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def steps(edited: Path, plan: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, State]:
    """How many steps the update takes, and what it comes to."""
    root = shutil.copytree(edited, tmp_path_factory.mktemp("whole") / "project", symlinks=True)
    done = cut(root, "apply", plan, 0)
    assert done.returncode == 0, done.stderr
    return int(done.stdout), relative(root)


def settled(project: Path, before: State, whole: State, *, abort: bool) -> None:
    """After the next start all is as it was, or the update is complete."""
    if not (project / ".baton" / "sync").exists():
        assert relative(project) == before
    elif abort:
        answer = baton(project, "sync", "--abort")
        assert answer.code == 0, answer.stderr
        assert relative(project) == before
    else:
        done = (project / ".baton" / "sync" / "done").exists()
        assert undo.main([str(project)]) == 0
        assert relative(project) == (whole if done else before)
        assert undo.main([str(project), "--abort"]) == 0
        assert relative(project) == before
    assert not (project / ".baton" / "kept").exists()


def test_the_update_takes_many_steps(steps: tuple[int, State]) -> None:
    assert steps[0] > 3 * MOMENTS


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_a_moment(project: Path, plan: Path, steps: tuple[int, State], seed: int) -> None:
    """Again and again in the same project, which each start leaves as it was, or complete."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    moments = rng.sample(range(1, steps[0] + 1), MOMENTS // 3)
    killed_at(moments, project, plan, steps[1])


@pytest.mark.slow
def test_killed_at_any_moment(project: Path, plan: Path, steps: tuple[int, State]) -> None:
    killed_at(range(1, steps[0] + 1), project, plan, steps[1])


def killed_at(moments: Iterable[int], project: Path, plan: Path, whole: State) -> None:
    before = relative(project)
    for moment in moments:
        assert cut(project, "apply", plan, moment).returncode == -signal.SIGKILL
        settled(project, before, whole, abort=moment % 4 == 0)


def half_way(project: Path, plan: Path, most: int) -> None:
    """Kills an update when most of it is written."""
    assert cut(project, "apply", plan, most - 12).returncode == -signal.SIGKILL
    assert (project / NEW).exists()
    assert "v4.0.0" not in (project / CARD).read_text("utf-8")


@pytest.mark.parametrize("moment", [1, 2, 5, 11, 23, 47])
def test_killed_while_it_is_taken_back(
    project: Path, plan: Path, steps: tuple[int, State], moment: int
) -> None:
    before = relative(project)
    half_way(project, plan, steps[0])
    assert cut(project, "undo", plan, moment).returncode == -signal.SIGKILL
    settled(project, before, steps[1], abort=False)
    assert undo.main([str(project)]) == 0
    assert relative(project) == before


def test_killed_while_a_complete_update_is_forgotten(
    project: Path, plan: Path, steps: tuple[int, State]
) -> None:
    """Which the next one does: a complete one is never taken back for that."""
    assert cut(project, "apply", plan, 0).returncode == 0
    kept = shutil.copytree(project / ".baton", project.parent / "kept")
    for moment in range(1, 21):
        assert cut(project, "drop", plan, moment).returncode == -signal.SIGKILL
        left = [*(project / ".baton" / "sync").rglob("*")]
        assert len(left) in (0, len([*(kept / "sync").rglob("*")]))
        assert undo.main([str(project)]) == 0
        assert relative(project) == steps[1]
        shutil.rmtree(project / ".baton")
        shutil.copytree(kept, project / ".baton")


@pytest.mark.parametrize("moment", [1, 20, 60, 100, 130, 160])
def test_where_the_disk_is_full_all_is_taken_back_at_once(
    project: Path, plan: Path, steps: tuple[int, State], moment: int
) -> None:
    before = relative(project)
    assert moment < steps[0]
    done = cut(project, "apply", plan, moment, "full")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert relative(project) == before
    assert not (project / ".baton" / "sync").exists()
    assert not (project / ".baton" / "sync.making").exists()


def test_a_full_disk_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, write = relative(project), apply.write
    written: list[str] = []

    def until_full(root: Path, folder: Path, change: Change) -> None:
        if len(written) == 10:
            raise OSError(28, "No space left on device")
        written.append(change.path)
        write(root, folder, change)

    monkeypatch.setattr(apply, "write", until_full)
    assert command.main([str(project), "v4.0.0"]) == 1
    said = capsys.readouterr().err
    assert said == "baton: [Errno 28] No space left on device. Nothing was changed.\n"
    assert relative(project) == before


def test_what_is_written_since_is_kept(
    project: Path, plan: Path, steps: tuple[int, State], capsys: pytest.CaptureFixture[str]
) -> None:
    before = relative(project)
    for words in ("First.", "Second."):
        half_way(project, plan, steps[0])
        for name in (CARD, NEW):
            (project / name).write_text(words, "utf-8")
        capsys.readouterr()
        assert undo.main([str(project)]) == 0
        assert f"{CARD} was changed since: .baton/kept/{CARD}" in capsys.readouterr().out
        assert relative(project) == before
    kept = project / ".baton" / "kept"
    for name in (CARD, NEW):
        assert [(kept / f"{name}{end}").read_text() for end in ("", "~")] == ["First.", "Second."]


def test_what_changes_while_it_runs_is_not_overwritten(project: Path, plan: Path) -> None:
    changes = pickle.loads(plan.read_bytes())  # noqa: S301 - written above
    (project / CARD).write_text("Written at the same time.", "utf-8")
    with pytest.raises(SyncError, match="changed while the update ran"):
        apply.apply(Project(project), changes)
    assert (project / CARD).read_text("utf-8") == "Written at the same time."
    git(project, "restore", CARD)
    (project / "new.md").write_text("Written at the same time.", "utf-8")
    before = relative(project)
    with pytest.raises(SyncError, match=r"new\.md changed while the update ran"):
        apply.apply(Project(project), changes)
    assert relative(project) == before


def test_only_one_update_runs(project: Path, plan: Path, steps: tuple[int, State]) -> None:
    half_way(project, plan, steps[0])
    before = relative(project)
    with undo.alone(project):
        assert cut(project, "undo", plan, 0).returncode == 1
        assert cut(project, "apply", plan, 0).returncode == 1
        answer = baton(project, "sync", "--yes")
    assert (answer.code, answer.stdout) == (1, "")
    why = "baton: Another update runs in this project. Wait for it, or end it.\n"
    assert answer.stderr == why
    assert relative(project) == before


def test_a_whole_update_is_taken_back(project: Path) -> None:
    """Also one that waits for a person, who has begun to settle it."""
    before = relative(project)
    assert command.main([str(project), "v4.0.0"]) == 2
    assert unmerged(project) == [SPLIT, RETIRED]
    (project / SPLIT).write_text("Settled.", "utf-8")
    git(project, "add", SPLIT, CARD)
    answer = baton(project, "sync", "--abort")
    assert answer.code == 0, answer.stderr
    assert answer.stdout.splitlines()[-1].startswith("The update is taken back")
    assert relative(project) == before
    assert (project / ".baton/kept" / SPLIT).read_text("utf-8") == "Settled."
    answer = baton(project, "sync", "--abort")
    assert (answer.code, answer.stderr) == (1, "baton: There is no update to take back.\n")


def test_a_committed_update_is_not_taken_back(project: Path) -> None:
    assert command.main([str(project), "v4.0.0"]) == 2
    git(project, "rm", "--quiet", "--cached", RETIRED)
    commit(project, "Version 4")
    before = relative(project)
    answer = baton(project, "sync", "--abort")
    assert (answer.code, answer.stdout) == (1, "")
    assert answer.stderr == "baton: the update is committed. git revert takes it back.\n"
    assert relative(project) == before


def test_a_broken_plan_is_said(project: Path, plan: Path, steps: tuple[int, State]) -> None:
    half_way(project, plan, steps[0])
    (project / ".baton/sync/plan.json").write_text("{")
    answer = baton(project, "sync", "--yes")
    assert answer.code == 1
    assert answer.stderr.count("\n") == 1
    assert "cannot be taken back yet" in answer.stderr


def test_the_plan_names_no_link(project: Path, plan: Path, steps: tuple[int, State]) -> None:
    """What a link leads to is put back by itself, or is nobody's business."""
    half_way(project, plan, steps[0])
    files = json.loads((project / ".baton/sync/plan.json").read_text())["files"]
    assert "CLAUDE.md" not in [row["path"] for row in files]
