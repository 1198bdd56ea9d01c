"""Parts of a page that a program writes, between two marks that a reader does not see."""

import re
from pathlib import Path

from tests.support.generated import generated


def generated_section(page: Path, name: str, text: str, *, regenerate: bool) -> None:
    """Holds the part of the page between the marks of this name against the text."""
    begin, end = f"<!-- {name}: generated -->\n", f"<!-- /{name} -->\n"
    whole = page.read_text("utf-8")
    part = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    assert len(part.findall(whole)) == 1, f"{page.name} has no part {name}, or has it twice"
    generated(page, part.sub(lambda _: begin + text + end, whole), regenerate=regenerate)
