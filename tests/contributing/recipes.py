"""CONTRIBUTING's recipes for adding things, as steps that can be followed to the letter."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.template import ROOT

LESS = re.compile(r"^`(?P<file>[^`]+)`, (?P<where>without [^\n]*|deleted)\.$", re.MULTILINE)
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(
    r"^`(?P<file>[^`]+)`(?P<where>[^\n]*):\n\n```\w*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)


def recipe(title: str) -> str:
    """The section of CONTRIBUTING under this heading."""
    return GUIDE.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0]


def steps(title: str) -> Iterator[Mapping[str, str]]:
    text = recipe(title)
    found = [*STEP.finditer(text), *LESS.finditer(text)]
    assert found, f"no step under «{title}»"
    yield from (step.groupdict() for step in sorted(found, key=re.Match.start))


def follow(title: str, root: Path) -> list[str]:
    """Does what the recipe says; answers with the files it touched."""
    touched = []
    for step in steps(title):
        path = root / step["file"]
        if "a new file" in step["where"]:
            assert not path.exists(), f"{step['file']} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"], "utf-8")
        elif step["where"] == "deleted":
            path.unlink()
        else:
            path.write_text(changed(step, path.read_text("utf-8")), "utf-8")
        touched.append(step["file"])
    return touched


def changed(step: Mapping[str, str], text: str) -> str:
    """A file's text after a step that names a line of it."""
    found = re.search(
        r"(above the line|in place of the line|without the row) `(.+)`", step["where"]
    )
    assert found, step["where"]
    lines = text.splitlines(keepends=True)
    at = [index for index, line in enumerate(lines) if line.strip() == found[2]]
    assert len(at) == 1, f"{step['file']}: {found[2]!r} stands {len(at)} times"
    if found[1] == "above the line":
        return "".join([*lines[: at[0]], step["text"], *lines[at[0] :]])
    if found[1] == "in place of the line":
        return "".join([*lines[: at[0]], step["text"], *lines[at[0] + 1 :]])
    indent = re.match(" *", lines[at[0]])
    assert indent
    end = next(n for n in range(at[0] + 1, len(lines)) if not lines[n].startswith(f"{indent[0]} "))
    return "".join([*lines[: at[0]], *lines[end:]])
