"""Each line that protects: with it a call is refused, and without it the call goes on."""

from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

import pytest

from tests.hooks.program import bash, baton, call, repository, told

Told = Callable[[Path], bytes]


def write(path: str, agent: str = "backend-developer") -> Told:
    return lambda root: call(root / path, agent)


def shell(command: str) -> Told:
    return lambda root: bash(command, cwd=root)


FAR = 'Answer(f"{real} is outside the repository, so {agent} may not write it.")'
UNKNOWN = 'Answer(f"nothing says what {tool} writes, so {agent} may not use it.")'
ALL = "BaseException as fault:  # noqa: BLE001 - see"
NEAR = f"{gettempdir()}-not/x"
NAMES = "touch backend/{" + ",".join(map(str, range(1100))) + "}"
# A line that protects, what is left without it, and a call that nothing else stops.
PROTECTIONS: dict[str, tuple[str, str, str, Told]] = {
    "owner": ("guard.py", "team.owner(place) != agent", "False", write("docs/x")),
    "beneath": ("guard.py", "team.beneath(place, agent)", "''", shell("rm -r backend")),
    "team": ("guard.py", "not in team.agents:", "== 0:", write("../x", "general-purpose")),
    "tools": ("guard.py", UNKNOWN, "Answer()", lambda _: told("Scribble", {})),
    "outside": ("guard.py", FAR, "Answer()", write("/elsewhere/x")),
    "above": ("guard.py", "zones.within(root, real)", "False", shell("rm -r ..")),
    "length": ("guard.py", "len(path) > LONGEST", "False", write("backend/" * 600)),
    "loop": ("guard.py", "zones.loops(os.path.realpath(path))", "False", write("backend/loop/x")),
    "number": ("guard.py", "len(targets) == MOST", "False", shell(NAMES)),
    "unread": ("guard.py", '{why}." if agent', '{why}." if 0', shell("rm $what")),
    "last row": ("zones.py", "in reversed(rows)", "in rows[1:]", write("backend/.env")),
    "spelling": ("zones.py", "last(self.folded, fold(place))", "owner", write("backend/.Env")),
    "real path": ("zones.py", "os.path.realpath(path)", "path", write("backend/link/x")),
    "worktrees": ("zones.py", "*worktrees(self.root), ", "", write("../one/docs/x")),
    "whole names": ("zones.py", "folder.rstrip(os.sep) + os.sep", "folder", write(NEAR)),
    "fault": ("baton.py", ALL, "LookupError as fault:", write("\0")),
    "refusal": ("baton.py", "told) if reason else 0", "told) * 0", write("docs/x")),
    "exit code": ("baton.py", "code: int = 2, /", "code: int = 1, /", write("docs/x")),
}


@pytest.mark.parametrize(
    ("program", "line", "without", "tell"), PROTECTIONS.values(), ids=PROTECTIONS
)
def test_without_a_protection_the_call_goes_on(
    tmp_path: Path, program: str, line: str, without: str, tell: Told
) -> None:
    """The client lets a call pass after any exit code but 2."""
    root = repository(tmp_path / "project")
    (root / "backend" / "link").symlink_to(root / "docs")
    (root / "backend" / "loop").symlink_to(root / "backend" / "loop")
    record = root / ".git" / "worktrees" / "one"
    record.mkdir(parents=True)
    (record / "gitdir").write_text(f"{tmp_path}/one/.git\n")
    assert baton(root, "guard", stdin=tell(root)).code == 2

    text = (root / "team" / program).read_text()
    assert text.count(line) == 1
    (root / "team" / program).write_text(text.replace(line, without))
    assert baton(root, "guard", stdin=tell(root)).code != 2
