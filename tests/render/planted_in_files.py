"""Faults in any file and in the code that texts show, and what looks like one and is none."""

from tests.render import checks_code as code
from tests.render import checks_files as files
from tests.render import checks_words as words
from tests.render.plants import Plant, added, appended

PAGE = "AGENTS.md"
FAULTS = [
    Plant(files.no_jinja_left, appended(PAGE, "{{ run }}pytest\n"), "{{ run }}pytest"),
    Plant(files.no_jinja_left, added("app.py", "{% if sse %}\n"), "app.py:1: {% if sse %}"),
    Plant(files.no_jinja_left, added("app.py", 'NAME = "{{ slug }}"\n'), 'app.py:1: NAME = "{{'),
    Plant(files.no_jinja_left, added(".github/a.yml", "on: {# x #}\n"), ".github/a.yml:1"),
    Plant(files.every_file_parses, added("a.json", "{"), "a.json: Expecting"),
    Plant(files.every_file_parses, added("a.yaml", "a: 1\na: 3\n"), "twice in one mapping: a"),
    Plant(files.every_file_parses, added("a.yml", "a: [\n"), "a.yml: while parsing"),
    Plant(files.every_file_parses, added("a.toml", "a =\n"), "a.toml: Invalid value"),
    Plant(files.every_file_parses, added("a.py", "def a(:\n"), "a.py: invalid syntax"),
    Plant(files.every_file_parses, added("a.ini", "[a]\n[a]\n"), "section 'a' already exists"),
    Plant(files.lines_end_well, added("a.txt", "one\r\ntwo\r\n"), "carriage return"),
    Plant(files.lines_end_well, added("a.txt", "one\ntwo"), "does not end in one newline"),
    Plant(files.lines_end_well, added("a.txt", "one\n\n"), "does not end in one newline"),
    Plant(files.lines_end_well, added("a.txt", "one \n\t\ntwo\n"), "spaces end line 1, 2"),
    Plant(files.names_fit_everywhere, added('docs/a"b.md', ""), "is refused on Windows"),
    Plant(files.names_fit_everywhere, added("docs/a|b.md", ""), "is refused on Windows"),
    Plant(files.names_fit_everywhere, added("docs/aux.md", ""), "'aux.md' is refused"),
    Plant(files.names_fit_everywhere, added("docs./a.md", ""), "'docs.' is refused"),
    Plant(files.names_fit_everywhere, added("Agents.md", ""), "agents.md: twice but for case"),
    Plant(files.names_fit_everywhere, added("d/" * 60 + "a", ""), "is too long"),
    Plant(code.code_shown_parses, appended(PAGE, "```python\nasync def a(:\n```\n"), "python: inv"),
    Plant(code.code_shown_parses, appended(PAGE, "- x\n\n  ```yaml\n  a: [\n  ```\n"), "yaml: "),
    Plant(
        code.code_shown_imports_what_is_there,
        appended(PAGE, "```python\nfrom app.nothing import Thing\n```\n"),
        "imports app.nothing, which is not there",
    ),
    Plant(
        code.code_shown_imports_what_is_there,
        appended(PAGE, "```python\nfrom app.errors import Nothing\n```\n"),
        "imports Nothing, which app.errors does not have",
    ),
    Plant(
        words.no_passage_stands_twice,
        appended(PAGE, "One.\nTwo.\nThree.\n\nBetween.\n\nOne.\n\nTwo.\nThree.\n"),
        "twice: One. / Two. / Three.",
    ),
]
HARMLESS = [
    Plant(files.no_jinja_left, added(".github/a.yml", "on: ${{ github.ref }}\n"), ""),
    Plant(files.no_jinja_left, added("a.py", 'f"{where}{{model}}"\n'), ""),
    Plant(files.every_file_parses, added("a.yaml", "<<: &a {b: 1}\nb: 2\n"), ""),
    Plant(files.lines_end_well, added("py.typed", ""), ""),
    Plant(files.names_fit_everywhere, added("docs/console.md", ""), ""),
    Plant(code.code_shown_parses, appended(PAGE, "```yaml\n---\na: 1\n---\n```\n"), ""),
    Plant(
        code.code_shown_imports_what_is_there,
        appended(
            PAGE, "```python\n# backend/app/notes/ports.py\nfrom app.notes.ports import A\n```\n"
        ),
        "",
    ),
    Plant(words.no_passage_stands_twice, added("README.md", "One.\nTwo.\nThree.\n" * 2), ""),
]
