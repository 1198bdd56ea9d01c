"""What makes hundreds of renders quick and leaves them as they are."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from types import CodeType
from unittest import mock

from jinja2 import Environment

compile_now: Callable[..., CodeType] = Environment.compile
compiled: dict[Hashable, CodeType] = {}


@contextmanager
def compiled_once() -> Iterator[None]:
    """Inside, Jinja compiles each text once a process, and not again for every render.

    A render compiles a thousand texts, each part of each path among them: half of its time.
    """
    with mock.patch.object(Environment, "compile", compile_once):
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
