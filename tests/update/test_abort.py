"""A complete update is taken back too, as long as it is not committed."""

from pathlib import Path

import pytest

import command
from tests.hooks.program import baton
from tests.update.history import commit, git
from tests.update.state import relative, unmerged
from tests.update.worked import CARD, RETIRED, SPLIT

pytestmark = pytest.mark.usefixtures("quick")


def test_a_whole_update_is_taken_back(worked: Path) -> None:
    """Also one that waits for a person, who has begun to settle it."""
    before = relative(worked)
    assert command.main([str(worked), "v4.0.0"]) == 2
    assert unmerged(worked) == [SPLIT, RETIRED]
    (worked / SPLIT).write_text("Settled.", "utf-8")
    git(worked, "add", SPLIT, CARD)
    answer = baton(worked, "sync", "--abort")
    assert answer.code == 0, answer.stderr
    assert answer.stdout.splitlines()[-1].startswith("The update is taken back")
    assert relative(worked) == before
    assert (worked / ".baton/kept" / SPLIT).read_text("utf-8") == "Settled."
    answer = baton(worked, "sync", "--abort")
    assert (answer.code, answer.stderr) == (1, "baton: There is no update to take back.\n")


def test_a_committed_update_is_not_taken_back(worked: Path) -> None:
    assert command.main([str(worked), "v4.0.0"]) == 2
    git(worked, "rm", "--quiet", "--cached", RETIRED)
    commit(worked, "Version 4")
    before = relative(worked)
    answer = baton(worked, "sync", "--abort")
    assert (answer.code, answer.stdout) == (1, "")
    assert answer.stderr == "baton: the update is committed. git revert takes it back.\n"
    assert relative(worked) == before
