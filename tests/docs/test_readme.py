"""The README's generated parts say what the tables say."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from tests.support.markdown import spans
from tests.support.picture import picture
from tests.support.render import Renderer
from tests.support.sections import generated_section
from tests.support.tables import evaluate, questions
from tests.support.template import ROOT

README = ROOT / "README.md"


def section(title: str) -> str:
    """The README's section under this heading."""
    return README.read_text("utf-8").split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_update_and_leave_speak_of_every_file(render: Renderer) -> None:
    """What an update leaves alone, and what goes with the team, is all there is."""
    yours, teams = (set(spans(section(title))) for title in ("Update", "Leave"))
    for layer in ("sqlalchemy", "supabase"):
        for name in render({"data_layer": layer, "agents_off": []}).files:
            parents = {f"{parent.as_posix()}/" for parent in Path(name).parents}
            is_yours, is_the_teams = ({name, *parents} & listed for listed in (yours, teams))
            assert is_yours or is_the_teams, name


def test_the_picture_shows_the_roster(*, regenerate: bool) -> None:
    text = picture(evaluate({"agents_off": []}))
    generated_section(README, "team", text, regenerate=regenerate)


def test_the_questions_are_those_of_the_questionnaire(*, regenerate: bool) -> None:
    text = "\n".join([*question_rows(), ""])
    generated_section(README, "questions", text, regenerate=regenerate)


def test_the_recipes_are_those_of_the_table(*, regenerate: bool) -> None:
    text = "\n".join([*recipe_rows(), ""])
    generated_section(README, "recipes", text, regenerate=regenerate)


def question_rows() -> Iterator[str]:
    """A row a question that somebody is asked, with its default."""
    yield "| question | what it asks | default |"
    yield "| --- | --- | --- |"
    for name, question in questions(ROOT).items():
        when = question.get("when", True)
        if when is not False:
            answers = {} if when is True else {"stack": "existing"}
            value = cast("Mapping[str, object]", evaluate(answers))[name]
            only = "" if when is True else "With `stack=existing`: "
            yield f"| `{name}` | {only}{str(question['help']).strip()} | {shown(value)} |"


def shown(value: object) -> str:
    """A default as the questionnaire shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def recipe_rows() -> Iterator[str]:
    choices = cast("Mapping[str, str]", questions(ROOT)["recipe"]["choices"])
    yield "| recipe | what it makes |"
    yield "| --- | --- |"
    for shown, name in choices.items():
        yield f"| `{name}` | {shown.removeprefix(f'{name}: ')} |"
