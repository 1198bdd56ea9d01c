"""Four versions of the template, with a change of every kind between them."""

import json
import re
from pathlib import Path

from tests.contributing.recipes import follow
from tests.update.history import History, edit

CARD = "template/.claude/agents/backend-developer.md.jinja"
NEW_AGENT = "security-engineer"
NEW_SKILL = "look-up"
RETIRED = "ui-ux-designer"
VERSIONS = ("v1.0.0", "v2.0.0", "v3.0.0", "v4.0.0")


def tagged(root: Path) -> History:
    """All four, tagged."""
    history = History(root)
    history.release("v1.0.0")
    second(history.root)
    history.release("v2.0.0", "Your agents now name the version that they worked on.")
    third(history.root)
    history.release("v3.0.0", "A security-engineer joins you. Do by hand: nothing.")
    fourth(history.root)
    history.release("v4.0.0", "The ui-ux-designer is retired.")
    return history


def second(root: Path) -> None:
    """A line, a section, a program, a row of the map's maker, and a new question."""
    edit(root / CARD, "- Type every function.", "- Type every function, tests too.")
    page = root / "template/AGENTS.md.jinja"
    edit(page, "## Commands\n", "## Words\n\nAn item is what a user stores.\n\n## Commands\n")
    with (root / "hooks/words.py").open("a", encoding="utf-8") as file:
        file.write("\n# Version 2 reads the same words.\n")
    follow("A question", root)


def third(root: Path) -> None:
    """A new agent, a new skill, a key of the settings, and another section of a form."""
    follow("An agent", root)
    skill = root / f"template/.claude/skills/{NEW_SKILL}/SKILL.md"
    skill.parent.mkdir()
    skill.write_text(
        f"---\nname: {NEW_SKILL}\ndescription: Use when a library's API is unknown.\n---\n\n"
        "# Look it up\n\nRead the installed source first.\n",
        "utf-8",
    )
    path = root / "template/.claude/settings.json"
    settings = json.loads(path.read_text("utf-8"))
    settings["permissions"] = {"deny": ["Agent(general-purpose)"], "allow": ["Bash(git diff:*)"]}
    path.write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
    old = '        Worth testing: "Service functions'
    edit(root / "copier/team.yml", old, f'        Speed: "What is slow, and why."\n{old}')


def fourth(root: Path) -> None:
    """An agent that retires, a question with another name, and a line in every card."""
    team = root / "copier/team.yml"
    text = team.read_text("utf-8")
    row = re.search(rf"(?ms)^    {RETIRED}:\n.*?(?=^    [a-z])", text)
    assert row
    text = text.replace(row[0], "").replace("  default: []\n", f"  default: [{RETIRED}]\n", 1)
    team.write_text(text, "utf-8")
    (root / f"template/.claude/agents/{RETIRED}.md.jinja").unlink()
    rename(root, "change_policy", "pace")
    macros = root / "extensions/claude_code.jinja"
    report = "{% macro report(name) %}\n{% filter trim %}\n"
    edit(macros, report, f"{report}Name the commit first. ")


def rename(root: Path, old: str, new: str) -> None:
    """A question gets another name, and takes the answer that it had under the old one."""
    for path in [*root.glob("copier/*.yml"), *root.glob("template/**/*.jinja")]:
        text = path.read_text("utf-8")
        changed = re.sub(rf"(?<!answers\.)\b{old}\b", new, text)
        changed = re.sub(rf"(?m)^(        ){new}:", rf"\1{old}:", changed)  # a recipe's answer
        first = f"recipes[recipe].answers.{old} | default('balanced')"
        default, carried = f"{{{{ {first} }}}}", f"{{{{ {old} | default({first}) }}}}"
        path.write_text(changed.replace(default, carried), "utf-8") if changed != text else None
