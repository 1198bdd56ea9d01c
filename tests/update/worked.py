"""What a person changed in the project that is updated and cut off."""

from pathlib import Path

from tests.update.history import commit, edit, git

CARD = ".claude/agents/backend-developer.md"
SPLIT = ".claude/agents/architect.md"
NEW = ".claude/agents/security-engineer.md"
RETIRED = ".claude/agents/ui-ux-designer.md"


def work(root: Path) -> Path:
    """A year of work, after which an update does a bit of everything."""
    edit(root / CARD, "## Work\n", "## Work\n\n- Ask Ines about invoices.\n")
    card = (root / SPLIT).read_text("utf-8").splitlines()
    report = card.index("## Report")
    card[report + 2] = f"A person's words. {card[report + 2]}"
    (root / SPLIT).write_text("\n".join([*card, ""]), "utf-8")
    with (root / RETIRED).open("a", encoding="utf-8") as file:
        file.write("\nAsk Jo for the colours.\n")
    (root / ".claude/agents/code-reviewer.md").unlink()
    (root / "CLAUDE.md").unlink()
    (root / "CLAUDE.md").symlink_to("AGENTS.md")
    commit(root, "A year of work")
    git(root, "repack", "-adq")
    return root
