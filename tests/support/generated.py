"""Files in this repository that a program writes: compared with what it would write now."""

from difflib import unified_diff
from pathlib import Path

from tests.support.template import ROOT


def generated(path: Path, text: str, *, regenerate: bool) -> None:
    """Fails with a diff where the file says something else, or rewrites it with --regenerate."""
    if regenerate:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return
    name = path.relative_to(ROOT).as_posix()
    there = path.read_bytes().decode() if path.is_file() else ""
    lines = there.splitlines(), text.splitlines()
    diff = "\n".join(unified_diff(*lines, name, f"{name}, as it is made now", lineterm=""))
    assert there == text, f"{diff}\nIf that is meant: uv run pytest --regenerate, then git diff"
