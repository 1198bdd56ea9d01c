"""CONTRIBUTING's recipes for adding things, as steps that can be followed to the letter."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.template import ROOT

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(
    r"^`(?P<file>[^`]+)`(?P<where>[^\n]*):\n\n```\w*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)


def recipe(title: str) -> str:
    """The section of CONTRIBUTING under this heading."""
    return GUIDE.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0]


def steps(title: str) -> Iterator[Mapping[str, str]]:
    found = [step.groupdict() for step in STEP.finditer(recipe(title))]
    assert found, f"no step under «{title}»"
    yield from found


def follow(title: str, root: Path) -> list[str]:
    """Does what the recipe says; answers with the files it touched."""
    touched = []
    for step in steps(title):
        path = root / step["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if above := re.search(r"above the line `(.+?)`", step["where"]):
            lines = path.read_text("utf-8").splitlines(keepends=True)
            at = [index for index, line in enumerate(lines) if line.strip() == above[1]]
            assert len(at) == 1, f"{step['file']}: {above[1]!r} stands {len(at)} times"
            path.write_text("".join([*lines[: at[0]], step["text"], *lines[at[0] :]]), "utf-8")
        else:
            assert "a new file" in step["where"], step["where"]
            assert not path.exists(), f"{step['file']} is there already"
            path.write_text(step["text"], "utf-8")
        touched.append(step["file"])
    return touched
