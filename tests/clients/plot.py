"""A feature of nine agents in a small repository: its files, and what each agent hands over."""

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import handoff
from tests.clients.claude import Call
from tests.hooks.program import commit

FEATURE = "search"
ANSWERS = {"stack": "existing", "runner": "pip", "tdd": "strict", "sse": False, "agents_off": []}
BRIEF = f"tasks/{FEATURE}/README.md"
CONTRACT = "docs/openapi.yaml"
OPENAPI = "openapi: 3.1.0\npaths:\n  /notes:\n    get: {summary: List}\n"
SEARCH = OPENAPI + "  /search:\n    get: {summary: Search}\n"
CODE, TEST = "app/search.py", "tests/test_search.py"
SEARCHING = "def search(word: str, notes: list[str]) -> list[str]:\n"
SEARCHING += (
    '    """The notes that hold the word."""\n    return [note for note in notes if word in note]\n'
)
UNTESTED = f"{SEARCHING}\n\ndef none() -> list[str]:\n    return []\n"
TESTING = "from app.search import search\n\n\ndef test_a_word_is_found() -> None:\n"
TESTING += '    assert search("a", ["ab", "c"]) == ["ab"]\n'
FILES = {
    BRIEF: "# Search\n",
    CONTRACT: OPENAPI,
    "docs/architecture.md": "# Architecture\n",
    "docs/database/README.md": "# Tables\n",
    "Dockerfile": "FROM scratch\n",
    "app/__init__.py": "",
    "app/notes.py": "def notes() -> list[str]:\n    return []\n",
    "tests/test_notes.py": "from app.notes import notes\n\n\ndef test_it() -> None:\n    notes()\n",
    "frontend/README.md": "# Frontend\n",
}


def build(render: Path, root: Path) -> Path:
    """The repository as it is before the feature, with all of it committed."""
    shutil.copytree(render, root)
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return commit(root)


@dataclass
class Plot:
    """What the files hold as the feature goes on, so that each handoff can name their hashes."""

    root: Path
    texts: dict[str, str] = field(default_factory=lambda: dict(FILES))

    def write(self, name: str, text: str) -> Call:
        """An agent writes a file."""
        self.texts[name] = text
        return Call("Write", {"file_path": str(self.root / name), "content": text})

    def read(self, *names: str) -> list[Call]:
        return [Call("Read", {"file_path": str(self.root / name)}) for name in names]

    def hand(
        self,
        agent: str,
        files: Sequence[str] = (),
        *,
        old: str = "",
        left: str = "none",
    ) -> Call:
        """An agent hands over; `old` is an input that it read before it changed."""
        rows = json.loads((self.root / "team" / "team.json").read_text())["agents"]
        (row,) = (row for row in rows if row["name"] == agent)
        ends = [end for end in row["receives"] if "told" not in end]
        needs = ["-needs" * ("phase" in end) for end in ends]
        pairs = zip(ends, needs, strict=True)
        places = [f"handoff/{end['from']}/{FEATURE}{at}.md" for end, at in pairs]
        after = [CONTRACT] * any(end["from"] == "api-designer" for end in ends)
        given = [at for at in dict.fromkeys([BRIEF, *places, *after]) if at in self.texts]
        lines = [f"  {at}: {'0' if at == old else sha(self.texts[at])}" for at in given]
        form = (self.root / "handoff" / agent / "README.md").read_text()
        titles = re.findall("(?m)^## (.+)", form)
        body = [f"## {title}\n\n{left if title == titles[-1] else 'none'}\n" for title in titles]
        head = [f"agent: {agent}", f"feature: {FEATURE}", "task: none", "status: DONE"]
        head += ["time: 2026-01-31T14:05:00+00:00", "inputs:", *lines]
        head += ["files:", *(f"  - {name}" for name in files)] if files else ["files: []"]
        text = "\n".join(["---", *head, "---", "", *body])
        assert handoff.Handoff(text).inputs
        return self.write(f"handoff/{agent}/{FEATURE}.md", text)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
