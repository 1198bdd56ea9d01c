"""A template of a few files under the real settings, with a change of every kind that is risky."""

import json
import shutil
from pathlib import Path

from project import ANSWERS
from tests.support.template import template
from tests.update.history import commit, git
from tests.update.renders import Files, Rendered

AGENTS = ("architect", "backend-developer", "designer", "tester")
CARD = ".claude/agents/{}.md"
PAGE, LIST = "AGENTS.md", ".claude/skills/steps/SKILL.md"
SETTINGS, PICTURE = ".claude/settings.json", ".claude/skills/steps/picture.png"
DROPPED, DELETED = "backend/app/settings.py", "backend/Dockerfile"
STREAM = "backend/app/stream.py"
GUIDE = "docs/guide.md"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00%s\x00"

QUESTIONS = """
project_name: {type: str, default: Small, when: false}
stack: {type: str, default: fastapi, when: false}
stacks: {type: yaml, when: false, default: {fastapi: {next_steps: []}}}
sse:
  type: bool
  default: false
  help: Does it stream?
roster: {type: yaml, when: false, default: ROSTER}
agents_off:
  type: str
  multiselect: true
  choices: "{{ roster }}"
  default: "[]"
  help: Whom to leave out?
_exclude:
  - "{% if not sse %}/backend/app/stream.py{% endif %}"
  - "{% for name in agents_off %}/.claude/agents/{{ name }}.md\\n{% endfor %}"
"""


class Unkept(Rendered):
    """As others, but of a small template, and made each time."""

    def all(self) -> Files:
        found = self.fresh()
        found[ANSWERS] = found[ANSWERS].replace(b"TEMPLATE", str(self.source).encode())
        return found


def small(root: Path) -> Path:
    """Both versions, tagged."""
    write(root, first())
    (root / "copier").mkdir()
    shutil.copy2(template() / "copier" / "settings.yml", root / "copier")
    questions(root, *AGENTS)
    (root / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "v1.0.0")
    git(root, "tag", "v1.0.0")
    for name in (CARD.format("designer"), CARD.format("tester"), DROPPED):
        (root / "template" / name).unlink()
    write(root, second())
    questions(root, *AGENTS, "reviewer", "security-engineer")
    commit(root, "v2.0.0")
    git(root, "tag", "v2.0.0")
    return root


def questions(root: Path, *agents: str) -> None:
    text = QUESTIONS.replace("ROSTER", json.dumps(agents))
    parts = ("!include copier/settings.yml", "!include copier/team.yml")
    (root / "copier.yml").write_text("---\n" + "\n---\n".join(parts) + "\n", "utf-8")
    (root / "copier" / "team.yml").write_text(text.lstrip(), "utf-8")


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, text in files.items():
        path = root / "template" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def card(name: str, *more: str) -> str:
    lines = [f"# {name}", "", "## Mission", "", f"Be the {name}.", "", "## Work", "", "- Work."]
    return "\n".join([*lines, *more, "", "## Report", "", "Say what you did.", ""])


def steps(*sections: str) -> str:
    """Sections of which each says the same."""
    rows = "\n".join(f"- Step {number} of the work." for number in range(1, 9))
    return "# Steps\n\n" + "".join(f"## {name}\n\n{rows}\n\n" for name in sections)


def guide() -> str:
    """A person's page that an answer changes in two places; with signs that end no line in git."""
    rows = "".join(f"Word {number}.\n" for number in range(20))
    return f"Streams: {{{{ sse }}}}\n\x0cA\u2028page.\n{rows}Does it stream? {{{{ sse }}}}"


def settings(*allowed: str) -> str:
    return json.dumps({"permissions": {"allow": [*allowed]}, "hooks": {}}, indent=2) + "\n"


def first() -> dict[str, str | bytes]:
    return {
        "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
        ".gitignore": "!/.claude/\n/.baton/\n",
        **{CARD.format(name): card(name) for name in AGENTS},
        PAGE: "# Small\n\n## Commands\n\nRun the tests.\n\n## Rules\n\nBe kind.\n",
        LIST: steps("One", "Two", "Three", "Four"),
        PICTURE: PNG % b"1",
        SETTINGS: settings("Bash(pytest:*)"),
        DROPPED: "DEBUG = False\n",
        DELETED: "FROM python\n",
        STREAM: "# A stream.\n",
        f"{GUIDE}.jinja": guide(),
    }


def second() -> dict[str, str | bytes]:
    """A line, a section less, an agent with another name, two that are new, one that is gone."""
    return {
        CARD.format("architect"): card("architect", "- New."),
        CARD.format("backend-developer"): card("backend-developer", "- New."),
        CARD.format("reviewer"): card("reviewer"),
        CARD.format("security-engineer"): card("security-engineer"),
        PAGE: "# Small\n\n## Commands\n\nRun all tests, always.\n\n## Rules\n\nBe kind.\n",
        LIST: steps("Two", "Three", "Four"),
        PICTURE: PNG % b"2",
        SETTINGS: settings("Bash(pytest:*)", "Bash(git diff:*)"),
        DELETED: "FROM python:3\n",
    }
