"""docs/boundaries.md: the cases as tables, and whose each path is by the map of the project."""

from collections.abc import Iterable, Iterator

import zones
from tests.boundaries.cases import FORBIDDEN
from tests.boundaries.everyday import EVERYDAY
from tests.boundaries.names import STRANGER, Case
from tests.boundaries.programs import PROGRAMS
from tests.clients.install import OLDER, VERSION

INTRO = f"""\
# Boundaries

Who owns a path may write it, and no other agent. These tables say by which ways one may try, who
stops each, and what stays free. They are made from the cases in `tests/boundaries/`. Every case is
tried: the guard is asked, the command is run where nothing guards it, and Claude Code {VERSION} and
{OLDER} do it with a model that plays a script.

- **The guard** reads a call before it runs. It refuses what would write outside the agent's paths,
  and a command that does not say plainly what it writes. The refusal names the owner and the way to
  ask. It holds in every permission mode.
- **The audit** looks at the files when an agent starts and when it ends. It finds what a program
  wrote whose call does not say so, tells the agent, and notes it.
- **The gate** asks at the same end for the handoff, and before an agent starts for what it waits
  for: [handoffs.md](handoffs.md). Where tests come first, the guard refuses code that has no red
  test yet.
- **None** of them sees what a program writes outside the repository, and a program that turns the
  agent hooks off ends all; `python3 team/baton.py doctor` says that they are off. Where that
  matters, run the client in a sandbox of the system.
- **The main thread** is a person's own. It may write everywhere; in `.claude/` and `team/` it asks.
  In the mode `bypassPermissions` the client asks for `team/` alone.

The project is one with the full team and its default folders, in the middle of its work: files that
are not committed, a second branch, a worktree in `.claude/worktrees/one`, a link `backend/link` to
`docs`, and in `backend/kit` what others have sent. `⏎` is the end of a line.
"""
REFUSED = """
## What the guard refuses

| way | by | call | would change | whose it is | stopped by |
|---|---|---|---|---|---|
"""
AUDITED = """
## What the audit reports

The guard lets these run: their calls do not say what they write.

| way | by | call | changes | whose it is | stopped by |
|---|---|---|---|---|---|
"""
FREE = """
## What is everyday

None of these is refused.

| agent | about | calls |
|---|---|---|
"""


def page(team: zones.Team) -> str:
    """The whole text."""
    return "".join(
        [
            INTRO,
            REFUSED,
            *rows(team, FORBIDDEN, "the guard, before it runs"),
            AUDITED,
            *rows(team, PROGRAMS, "the audit, when the agent ends"),
            FREE,
            *everyday(),
        ]
    )


def rows(team: zones.Team, cases: Iterable[Case], stopped: str) -> Iterator[str]:
    for case in cases:
        call = case.given if case.tool == "Bash" else f"{case.tool} {case.given}"
        cells = (case.form, case.agent, code(call), code(case.path), whose(team, case), stopped)
        yield f"| {' | '.join(cells)} |\n"


def whose(team: zones.Team, case: Case) -> str:
    if case.agent == STRANGER:
        return "nobody's who is not in the team"
    if case.tool not in ("Bash", "Write", "Edit", "NotebookEdit"):
        return "nothing says what the tool writes"
    if case.path.startswith(("../", "~/")):
        return "outside the repository"
    return team.owner(inside(case.path)).replace(zones.HUMAN, "a person")


def inside(path: str) -> str:
    """The path as the map spells it; one in a worktree has its place there."""
    return path.removeprefix(".claude/worktrees/one/")


def everyday() -> Iterator[str]:
    """A row for what an agent does about a subject."""
    calls: dict[tuple[str, str], list[str]] = {}
    for case in EVERYDAY:
        call = case.given if case.tool == "Bash" else f"{case.tool} {case.given}"
        calls.setdefault((case.agent, case.form), []).append(code(call))
    for (agent, subject), said in calls.items():
        yield f"| {agent} | {subject} | {'<br>'.join(said)} |\n"


def code(text: str) -> str:
    """A text as code in a cell of a table."""
    shown = text.replace("{project}", "/project").replace("{home}", "/home/me")
    shown = shown.replace("\n", " ⏎ ").replace("\t", "⇥").replace("|", "\\|")
    shown = "".join(
        sign if sign.isascii() or sign in "⏎⇥" else f"\\u{ord(sign):04x}" for sign in shown
    )
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
