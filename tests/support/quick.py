"""What makes hundreds of renders quick and leaves them as they are."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType
from typing import Any
from unittest import mock

import yaml
from copier._main import Worker
from jinja2 import Environment

compile_now: Callable[..., CodeType] = Environment.compile
render_now: Callable[..., str] = Worker._render_string  # noqa: SLF001 - there is no public way
compiled: dict[Hashable, CodeType] = {}


@contextmanager
def quickly() -> Iterator[None]:
    """Inside, a copy into a folder without git takes a fifth, and makes the same files.

    Jinja compiles each text once a process, and not again for every render: a render compiles a
    thousand, each part of each path among them. A text without Jinja is not rendered. Git is not
    asked after each file what it thinks of modes. YAML is read by the parser that is written in C.
    """
    with ExitStack() as patches:
        patches.enter_context(mock.patch.object(Environment, "compile", compile_once))
        patches.enter_context(mock.patch.object(Worker, "_render_string", render_jinja))
        patches.enter_context(mock.patch("copier._main.is_git_available", return_value=False))
        if yaml.__with_libyaml__:
            patches.enter_context(mock.patch.object(yaml, "SafeLoader", yaml.CSafeLoader))
        yield


def compile_once(environment: Environment, source: object, *names: str | None) -> CodeType:
    """What `Environment.compile` gives; like that, it refuses what is no text."""
    if not isinstance(source, str):
        raise TypeError(source)
    environment.preprocess(source, *names)  # where Copier forgets what the last path yielded
    blanks = environment.trim_blocks, environment.lstrip_blocks, environment.keep_trailing_newline
    key = (type(environment), *blanks, source, *names)
    if key not in compiled:
        compiled[key] = compile_now(environment, source, *names)
    return compiled[key]


# The values are answers, of any type.
def render_jinja(worker: Worker, string: str, extra_context: dict[str, Any] | None = None) -> str:
    """What `Worker._render_string` gives; a text without a brace is what it renders to."""
    if "{" not in string:
        worker.jinja_env.preprocess(string)
        return string
    return render_now(worker, string, extra_context)
