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
from tests.update.history import git
from tests.update.renders import Rendered
from tests.update.state import State, relative
from tests.update.worked import CARD, NEW, SPLIT

CUT = Path(__file__).with_name("cut.py")
MOMENTS = 30

pytestmark = [
    pytest.mark.usefixtures("quick"),
    pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals"),
]


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


def settled(worked: Path, before: State, whole: State, *, abort: bool) -> None:
    """After the next start all is as it was, or the update is complete."""
    if not (worked / ".baton" / "sync").exists():
        assert relative(worked) == before
    elif abort:
        answer = baton(worked, "sync", "--abort")
        assert answer.code == 0, answer.stderr
        assert relative(worked) == before
    else:
        done = (worked / ".baton" / "sync" / "done").exists()
        assert undo.main([str(worked)]) == 0
        assert relative(worked) == (whole if done else before)
        assert undo.main([str(worked), "--abort"]) == 0
        assert relative(worked) == before
    assert not (worked / ".baton" / "kept").exists()


def test_the_update_takes_many_steps(steps: tuple[int, State]) -> None:
    assert steps[0] > 3 * MOMENTS


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_a_moment(worked: Path, plan: Path, steps: tuple[int, State], seed: int) -> None:
    """Again and again in the same worked, which each start leaves as it was, or complete."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    moments = rng.sample(range(1, steps[0] + 1), MOMENTS // 3)
    killed_at(moments, worked, plan, steps[1])


@pytest.mark.slow
def test_killed_at_any_moment(worked: Path, plan: Path, steps: tuple[int, State]) -> None:
    killed_at(range(1, steps[0] + 1), worked, plan, steps[1])


def killed_at(moments: Iterable[int], worked: Path, plan: Path, whole: State) -> None:
    before = relative(worked)
    for moment in moments:
        assert cut(worked, "apply", plan, moment).returncode == -signal.SIGKILL
        settled(worked, before, whole, abort=moment % 4 == 0)


def half_way(worked: Path, plan: Path, most: int) -> None:
    """Kills an update when most of it is written."""
    assert cut(worked, "apply", plan, most - 12).returncode == -signal.SIGKILL
    assert (worked / NEW).exists()
    assert "v4.0.0" not in (worked / CARD).read_text("utf-8")


@pytest.mark.parametrize("moment", [1, 2, 5, 11, 23, 47])
def test_killed_while_it_is_taken_back(
    worked: Path, plan: Path, steps: tuple[int, State], moment: int
) -> None:
    before = relative(worked)
    half_way(worked, plan, steps[0])
    assert cut(worked, "undo", plan, moment).returncode == -signal.SIGKILL
    settled(worked, before, steps[1], abort=False)
    assert undo.main([str(worked)]) == 0
    assert relative(worked) == before


def test_killed_while_a_complete_update_is_forgotten(
    worked: Path, plan: Path, steps: tuple[int, State]
) -> None:
    """Which the next one does: a complete one is never taken back for that."""
    assert cut(worked, "apply", plan, 0).returncode == 0
    kept = shutil.copytree(worked / ".baton", worked.parent / "kept")
    for moment in range(1, 21):
        assert cut(worked, "drop", plan, moment).returncode == -signal.SIGKILL
        left = [*(worked / ".baton" / "sync").rglob("*")]
        assert len(left) in (0, len([*(kept / "sync").rglob("*")]))
        assert undo.main([str(worked)]) == 0
        assert relative(worked) == steps[1]
        shutil.rmtree(worked / ".baton")
        shutil.copytree(kept, worked / ".baton")


@pytest.mark.parametrize("moment", [1, 20, 60, 100, 130, 160])
def test_where_the_disk_is_full_all_is_taken_back_at_once(
    worked: Path, plan: Path, steps: tuple[int, State], moment: int
) -> None:
    before = relative(worked)
    assert moment < steps[0]
    done = cut(worked, "apply", plan, moment, "full")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert relative(worked) == before
    assert not (worked / ".baton" / "sync").exists()
    assert not (worked / ".baton" / "sync.making").exists()


def test_a_full_disk_is_said(
    worked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, write = relative(worked), apply.write
    written: list[str] = []

    def until_full(root: Path, folder: Path, change: Change) -> None:
        if len(written) == 10:
            raise OSError(28, "No space left on device")
        written.append(change.path)
        write(root, folder, change)

    monkeypatch.setattr(apply, "write", until_full)
    assert command.main([str(worked), "v4.0.0"]) == 1
    said = capsys.readouterr().err
    assert said == "baton: [Errno 28] No space left on device. Nothing was changed.\n"
    assert relative(worked) == before


def test_what_is_written_since_is_kept(
    worked: Path, plan: Path, steps: tuple[int, State], capsys: pytest.CaptureFixture[str]
) -> None:
    before = relative(worked)
    for words in ("First.", "Second."):
        half_way(worked, plan, steps[0])
        for name in (CARD, NEW):
            (worked / name).write_text(words, "utf-8")
        capsys.readouterr()
        assert undo.main([str(worked)]) == 0
        assert f"{CARD} was changed since: .baton/kept/{CARD}" in capsys.readouterr().out
        assert relative(worked) == before
    kept = worked / ".baton" / "kept"
    for name in (CARD, NEW):
        assert [(kept / f"{name}{end}").read_text() for end in ("", "~")] == ["First.", "Second."]


@pytest.mark.parametrize("abort", [False, True])
def test_once_something_is_committed_nothing_is_put_back(
    worked: Path,
    plan: Path,
    steps: tuple[int, State],
    capsys: pytest.CaptureFixture[str],
    *,
    abort: bool,
) -> None:
    """What the update replaced is kept, and the next start goes on."""
    was = (worked / SPLIT).read_bytes()
    half_way(worked, plan, steps[0])
    assert (worked / SPLIT).read_bytes() != was
    (worked / CARD).write_text("Written since.", "utf-8")
    git(worked, "add", "--all")
    git(worked, "commit", "--quiet", "--message", "What there was, and more")
    before, kept = relative(worked), worked / ".baton" / "kept"
    words = ["--abort"] if abort else []
    assert undo.main([str(worked), *words]) == int(abort)
    said = capsys.readouterr().out
    assert "HEAD is another commit since" in said
    assert f"\n  .baton/kept/{SPLIT}\n" in said
    assert (kept / SPLIT).read_bytes() == was
    assert (kept / CARD).exists()
    assert relative(worked) == before
    assert not (worked / ".baton" / "sync").exists()
    assert undo.main([str(worked)]) == 0
    assert capsys.readouterr().out == ""


def test_killed_while_what_was_replaced_is_kept(
    worked: Path, plan: Path, steps: tuple[int, State]
) -> None:
    half_way(worked, plan, steps[0])
    before = old(worked / ".baton/sync/old", worked)
    git(worked, "add", "--all")
    git(worked, "commit", "--quiet", "--message", "What there was")
    now = relative(worked)
    assert cut(worked, "undo", plan, 9).returncode == -signal.SIGKILL
    assert undo.main([str(worked)]) == 0
    assert relative(worked) == now
    kept = worked / ".baton" / "kept"
    names = {path.relative_to(worked / ".baton/sync/old") for path in before}
    assert {path.relative_to(kept) for path in kept.rglob("*") if path.is_file()} == names
    assert not (worked / ".baton" / "sync").exists()


def old(folder: Path, root: Path) -> list[Path]:
    """What was laid down of files that are other ones now."""
    found = [(path, root / path.relative_to(folder)) for path in folder.rglob("*")]
    return [
        path
        for path, at in found
        if path.is_file() and not (at.is_file() and at.read_bytes() == path.read_bytes())
    ]


def test_what_changes_while_it_runs_is_not_overwritten(worked: Path, plan: Path) -> None:
    changes = pickle.loads(plan.read_bytes())  # noqa: S301 - written above
    (worked / CARD).write_text("Written at the same time.", "utf-8")
    with pytest.raises(SyncError, match="changed while the update ran"):
        apply.apply(Project(worked), changes)
    assert (worked / CARD).read_text("utf-8") == "Written at the same time."
    git(worked, "restore", CARD)
    (worked / "new.md").write_text("Written at the same time.", "utf-8")
    before = relative(worked)
    with pytest.raises(SyncError, match=r"new\.md changed while the update ran"):
        apply.apply(Project(worked), changes)
    assert relative(worked) == before


def test_only_one_update_runs(worked: Path, plan: Path, steps: tuple[int, State]) -> None:
    half_way(worked, plan, steps[0])
    before = relative(worked)
    with undo.alone(worked):
        assert cut(worked, "undo", plan, 0).returncode == 1
        assert cut(worked, "apply", plan, 0).returncode == 1
        answer = baton(worked, "sync", "--yes")
    assert (answer.code, answer.stdout) == (1, "")
    why = "baton: Another update runs in this project. Wait for it, or end it.\n"
    assert answer.stderr == why
    assert relative(worked) == before


def test_a_broken_plan_is_said(worked: Path, plan: Path, steps: tuple[int, State]) -> None:
    half_way(worked, plan, steps[0])
    (worked / ".baton/sync/plan.json").write_text("{")
    answer = baton(worked, "sync", "--yes")
    assert answer.code == 1
    assert answer.stderr.count("\n") == 1
    assert "cannot be taken back yet" in answer.stderr


def test_the_plan_names_no_link(worked: Path, plan: Path, steps: tuple[int, State]) -> None:
    """What a link leads to is put back by itself, or is nobody's business."""
    half_way(worked, plan, steps[0])
    files = json.loads((worked / ".baton/sync/plan.json").read_text())["files"]
    assert "CLAUDE.md" not in [row["path"] for row in files]
