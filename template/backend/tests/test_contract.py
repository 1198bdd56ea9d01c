"""The contract is docs/openapi.yaml. The app serves it, no more and no less."""

from pathlib import Path

import pytest
import yaml
from httpx2 import AsyncClient

from app.contract import Part, answers, header

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
SHARED = ("headers", "parameters", "responses")


def in_full(part: object, shared: dict[str, dict[str, object]]) -> object:
    """Put what the contract says once where it refers to it, as the app serves it."""
    match part:
        case {"$ref": str(where)} if where.split("/")[2] in shared:
            _, _, kind, name = where.split("/")
            return in_full(shared[kind][name], shared)
        case dict():
            return {key: in_full(value, shared) for key, value in part.items()}
        case list():
            return [in_full(each, shared) for each in part]
    return part


def drift(promised: object, served: object, *at: str) -> list[str]:
    """Name each part in which two documents differ, but for what FastAPI adds of its own.

    It gives titles, and repeats the description of a parameter in its schema.
    """
    added = {"title", "description"} if at[-1:] == ("schema",) else {"title"}
    match promised, served:
        case dict(), dict():
            keys = [key for key in promised | served if key in promised or key not in added]
            return [
                fault
                for key in keys
                for fault in drift(promised.get(key), served.get(key), *at, str(key))
            ]
        case list(), list() if len(promised) == len(served):
            pairs = enumerate(zip(promised, served, strict=True), start=1)
            return [fault for n, pair in pairs for fault in drift(*pair, *at, f"no. {n}")]
    if promised == served:
        return []
    told = [f"contract: {promised!r}", f"app: {served!r}"]
    return ["\n    ".join([" > ".join(at), *(line.replace("None", "nothing") for line in told)])]


def test_the_app_serves_what_the_contract_promises(described: Part) -> None:
    contract = yaml.load(CONTRACT.read_text(encoding="utf-8"), yaml.CSafeLoader)
    shared = {kind: contract["components"].pop(kind) for kind in SHARED}

    faults = drift(in_full(contract, shared), described)

    assert not faults, "\n".join(["docs/openapi.yaml and the app differ.", *faults])


def parameter(**more: object) -> dict[str, object]:
    schema = {"type": "string", "description": "What.", "title": "Q"}
    return {"paths": {"/a": {"parameters": [{"name": "q", "schema": schema, **more}]}}}


def test_the_titles_and_repetitions_of_fastapi_are_no_drift() -> None:
    promised = {"paths": {"/a": {"parameters": [{"name": "q", "schema": {"type": "string"}}]}}}

    assert drift(promised, parameter()) == []


@pytest.mark.parametrize(
    ("served", "faults"),
    [
        (
            {"info": {"title": "B"}, "paths": {"/a": {"get": {}}}},
            ["info > title\n    contract: 'A'\n    app: 'B'"],
        ),
        (
            {"info": {"title": "A"}, "paths": {"/a": {"get": {"tags": ["b"]}}}},
            ["paths > /a > get > tags\n    contract: nothing\n    app: ['b']"],
        ),
        (
            {"info": {"title": "A"}, "paths": {"/b": {"get": {}}}},
            [
                "paths > /a\n    contract: {'get': {}}\n    app: nothing",
                "paths > /b\n    contract: nothing\n    app: {'get': {}}",
            ],
        ),
    ],
)
def test_drift_is_named_part_by_part(served: object, faults: list[str]) -> None:
    assert drift({"info": {"title": "A"}, "paths": {"/a": {"get": {}}}}, served) == faults


def test_drift_is_named_in_each_entry_of_a_list() -> None:
    assert drift(parameter(), parameter(name="x")) == [
        "paths > /a > parameters > no. 1 > name\n    contract: 'q'\n    app: 'x'"
    ]
    assert drift([1], [1, 2], "tags") == ["tags\n    contract: [1]\n    app: [1, 2]"]


def test_what_the_contract_refers_to_is_read_where_it_is_referred_to() -> None:
    shared: dict[str, dict[str, object]] = {
        "responses": {"Gone": {"headers": {"Etag": {"$ref": "#/components/headers/Etag"}}}},
        "headers": {"Etag": {"required": True}},
    }
    written = [{"$ref": "#/components/responses/Gone"}, {"$ref": "#/components/schemas/A"}]

    assert in_full(written, shared) == [
        {"headers": {"Etag": {"required": True}}},
        {"$ref": "#/components/schemas/A"},
    ]


async def test_a_method_that_a_path_has_not_is_told_which_it_has(client: AsyncClient) -> None:
    probe = await client.post("/health/live")
    page = await client.post("/docs")

    assert (probe.status_code, probe.headers["Allow"]) == (405, "GET")
    assert probe.json()["code"] == "http_405"
    assert page.status_code == 405
    assert set(page.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_an_answer_is_described_with_the_headers_that_it_always_or_sometimes_has() -> None:
    described = answers("A thing", {"ETag": header("Which."), "Age": header("", always=False)})

    assert described == {
        "description": "A thing",
        "headers": {
            "ETag": {"description": "Which.", "schema": {"type": "string"}, "required": True},
            "Age": {"description": "", "schema": {"type": "string"}},
        },
    }
