"""Faults in agents, skills, the map and the handoffs, and what looks like one and is none."""

from tests.render import checks_agents as agents
from tests.render import checks_team as team
from tests.render.plants import Plant, added, appended, dropped, swapped

ARCHITECT = ".claude/agents/architect.md"
MAP = "team/team.json"
FEATURE = ".claude/skills/feature/SKILL.md"
QUOTED = r'^description: "[^"]+"'

FAULTS = [
    Plant(agents.the_team_is_rendered, dropped(ARCHITECT), "architect is in the team and has no"),
    Plant(agents.the_team_is_rendered, added(".claude/agents/aide.md", ""), "aide has a file and"),
    Plant(agents.front_matter_is_strict, swapped(ARCHITECT, "^model", "name: x\nmodel"), "twice"),
    Plant(agents.front_matter_is_strict, swapped(ARCHITECT, "^model", "path: x\nmodel"), "key p"),
    Plant(agents.front_matter_is_strict, swapped(ARCHITECT, "^name: a", "name: A"), "its name is"),
    Plant(agents.front_matter_is_strict, swapped(ARCHITECT, "^---\n", ""), "has no description"),
    Plant(agents.front_matter_is_strict, swapped(ARCHITECT, ': "', ': x: "'), "are not allowed"),
    Plant(
        agents.front_matter_is_strict,
        swapped(ARCHITECT, QUOTED, "description: Use when it rains."),
        "not in double quotes",
    ),
    Plant(
        agents.front_matter_is_strict,
        swapped(ARCHITECT, QUOTED, 'description: "Designs everything."'),
        "no sentence that begins with Use when",
    ),
    Plant(
        agents.front_matter_is_strict,
        swapped(ARCHITECT, QUOTED, 'description: "Use when it rains. Or snows."'),
        "no sentence that begins with Use when",
    ),
    Plant(
        agents.front_matter_is_strict,
        swapped(ARCHITECT, QUOTED, f'description: "Use when {"x" * 151}."'),
        "its description has 161 characters",
    ),
    Plant(
        agents.front_matter_is_strict,
        swapped(FEATURE, "^name: feature", "name: features"),
        "skill feature: its name is 'features'",
    ),
    Plant(agents.tools_exist, swapped(ARCHITECT, "^tools: ", "tools: Grep, "), "called 'Grep'"),
    Plant(
        agents.tools_exist,
        swapped(ARCHITECT, "^tools: ", "tools: mcp__ref__ref_read_url, "),
        "no tool is called 'mcp__ref__ref_read_url'",
        {"docs_lookup": "context7"},
    ),
    Plant(agents.tools_exist, swapped(ARCHITECT, "^model: opus", "model: gpt"), "called 'gpt'"),
    Plant(agents.tools_exist, swapped(ARCHITECT, "^color: .*?$", "color: teal"), "called 'teal'"),
    Plant(
        agents.agents_have_six_sections,
        swapped(ARCHITECT, "^## Report", "## End"),
        "over, End",
    ),
    Plant(agents.agents_have_six_sections, appended(ARCHITECT, "## More\n"), "Report, More"),
    Plant(agents.agents_have_their_length, appended(ARCHITECT, "word " * 200), "words, "),
    Plant(agents.agents_have_their_length, appended(ARCHITECT, "w" * 2000), "characters"),
    Plant(agents.agents_have_their_length, swapped(ARCHITECT, "## Work.*", ""), "words, "),
    Plant(
        team.the_map_is_the_tables,
        swapped(MAP, r'("docs/architecture.md", "owner": )"architect"', r'\1"human"'),
        "has docs/architecture.md of human",
    ),
    Plant(
        team.the_map_is_the_tables,
        swapped(MAP, r'^    \{"path": "docs/architecture.md".*?\n', ""),
        "lacks docs/architecture.md of architect",
    ),
    Plant(
        team.the_map_is_the_tables,
        swapped(MAP, r'(^    \{"path": "docs/arch.*?\n)(.*?\n)', r"\2\1"),
        "its zones are in another order",
    ),
    Plant(
        team.the_map_is_the_tables, swapped(MAP, '"name": "architect"', '"name": "x"'), "agents are"
    ),
    Plant(
        team.the_map_is_the_tables,
        swapped(MAP, '"what": "entities and relations"', '"what": "wishes"'),
        "hands_to makes up ('architect', 'database-architect', 'wishes')",
    ),
    Plant(
        team.every_path_has_an_owner,
        swapped(MAP, r'^    \{"path": "\*\*", .*?\n', ""),
        "AGENTS.md has no owner",
    ),
    Plant(
        team.every_path_has_an_owner,
        swapped(MAP, r'(".claude/\*\*", "owner": )"human"', r'\1"nobody"'),
        "belongs to nobody, who is not in the team",
    ),
    Plant(
        team.handoffs_are_given_and_taken,
        swapped(ARCHITECT, "^- database-architect: entities[^\n]*\n", ""),
        "architect does not say that it hands database-architect entities and relations",
    ),
    Plant(
        team.handoffs_are_given_and_taken,
        swapped(".claude/agents/database-architect.md", "^- architect: entities[^\n]*\n", ""),
        "database-architect does not say that it takes from architect entities and relations",
    ),
    Plant(
        team.handoffs_are_given_and_taken,
        swapped(ARCHITECT, "^## Work", "- code-reviewer: its view\n\n## Work"),
        "architect reads from code-reviewer, who writes nothing for it",
    ),
    Plant(
        team.every_handoff_has_its_form, dropped("handoff/architect/README.md"), "architect has no"
    ),
    Plant(
        team.every_handoff_has_its_form,
        added("handoff/aide/README.md", ""),
        "aide has a form and is not in the team",
    ),
    Plant(
        team.every_handoff_has_its_form,
        swapped("handoff/architect/README.md", "^## Entities", "## Things"),
        "architect: its form has Decisions, API patterns",
    ),
    Plant(
        team.every_handoff_has_its_form,
        swapped("handoff/architect/README.md", "^## Looked up", "## Read"),
        "of Decisions, API patterns, Auth strategy, Structure, Entities, Looked up",
        {"docs_lookup": "ref"},
    ),
    Plant(
        team.side_by_side_is_possible,
        swapped(FEATURE, r"^\| 2 (\| \w+ \| `database-architect`)", r"| 1 \1"),
        "database-architect waits for architect, whose round is not before",
    ),
    Plant(
        team.side_by_side_is_possible,
        swapped(FEATURE, r"^\| \d (\| \w+ \| `code-reviewer`)", r"| 2 \1"),
        "code-reviewer waits for database-architect, whose round is not before",
    ),
    Plant(
        team.side_by_side_is_possible,
        appended(FEATURE, "`architect` and `test-engineer` run\nside by side.\n"),
        "test-engineer waits for architect and is said to run beside",
    ),
    Plant(
        team.side_by_side_is_possible,
        swapped(MAP, r'("name": "architect".*?"beside": \[)', r'\1"code-reviewer", '),
        "code-reviewer waits for architect and is said to run beside",
    ),
    Plant(
        team.side_by_side_is_possible,
        swapped(FEATURE, r"^\| \d \| \w+ \| `architect`[^\n]*\n", ""),
        "architect has no round",
    ),
]
HARMLESS = [
    Plant(
        agents.front_matter_is_strict,
        swapped(ARCHITECT, QUOTED, 'description: "Use when a.py or v1.2 is due."'),
        "",
    ),
    Plant(
        agents.tools_exist,
        swapped(ARCHITECT, "^tools: ", "tools: mcp__ref__ref_read_url, "),
        "",
        {"docs_lookup": "ref"},
    ),
    Plant(agents.agents_have_six_sections, appended(ARCHITECT, "```md\n## Inside\n```\n"), ""),
]
