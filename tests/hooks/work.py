"""A project in which agents start, write and stop, as the client tells the audit of it."""

import json
import os
import shutil
import time
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import audit
import journal
from tests.hooks.program import commit, repository

BACKEND, DESIGNER = "backend-developer", "api-designer"
CONTRACT = "docs/openapi.yaml"
SPILL = f"python3 -c \"open('{CONTRACT}', 'w').write('x')\""


def told(agent: str = BACKEND, number: str = "a1") -> bytes:
    """What the client tells an agent hook about an agent that starts or stops."""
    return json.dumps({"agent_type": agent, "agent_id": number, "cwd": "/"}).encode()


class Work:
    """What happens in a project, one step after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def start(self, agent: str = BACKEND, number: str = "a1") -> str:
        return audit.start(told(agent, number), str(self.root))

    def stop(self, agent: str = BACKEND, number: str = "a1") -> tuple[str, str]:
        return audit.stop(told(agent, number), str(self.root))

    def restore(self, *places: str) -> int:
        return audit.restore([*places], str(self.root))

    def used(
        self,
        what: object,
        agent: str | None = BACKEND,
        number: str | None = "a1",
        *,
        event: str = "used",
        later: float = 0,
    ) -> None:
        """The guard let a call pass; where `later`, so many seconds after now."""
        more = {"agent": agent, "id": number, "tool": "Bash", "what": str(what), "why": ""}
        journal.note(str(self.root), event, **more, at=time.time() + later)

    def write(self, place: str, text: str | bytes | None = "changed\n") -> Path:
        """A file gets another content, or goes; nothing says by whom."""
        path = self.root / place
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def spill(self, place: str = CONTRACT, text: str | bytes | None = "changed\n") -> None:
        """The agent's command writes a file, and names it."""
        self.used(f"python3 -c \"open('{place}', 'w')\"")
        self.write(place, text)

    def events(self, *names: str) -> list[dict[str, Any]]:
        return [event for event in journal.events(str(self.root)) if event["event"] in names]


def project(folder: Path) -> Work:
    """A project whose files are committed."""
    root = repository(folder.resolve() / "project")
    for place in (CONTRACT, "docs/guide.md", "backend/main.py", "README.md"):
        (root / place).write_text("as it was\n")
    (root / ".env").write_text("KEY=secret-one\n")
    (root / ".gitignore").write_text(".env\n.env.*\nnode_modules/\n")
    return Work(commit(root))


def without(patch: pytest.MonkeyPatch, program: ModuleType, line: str, instead: str) -> None:
    """The program with something else in one place."""
    text = Path(str(program.__file__)).read_text()
    assert text.count(line) == 1, line
    changed: dict[str, object] = {"__name__": program.__name__}
    exec(compile(text.replace(line, instead), str(program.__file__), "exec"), changed)  # noqa: S102
    for name in changed.keys() - {"__builtins__", "__name__"}:
        patch.setattr(program, name, changed[name], raising=False)


def all_bytes(folder: Path) -> bytes:
    """All that lies in a folder, with git's objects as they are when git opens them."""
    found = b""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found += path.read_bytes()
        if path.parent.parent.name == "objects":
            found += zlib.decompress(path.read_bytes())
    return found


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def by(*agents: str) -> str:
    """The message of a commit of agents."""
    return "\n".join(["A change", "", *(f"Agent: {agent}" for agent in agents)])


def nested(work: Work) -> None:
    """The project becomes a folder of a repository that holds more."""
    shutil.rmtree(work.root / ".git")
    (work.root.parent / "beside").write_text("")
    commit(work.root.parent)
