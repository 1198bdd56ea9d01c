"""Markdown as the checks need it: front matter, prose, code spans, code blocks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from tests.support import strict_yaml
from tests.support.render import Render

FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^( *)(`{3,})(\w*)\n(.*?)^ *\2\n", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(`+)(.+?)\1")
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)

# What `copier update` merges with a person's edits, as far as it is Markdown.
MANAGED = re.compile(
    r"(AGENTS|CLAUDE)\.md|\.claude/(agents/[^/]+|skills/.+)\.md|(handoff/[^/]+|tasks)/README\.md"
)


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    language: str
    text: str

    @property
    def path(self) -> str:
        """The file it says it is, in a comment on its first line."""
        first = re.match(r"(?:#|--|//) ?(\S+/\S+|\S+\.\w+)$", self.text.split("\n", 1)[0])
        return first[1] if first else ""


def markdown(render: Render) -> Mapping[str, str]:
    """Every Markdown file that is rendered, by name."""
    return {name: text for name, text in render.files.items() if name.endswith(".md")}


def managed(render: Render) -> Mapping[str, str]:
    """The Markdown files that an update merges, by name."""
    return {name: text for name, text in render.files.items() if MANAGED.fullmatch(name)}


def front_matter(text: str) -> Mapping[str, object]:
    """The front matter as strict YAML; empty where there is none. Raises YAMLError."""
    found = FRONT_MATTER.match(text)
    data = strict_yaml.load(found[1]) if found else {}
    if not isinstance(data, dict):
        raise strict_yaml.YAMLError("the front matter is no mapping")
    return cast("Mapping[str, object]", data)


def body(text: str) -> str:
    return FRONT_MATTER.sub("", text, count=1)


@cache
def blocks(text: str) -> tuple[Block, ...]:
    """The fenced blocks, without the indent that a list gave them."""
    return tuple(
        Block(language, re.sub(f"^{indent}", "", code, flags=re.MULTILINE))
        for indent, _, language, code in BLOCK.findall(text)
    )


@cache
def spans(text: str) -> tuple[str, ...]:
    """What stands in backticks, outside the blocks and the front matter."""
    return tuple(match[2].strip() for match in SPAN.finditer(prose(text)))


@cache
def prose(text: str) -> str:
    """The text without its front matter and its blocks."""
    return BLOCK.sub("", body(text))


def headings(text: str) -> list[str]:
    return HEADING.findall(prose(text))
