"""Everything that is checked in a render. A check gives its faults as sentences, or none."""

from collections.abc import Callable

from tests.render import (
    checks_agents,
    checks_code,
    checks_files,
    checks_names,
    checks_team,
    checks_words,
)
from tests.support.render import Render

Check = Callable[[Render], list[str]]

CHECKS: tuple[Check, ...] = (
    checks_files.no_jinja_left,
    checks_files.every_file_parses,
    checks_files.lines_end_well,
    checks_files.names_fit_everywhere,
    checks_agents.the_team_is_rendered,
    checks_agents.front_matter_is_strict,
    checks_agents.tools_exist,
    checks_agents.agents_have_six_sections,
    checks_agents.agents_have_their_length,
    checks_team.the_map_is_the_tables,
    checks_team.every_path_has_an_owner,
    checks_team.handoffs_are_given_and_taken,
    checks_team.every_handoff_has_its_form,
    checks_team.side_by_side_is_possible,
    checks_names.paths_are_there,
    checks_names.commands_are_there,
    checks_names.skills_are_there,
    checks_names.agents_named_are_in_the_team,
    checks_words.no_text_contradicts_an_answer,
    checks_words.no_passage_stands_twice,
    checks_code.code_shown_parses,
    checks_code.code_shown_imports_what_is_there,
)


def faults(render: Render) -> list[str]:
    """All faults of a render, each with the check that found it."""
    return [f"{check.__name__}: {fault}" for check in CHECKS for fault in check(render)]
