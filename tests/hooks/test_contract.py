"""The contract is read without a library, as YAML and as JSON."""

from pathlib import Path

import pytest

import contract

CONTRACTS = {
    "YAML": "servers:\n  - url: https://x.io/api\npaths:\n  /a/{b}:\n    get:\n      x: 1\n",
    "quotes": 'servers: [{url: "/api"}]\n"paths":\n    "/a/{b}":\n        "get":\n',
    "JSON": '{"servers": [{"url": "/api/"}], "paths": {"/a/{b}": {"get": {}, "summary": ""}}}',
    "comments": "# paths:\nx: {url: /api}\npaths: # all\n  # A\n  '/a/{b}': # B\n    get: {}\n",
    "deep": "x: {url: /api}\npaths:\n  /a/{b}:\n    get:\n      put: 1\nx:\n  /c:\n    get:\n",
}


@pytest.mark.parametrize("text", CONTRACTS.values(), ids=CONTRACTS)
def test_a_contract_is_read_without_a_library(tmp_path: Path, text: str) -> None:
    path = tmp_path / "openapi"
    path.write_text(text)
    found = contract.operations(str(path))
    assert found == {("GET", "/a/{b}"), ("GET", "/api/a/{b}")}
    assert contract.has(found, "GET", "/a/5")
    assert contract.has(found, "GET", "/api/a/{x}.")
    assert not contract.has(found, "GET", "/a/5/c")
    assert not contract.has(found, "PUT", "/a/5")
    assert not contract.has(found, "GET", "/b/a/5")


def test_no_contract_has_nothing(tmp_path: Path) -> None:
    assert contract.operations(str(tmp_path / "x")) == set()
