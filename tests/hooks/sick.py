"""A project that is well, and what makes it sick, for the tests of the doctor."""

from collections.abc import Callable
from pathlib import Path

import pytest

import doctor
from tests.hooks.program import Answer, baton
from tests.hooks.teamwork import BACKEND, FORMS, NAME, Teamwork, teamwork
from tests.support.template import ROOT

SETTINGS = ".claude/settings.json"
LOCAL = ".claude/settings.local.json"
AS_RENDERED = (ROOT / "template" / SETTINGS).read_text()
CARD = ".claude/agents/api-designer.md"
OFF = '{"disableAllHooks": true}'
SKILL, ROUTER = ".claude/skills/feature/SKILL.md", "backend/app/router.py"
PYPROJECT, BRIEF = "backend/pyproject.toml", f"handoff/{BACKEND}/{NAME}.md"
ROUTES = """
router = APIRouter(prefix="/tags", tags=["tags"])
app = create_app()


@router.get("")
async def list_tags(): ...


@cached
@router.delete("/{tag}", status_code=204)
async def delete_tag(tag: int): ...


@router.websocket("/live")
async def live(): ...


@router.post("/hidden", include_in_schema=False)
async def hidden(): ...
"""

Change = Callable[[Path], object]


def healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which all is well, of somebody who has no settings of their own."""
    root = teamwork(tmp_path / "a project", "critical").root
    write(SETTINGS, AS_RENDERED)(root)
    for agent in FORMS:
        card = f"---\nname: {agent}\ndescription: works\ntools: Read, Bash\n---\n\nYou.\n"
        write(f".claude/agents/{agent}.md", card)(root)
        write(f".claude/notes/{agent}.md", "Mine.\n")(root)
    write(".claude/notes/team.md", "Ours.\n")(root)
    write(SKILL, '---\nname: feature\ndescription: "Use it."\n---\n')(root)
    write(".mcp.json", '{"mcpServers": {"docs": {}}}')(root)
    write("CLAUDE.md", "@AGENTS.md\n")(root)
    write("AGENTS.md", "All.\n")(root)
    write(ROUTER, ROUTES)(root)
    write(PYPROJECT, '[tool.pytest]\naddopts = ["-pteam.outcome"]\n')(root)
    monkeypatch.setattr(doctor, "FILES", (SETTINGS, LOCAL))
    return root


def swap(name: str, old: str, new: str) -> Change:
    """Puts another text into a file."""

    def change(root: Path) -> None:
        before = (root / name).read_text()
        assert old in before
        (root / name).write_text(before.replace(old, new))

    return change


def write(name: str, text: str) -> Change:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return change


def remove(name: str) -> Change:
    return lambda root: (root / name).unlink()


def hand(**changed: str) -> Change:
    return lambda root: Teamwork(root).hand(**changed)


def asked(root: Path, **env: str) -> Answer:
    return baton(root, "doctor", env={"HOME": str(root.parent), **env})


def found(check: str, root: Path) -> list[str]:
    """What one of the checks says, with the error that ends it."""
    try:
        return list(getattr(doctor, check)(root))
    except Exception as error:  # noqa: BLE001 - as the doctor does it
        return [str(error)]
