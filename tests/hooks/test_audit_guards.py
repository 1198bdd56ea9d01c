"""What each line of the audit holds: with it the case ends well, and without it does not."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

import audit
import journal
import look
from tests.hooks.program import git
from tests.hooks.work import BACKEND, CONTRACT, DESIGNER, Work, all_bytes, project, without

Case = Callable[[Work], bool]


class Guard(NamedTuple):
    """A line, what stands there where it is taken out, and the case that then goes wrong."""

    program: ModuleType
    line: str
    instead: str
    case: Case


def a_spill_sends_it_back(work: Work) -> bool:
    work.start()
    work.spill()
    return bool(work.stop()[0])


def it_ends(work: Work) -> bool:
    work.start()
    work.spill()
    return not all(work.stop()[0] for _ in range(5))


def a_look_accuses_nobody(work: Work) -> bool:
    work.start()
    work.used(f"cat {CONTRACT}")
    work.write(CONTRACT)
    return not work.stop()[0]


def a_command_after_it_accuses_nobody(work: Work) -> bool:
    work.start()
    work.write(CONTRACT)
    work.used(f"python3 x.py {CONTRACT}", later=10)
    return not work.stop()[0]


def another_file_accuses_nobody(work: Work) -> bool:
    work.start()
    work.used("python3 x.py backend/docs/openapi.yaml old-openapi.yaml openapi.yaml.bak")
    work.write(CONTRACT)
    return not work.stop()[0]


def a_command_of_others_accuses_nobody(work: Work) -> bool:
    work.start()
    work.used(f"python3 x.py {CONTRACT}", BACKEND, "a2")
    work.write(CONTRACT)
    return not work.stop()[0]


def what_was_put_back_accuses_nobody(work: Work) -> bool:
    work.start()
    work.spill()
    work.stop()
    work.restore(CONTRACT)
    work.write(CONTRACT, "a person's\n")
    return not work.stop()[0]


def its_owner_side_by_side_explains_it(work: Work) -> bool:
    work.start(DESIGNER, "d1")
    work.start()
    work.write(CONTRACT)
    return work.stop() == ("", "")


def nobody_is_human(work: Work) -> bool:
    work.start()
    work.used("x", "human", "h1")
    work.write("README.md")
    return "README.md" in work.stop()[1]


def a_crash_counts_for_a_day(work: Work) -> bool:
    day_ago = time.time() - 2 * journal.DAY
    journal.note(str(work.root), "start", agent=DESIGNER, id="d1", at=day_ago)
    work.start()
    work.write(CONTRACT)
    return CONTRACT in work.stop()[1]


def a_broken_map_is_told(work: Work) -> bool:
    work.start()
    work.write("team/team.json", "{")
    try:
        return bool(work.stop()[1])
    except Exception:  # noqa: BLE001 - that is what it must not do
        return False


def no_secret_is_copied(work: Work) -> bool:
    work.write(".gitignore", "")
    work.start()
    return b"secret-one" not in all_bytes(work.root / ".baton")


def a_secret_is_seen(work: Work) -> bool:
    work.start()
    work.write(".env", "KEY=2\n")
    return ".env" in work.stop()[1]


def a_hook_of_git_is_seen(work: Work) -> bool:
    work.start()
    work.write(".git/hooks/pre-push")
    return "pre-push" in work.stop()[1]


def bytes_stay_bytes(work: Work) -> bool:
    work.write(".gitattributes", "* text\n")
    work.write(CONTRACT, b"a\r\n")
    work.start()
    work.spill()
    work.stop()
    work.restore(CONTRACT)
    return (work.root / CONTRACT).read_bytes() == b"a\r\n"


def a_repository_without_a_commit_is_no_fault(work: Work) -> bool:
    git(work.root, "init", "vendor/empty")
    return _starts(work)


def _starts(work: Work) -> bool:
    try:
        work.start()
    except OSError:
        return False
    return True


def no_repository_is_no_fault(work: Work) -> bool:
    shutil.rmtree(work.root / ".git")
    return _starts(work)


def a_worktree_is_seen(work: Work) -> bool:
    other = work.root.parent / "other"
    git(work.root, "worktree", "add", str(other))
    work.start()
    (other / CONTRACT).write_text("changed\n")
    return CONTRACT in work.stop()[1]


def worktrees_may_go(work: Work) -> bool:
    other = work.root.parent / "other"
    git(work.root, "worktree", "add", str(other))
    work.start()
    git(work.root, "worktree", "remove", str(other))
    return work.stop() == ("", "")


def commits_in_a_repository_inside_are_its_own(work: Work) -> bool:
    inner = work.root / "vendor" / "full"
    git(work.root, "init", str(inner))
    git(inner, "commit", "--allow-empty", "-m", "one")
    work.start()
    git(inner, "commit", "--allow-empty", "-m", "two")
    return work.stop() == ("", "")


def nothing_that_was_there_is_lost(work: Work) -> bool:
    work.start()
    work.spill(text="changed to this\n")
    work.stop()
    try:
        work.restore(CONTRACT)
    except OSError:
        return False
    return b"changed to this" in b"".join(
        path.read_bytes() for path in (work.root / ".baton").glob("kept/*/*")
    )


def a_persons_change_stays(work: Work) -> bool:
    work.start()
    work.write(CONTRACT, "a person's\n")
    work.stop()
    try:
        work.restore(CONTRACT)
    except LookupError:
        return True
    return False


def a_name_is_no_pattern(work: Work) -> bool:
    name = ":(top)README.md"
    work.write(name, "as it was\n")
    work.start()
    work.used(f"python3 x.py '{name}'")
    work.write(name)
    work.write("README.md", "a person's\n")
    work.stop()
    work.restore(name)
    return (work.root / "README.md").read_text() == "a person's\n"


def a_line_that_was_cut_off_hides_no_other(work: Work) -> bool:
    work.start()
    with Path(journal.folder(str(work.root)), "log.jsonl").open("a") as log:
        log.write('{"at": 1.5, "event": "us')
    work.spill()
    return bool(work.stop()[0])


GUARDS = {
    "the command": Guard(audit, "path.endswith(ends) and", "False and", a_spill_sends_it_back),
    "the bound": Guard(audit, 'rounds["blocked"] < MOST', 'rounds["blocked"] < 9', it_ends),
    "looks": Guard(audit, " and not LOOKS.match(part)", "", a_look_accuses_nobody),
    "the time": Guard(audit, ' and event["at"] < changed', "", a_command_after_it_accuses_nobody),
    "the path": Guard(audit, "path.endswith(ends)", "ends", another_file_accuses_nobody),
    "its end": Guard(audit, r"(?!\.?[\w-])", "", another_file_accuses_nobody),
    "whose": Guard(
        audit, ' if event["id"] == number else None', "", a_command_of_others_accuses_nobody
    ),
    "put back": Guard(
        audit, '("restored", "requested")', '("requested",)', what_was_put_back_accuses_nobody
    ),
    "who runs": Guard(
        audit, "journal.running(events[: looks[-1]])", "set()", its_owner_side_by_side_explains_it
    ),
    "the team": Guard(audit, "in ran & team.agents", "in ran", nobody_is_human),
    "a day": Guard(journal, ' and e["at"] > late', "", a_crash_counts_for_a_day),
    "faults": Guard(
        audit, "except Exception as error:", "except KeyError as error:", a_broken_map_is_told
    ),
    "secrets": Guard(look, 'BESIDE = [".env", ', "BESIDE = [", no_secret_is_copied),
    "hashes": Guard(look, "    seen.update(zip(files, hashes))\n", "", a_secret_is_seen),
    "git's own": Guard(look, 'os.path.join(top, "hooks", "*")', '"-"', a_hook_of_git_is_seen),
    "attributes": Guard(look, "* -text -filter", "* -filter", bytes_stay_bytes),
    "no commit": Guard(look, "*ADD, most=1", "*ADD", a_repository_without_a_commit_is_no_fault),
    "no repository": Guard(
        look, '"--git-common-dir", most=128', '"--git-common-dir"', no_repository_is_no_fault
    ),
    "worktrees": Guard(audit, "[*zones.worktrees(real), real]", "[real]", a_worktree_is_seen),
    "worktrees that go": Guard(look, " and path[-1] != os.sep", "", worktrees_may_go),
    "repositories inside": Guard(
        look, " --ignore-submodules=all", "", commits_in_a_repository_inside_are_its_own
    ),
    "kept": Guard(audit, "shutil.move(at, kept)", "pass", nothing_that_was_there_is_lost),
    "proven": Guard(audit, ' and event["proven"]:', ":", a_persons_change_stays),
    "patterns": Guard(audit, '"--literal-pathspecs", ', "", a_name_is_no_pattern),
    "cut off": Guard(
        journal,
        """line[line.rindex('{"at": ') :]""",
        "line",
        a_line_that_was_cut_off_hides_no_other,
    ),
}


@pytest.mark.parametrize("it", GUARDS.values(), ids=GUARDS)
def test_with_it_the_case_ends_well_and_without_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, it: Guard
) -> None:
    assert it.case(project(tmp_path / "with"))
    without(monkeypatch, it.program, it.line, it.instead)
    assert not it.case(project(tmp_path / "without"))
