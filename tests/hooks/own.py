"""What a project adds to the map of `teamwork`: an agent for phones, with its path and handoffs."""

import json
from pathlib import Path
from typing import Any

from tests.hooks.teamwork import BACKEND, DESIGNER

PHONES, PLACE = "mobile-developer", "mobile/app.kt"
OWN = "team/local.json"
CARD, FORM = f".claude/agents/{PHONES}.md", f"handoff/{PHONES}/README.md"
FROM = {"from": DESIGNER, "what": "the contract"}
TO = {"to": BACKEND, "what": "what the app calls"}


def own(
    *paths: str, name: str = PHONES, owner: str = PHONES, **more: list[dict[str, Any]]
) -> dict[str, Any]:
    """What local.json says; the agent has each path."""
    zones = [{"path": path, "owner": owner} for path in paths or ("mobile/**",)]
    return {"version": 1, "agents": [{"name": name, **more}], "zones": zones}


def put(root: Path, text: object) -> Path:
    """Writes local.json, from what it says or as a text."""
    path = root / OWN
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return path
