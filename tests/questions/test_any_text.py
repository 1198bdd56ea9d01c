"""Any text at all: what the questions accept can harm no file, and stands there to the letter."""

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.questions.hostile import PATHS
from tests.questions.refusals import kept
from tests.render.checks_files import every_file_parses, no_jinja_left
from tests.support.render import Renderer
from tests.support.tables import evaluate, questions, rendered
from tests.support.template import template

REPRODUCIBLE = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=250) | st.text(
    "abzABZ019é .,:;!?'\"&()/\\+@#%*=_-{}$`<>|~\n\t", max_size=250
)
PATH_LIKE = st.lists(
    st.sampled_from(("src", "..", ".", "", "shop", "a.b", "nul", "team", "C:", "~", "x\n", "e.")),
    max_size=5,
).map("/".join)


def fault(question: str, text: str) -> str:
    """What the question's own validator says of a text."""
    root = template()
    context = {**evaluate({"stack": "existing"}), question: text}
    return str(rendered(root, questions(root)[question]["validator"], context)).strip()


@settings(REPRODUCIBLE, max_examples=300)
@given(ANY_TEXT)
def test_an_accepted_name_or_description_is_one_harmless_line(text: str) -> None:
    for question, most in (("project_name", 60), ("description", 200)):
        if not fault(question, text):
            assert text == text.strip()
            assert 1 <= len(text) <= most
            assert text.isprintable()
            assert not set("{}\\$`<>|~[]") & set(text)


@settings(REPRODUCIBLE, max_examples=300)
@given(ANY_TEXT | st.from_regex(r"[a-z0-9-]{1,45}", fullmatch=True))
def test_an_accepted_slug_is_a_name_for_every_registry(text: str) -> None:
    if not fault("project_slug", text):
        assert re.fullmatch(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?", text, re.ASCII)
        assert "--" not in text


@settings(REPRODUCIBLE, max_examples=300)
@given(ANY_TEXT | PATH_LIKE, st.sampled_from(PATHS))
def test_an_accepted_path_stays_in_the_repository(text: str, question: str) -> None:
    if not fault(question, text):
        for path in (PurePosixPath(text), PureWindowsPath(text)):
            assert not path.is_absolute()
            assert ".." not in path.parts
            assert path.as_posix() == text
        assert Path("/repository", text).resolve().is_relative_to("/repository")
        assert not PureWindowsPath(text).drive
        assert text.isascii()


def acceptable(question: str, pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True).filter(lambda text: not fault(question, text))


@settings(REPRODUCIBLE, max_examples=8)
@given(
    name=acceptable("project_name", r"\w[\w .,&()'+-]{0,59}"),
    description=acceptable("description", r"[\w .,:;!?'\"&()/+@#%*=_-]{1,80}"),
    slug=acceptable("project_slug", r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,3}"),
)
def test_acceptable_text_is_kept_to_the_letter(
    name: str, description: str, slug: str, render: Renderer
) -> None:
    answers = {"project_name": name, "description": description, "project_slug": slug}
    project = render.texts(answers)
    assert every_file_parses(project) + no_jinja_left(project) == []
    assert {question: kept(project, question) for question in answers} == answers


def test_validators_are_really_run() -> None:
    assert not fault("app_path", "src/shop")
    assert fault("app_path", "../shop").startswith("Name a path inside the repository")
