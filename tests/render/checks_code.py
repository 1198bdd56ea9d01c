"""The code that skills and documents show: it parses, and imports what the project has."""

import ast
from functools import cache

from tests.render.checks_files import syntax_fault
from tests.support.markdown import Block, blocks, markdown
from tests.support.render import Render

ENDINGS = {"json": ".json", "python": ".py", "py": ".py", "toml": ".toml", "yaml": ".yaml"}


def code_shown_parses(render: Render) -> list[str]:
    """Each block in a language that can be read here; one with front matter in it is Markdown."""
    return [
        f"{name}: {block.language}: {fault}"
        for name, text in markdown(render).items()
        for block in blocks(text)
        if (fault := syntax_fault(ENDINGS.get(block.language, ""), without_fences(block)))
    ]


def without_fences(block: Block) -> str:
    """The block without the dashes that front matter shown as YAML begins and ends with."""
    return block.text.strip().strip("-") if block.language == "yaml" else block.text


def code_shown_imports_what_is_there(render: Render) -> list[str]:
    """What a block imports from `app` is a module of the backend, or one that a block writes.

    An example may go on where another ends, so the block may be on another page.
    """
    faults = []
    pages = {name: blocks(text) for name, text in markdown(render).items()}
    written = {block.path.removeprefix("backend/") for shown in pages.values() for block in shown}
    for name, shown in pages.items():
        for module, wanted in {pair for block in shown for pair in imports(block)}:
            path = module.replace(".", "/")
            files = (f"{path}.py", f"{path}/__init__.py")
            there = [render.files.get(f"backend/{file}") for file in files]
            source = next((text for text in there if text is not None), None)
            if source is None and not written & set(files):
                faults.append(f"{name}: imports {module}, which is not there")
            elif source is not None and wanted not in source and not written & set(files):
                faults.append(f"{name}: imports {wanted}, which {module} does not have")
    return sorted(faults)


@cache
def imports(block: Block) -> frozenset[tuple[str, str]]:
    """The modules of the application that a block imports from, and the names it takes."""
    if ENDINGS.get(block.language) != ".py" or syntax_fault(".py", block.text):
        return frozenset()
    nodes = [node for node in ast.walk(ast.parse(block.text)) if isinstance(node, ast.ImportFrom)]
    return frozenset(
        (str(node.module), alias.name)
        for node in nodes
        if str(node.module).split(".")[0] == "app"
        for alias in node.names
    )
