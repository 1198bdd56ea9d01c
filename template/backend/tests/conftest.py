"""Where fixtures come from: the data layer that is here, and `fixtures.py`.

What measures coverage comes first, before the application is imported. The layer is next: it starts
its database meanwhile.
"""

import gc
import sys
from pathlib import Path

import pytest

gc.disable()  # what is imported stays; looking through it takes half a second
# Schemathesis brings rich, which structlog would load. In production it is not there either.
with pytest.MonkeyPatch.context() as without:
    without.setitem(sys.modules, "rich", None)
    import structlog  # noqa: F401

[STAND] = Path(__file__).parent.glob("adapters/*/stand.py")

pytest_plugins = [
    "tests.coverage",
    f"tests.adapters.{STAND.parent.name}.stand",
    f"tests.adapters.{STAND.parent.name}.users",
    "tests.fixtures",
]


def pytest_collection_finish() -> None:
    """Look after garbage from here on."""
    gc.freeze()
    gc.enable()
