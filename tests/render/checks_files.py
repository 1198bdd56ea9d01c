"""What every rendered file owes: it is finished, it parses, every system takes it."""

import ast
import json
import re
import tomllib
from configparser import ConfigParser
from configparser import Error as ConfigError
from functools import cache
from pathlib import PurePosixPath

from tests.support import strict_yaml
from tests.support.render import Render

JINJA = re.compile(r"\{\{|\{%|\{#")
# An f-string doubles a brace that it means, so in Python the space after it tells Jinja's apart.
JINJA_IN_PYTHON = re.compile(r"\{\{ |\{%|\{#")
GITHUB_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
REFUSED_ON_WINDOWS = re.compile(
    r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE
)
# Git for Windows stops at 260 characters; this leaves 140 for the folder that holds the project.
LONGEST_PATH = 120


def no_jinja_left(render: Render) -> list[str]:
    """Nothing that Jinja should have rendered; GitHub's own expressions are not Jinja."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in render.files.items()
        for number, line in enumerate(jinja_free(name, text).splitlines(), 1)
        if (JINJA_IN_PYTHON if name.endswith(".py") else JINJA).search(line)
    ]


@cache
def jinja_free(name: str, text: str) -> str:
    return GITHUB_EXPRESSION.sub("", text) if name.startswith(".github/") else text


def every_file_parses(render: Render) -> list[str]:
    return [
        f"{name}: {fault}"
        for name, text in render.files.items()
        if (fault := syntax_fault(PurePosixPath(name).suffix or name, text))
    ]


@cache
def syntax_fault(kind: str, text: str) -> str:
    """Why a text is not what its file's ending promises, or nothing."""
    try:
        match kind:
            case ".json":
                json.loads(text)
            case ".yaml" | ".yml":
                strict_yaml.load(text)
            case ".toml":
                tomllib.loads(text)
            case ".py":
                ast.parse(text)
            case ".ini":
                ConfigParser().read_string(text)
    except (ValueError, SyntaxError, strict_yaml.YAMLError, ConfigError) as error:
        return " ".join(str(error).split())
    return ""


def lines_end_well(render: Render) -> list[str]:
    """LF, no space at a line's end, one newline at the file's end. An empty file is fine."""
    return [
        f"{name}: {fault}" for name, text in render.files.items() if (fault := line_fault(text))
    ]


@cache
def line_fault(text: str) -> str:
    if "\r" in text:
        return "has a carriage return"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        return "does not end in one newline"
    spaces = [str(number) for number, line in enumerate(text.split("\n"), 1) if line[-1:].isspace()]
    return f"spaces end line {', '.join(spaces)}" if spaces else ""


def names_fit_everywhere(render: Render) -> list[str]:
    """Windows takes every name, and no two differ by case alone."""
    faults = [
        f"{name}: {part!r} is refused on Windows"
        for name in render.files
        for part in name.split("/")
        if REFUSED_ON_WINDOWS.search(part)
    ]
    faults += [f"{name}: is too long" for name in render.files if len(name) > LONGEST_PATH]
    folded = [name.casefold() for name in render.files]
    return faults + [f"{name}: twice but for case" for name in folded if folded.count(name) > 1]
