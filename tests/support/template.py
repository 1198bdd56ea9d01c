"""Which template is under test: a plain copy of this repository's, made once per test run."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# All that Copier reads; nothing else of the repository may matter to a render.
PARTS = ("copier.yml", "copier", "extensions", "hooks", "template")

# Set by tests/conftest.py before the workers start, so that they inherit it.
VARIABLE = "BATON_TEMPLATE"


def plain_copy(destination: Path) -> Path:
    """Copies the template without git, which Copier would otherwise clone, commit and question."""
    unwanted = shutil.ignore_patterns("__pycache__", ".*_cache", ".venv")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, destination / part, ignore=unwanted)
        else:
            destination.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, destination / part)
    return destination


def template() -> Path:
    """The copy that this run tests, or the repository itself outside a test run."""
    return Path(os.environ.get(VARIABLE, ROOT))
