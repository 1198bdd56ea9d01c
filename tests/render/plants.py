"""Faults planted in a render, for the tests that show that each check finds its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.render.checks import Check
from tests.support.render import Render, Renderer
from tests.support.tables import Answers

Change = Callable[[Render], Render]


@dataclass(frozen=True)
class Plant:
    """A change to a render, the check that must find it, and words of the fault it finds."""

    check: Check
    change: Change
    words: str
    answers: Answers = field(default_factory=dict)

    def found(self, render: Renderer) -> list[str]:
        """The faults that the change brings, beside those that were there before."""
        before = render({"agents_off": [], **self.answers})
        known = self.check(before)
        return [fault for fault in self.check(self.change(before)) if fault not in known]

    def __str__(self) -> str:
        return f"{self.check.__name__}-{self.words[:20]}"


def added(name: str, text: str) -> Change:
    return lambda render: render.with_file(name, text)


def appended(name: str, text: str) -> Change:
    return lambda render: render.with_file(name, render.files[name] + text)


def dropped(name: str) -> Change:
    return lambda render: render.without_file(name)


def swapped(name: str, old: str, new: str) -> Change:
    """The first match of a pattern replaced; it must be there."""

    def change(render: Render) -> Render:
        text, count = re.subn(old, new, render.files[name], count=1, flags=re.MULTILINE | re.DOTALL)
        assert count, f"{name} has nothing like {old}"
        return render.with_file(name, text)

    return change
