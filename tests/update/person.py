"""A person who works in a project: what is written, deleted and added there, by a seed."""

import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

from renders import is_frozen
from tests.update.versions import NEW_SKILL

SETTINGS = ".claude/settings.json"
OWN = ".claude/agents/release-captain.md"
CLASH = f".claude/skills/{NEW_SKILL}/SKILL.md"  # a later version has this too


@dataclass
class Person:
    """What a person did to a project, to be looked for after an update."""

    root: Path
    rng: random.Random
    lines: list[tuple[str, str, str]] = field(default_factory=list)  # file, section, line
    inserted: dict[str, list[str]] = field(default_factory=dict)  # by file that has nothing else
    rules: list[str] = field(default_factory=list)  # allowed in the settings
    own: dict[str, bytes] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    programs: dict[str, bytes] = field(default_factory=dict)
    windows: set[str] = field(default_factory=set)

    def work(self) -> None:
        """A year of it: each way of changing something, in files that nobody chose."""
        pages = sorted(
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*.md")
            if not is_frozen(path.relative_to(self.root).as_posix())
        )
        chosen = self.rng.sample(pages, self.rng.randint(4, min(14, len(pages))))
        for number, page in enumerate(chosen):
            way = self.rng.choice((self.insert, self.insert, self.insert, self.change, self.delete))
            way(page, f"A person's own words, {number}-{self.rng.randrange(10**6)}.")
        if self.rng.random() < 0.4 and (plain := sorted({*pages} - {*chosen})):
            self.end_lines_as_windows(self.rng.choice(plain))
        if self.rng.random() < 0.7:
            self.allow(f"Bash(make {self.rng.randrange(1000)})")
        if self.rng.random() < 0.4:
            self.program("team/words.py")
        self.add(OWN, "---\nname: release-captain\ndescription: Releases.\n---\n\nRelease it.\n")
        if self.rng.random() < 0.5:
            self.add(CLASH, "---\nname: look-up\ndescription: Mine.\n---\n\nMine alone.\n")
        self.add("handoff/backend-developer/note-search.md", "# Handed over\n")
        self.own_paths()

    def insert(self, page: str, line: str) -> None:
        """A line of its own, somewhere below the front matter."""
        rows = self.rows(page)
        at = self.rng.randint(body(rows), len(rows))
        rows.insert(at, line)
        self.write(page, rows)
        self.inserted.setdefault(page, []).append(line)
        self.lines.append((page, section(rows, at), line))

    def change(self, page: str, words: str) -> None:
        """More words at the end of a line that is there."""
        rows = self.rows(page)
        at = self.rng.choice([n for n in range(body(rows), len(rows)) if rows[n].strip()])
        rows[at] = f"{rows[at]} {words}"
        self.write(page, rows)
        self.lines.append((page, section(rows, at), rows[at]))

    def delete(self, page: str, _: str) -> None:
        """The whole file."""
        (self.root / page).unlink()
        self.deleted.add(page)

    def end_lines_as_windows(self, page: str) -> None:
        path = self.root / page
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        self.windows.add(page)

    def allow(self, rule: str) -> None:
        """A permission in the settings."""
        path = self.root / SETTINGS
        settings = json.loads(path.read_text("utf-8"))
        settings.setdefault("permissions", {}).setdefault("allow", []).append(rule)
        path.write_text(json.dumps(settings, indent=self.rng.choice((2, 4))) + "\n", "utf-8")
        self.rules.append(rule)

    def program(self, path: str) -> None:
        """A program, which an update replaces and says so."""
        with (self.root / path).open("ab") as file:
            file.write(b"\n# A person's own.\n")
        self.programs[path] = (self.root / path).read_bytes()

    def add(self, path: str, text: str) -> None:
        """A file that Baton did not render."""
        at = self.root / path
        if not at.exists():
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_text(text, "utf-8")
            self.own[path] = text.encode()

    def own_paths(self) -> None:
        """Changes and deletions in the paths that no update touches."""
        notes = sorted((self.root / ".claude/notes").glob("*.md"))
        if self.rng.random() < 0.5:
            with self.rng.choice(notes).open("a", encoding="utf-8") as file:
                file.write("A person's own words.\n")
        frozen = [path for path in self.root.rglob("*") if path.is_file() and self.mine(path)]
        for path in self.rng.sample(sorted(frozen), 6):
            if self.rng.random() < 0.4:
                path.unlink()
            else:
                path.write_bytes(path.read_bytes() + b"# A person's own.\n")

    def mine(self, path: Path) -> bool:
        name = path.relative_to(self.root).as_posix()
        return not name.startswith(".git/") and is_frozen(name)

    def frozen(self) -> dict[str, bytes]:
        """Everything in the paths that no update touches."""
        paths = (path for path in self.root.rglob("*") if path.is_file() and self.mine(path))
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}

    def rows(self, page: str) -> list[str]:
        return (self.root / page).read_bytes().decode().split("\n")

    def write(self, page: str, rows: list[str]) -> None:
        (self.root / page).write_bytes("\n".join(rows).encode())


def body(rows: list[str]) -> int:
    """Where a page begins, after its front matter."""
    return rows.index("---", 1) + 1 if rows[0] == "---" else 0


def section(rows: list[str], at: int) -> str:
    """The heading above a line; none within a block of code counts."""
    found, fenced = "", False
    for row in rows[:at]:
        fenced ^= row.startswith("```")
        if not fenced and re.match(r"##? ", row):
            found = row
    return found
