"""The contract is docs/openapi.yaml. The app serves it, no more and no less."""

from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.yaml"


def drift(promised: object, served: object, at: str = "") -> list[str]:
    """Name each part in which two documents differ, but for the titles that Pydantic adds."""
    if isinstance(promised, dict) and isinstance(served, dict):
        return [
            fault
            for key in promised | served
            if key in promised or key != "title"
            for fault in drift(promised.get(key), served.get(key), f"{at} {key}".strip())
        ]
    if promised == served:
        return []
    return [f"{at}: the contract says {promised!r}, the app {served!r}"]


def test_the_app_serves_what_the_contract_promises(app: FastAPI) -> None:
    promised = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))

    assert drift(promised, app.openapi()) == []


@pytest.mark.parametrize(
    ("served", "faults"),
    [
        ({"info": {"title": "A"}, "paths": {"/a": {"get": {}}}}, []),
        (
            {"info": {"title": "B"}, "paths": {"/a": {"get": {}}}},
            ["info title: the contract says 'A', the app 'B'"],
        ),
        (
            {"info": {"title": "A"}, "paths": {"/b": {"get": {}}}},
            [
                "paths /a: the contract says {'get': {}}, the app None",
                "paths /b: the contract says None, the app {'get': {}}",
            ],
        ),
    ],
)
def test_drift_is_named_part_by_part(served: dict[str, object], faults: list[str]) -> None:
    promised = {"info": {"title": "A"}, "paths": {"/a": {"get": {}}}}

    assert drift(promised, served) == faults
