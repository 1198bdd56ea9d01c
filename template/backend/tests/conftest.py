"""Where fixtures come from: the data layer that is here, and `fixtures.py`.

What measures coverage comes first, before the application is imported. The layer is next: it starts
its database meanwhile.
"""

import gc
import sys
from pathlib import Path

gc.disable()  # what is imported stays; looking through it takes half a second
# Other tools bring them, and structlog and mako would load them. In production they are not there.
sys.modules.update(dict.fromkeys(("rich", "mako.ext.pygmentplugin")))  # type: ignore[arg-type]

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
