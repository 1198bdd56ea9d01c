"""Every route of the API, and a request to it that is right, as the OpenAPI document tells them.

What is attacked is read from the document, so a new route is attacked without a word here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from httpx2 import AsyncClient, Response

# JSON of any shape.
Part = Any
# Where a client can write: "path", "query", "header" or "body", and a name in it.
Place = tuple[str, str]
SAMPLES = {
    "uuid": "0198f2a0-0000-7000-8000-00000000000f",
    "email": "eve@example.com",
    "date-time": "2026-01-01T12:00:00Z",
    "date": "2026-01-01",
}
TEXTS = ("*", "1", "sample", "a sample of some text")
# A request is right without them, and with them another one than the last.
LEFT_OUT = ("Idempotency-Key", "If-None-Match", "cursor")


@dataclass(frozen=True)
class Operation:
    """A route, and what a right request to it sends."""

    method: str
    path: str
    scopes: tuple[str, ...] | None  # None: anybody may call it
    ends: bool = True  # False: its answer may go on for ever
    address: str | None = None  # where a token may be in the address, the name that it has there
    body: Part = None
    parameters: tuple[Place, ...] = ()
    values: Mapping[Place, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def places(self) -> list[Place]:
        """Where a client can write: each parameter, and each field of the body."""
        return [*self.parameters, *(("body", name) for name in self.body or {})]

    def with_(self, place: Place, value: Part) -> "Operation":
        """Give the same request with another value in one place."""
        if place[0] == "body":
            return replace(self, body=self.body | {place[1]: value})
        return replace(self, values={**self.values, place: value})

    def sent(self, place: str) -> dict[str, str]:
        """Give the parameters of one place."""
        return {name: value for (where, name), value in self.values.items() if where == place}

    @property
    def url(self) -> str:
        """The path and the query, encoded: half a character too."""
        path = self.path
        for name, value in self.sent("path").items():
            path = path.replace(f"{{{name}}}", quote(value, "", errors="surrogatepass"))
        return path + "?" + urlencode(self.sent("query"), errors="surrogatepass")

    async def send(self, client: AsyncClient, headers: Mapping[str, str]) -> Response:
        """Send it. The body is ASCII, so that half a character gets there as well."""
        content = b"" if self.body is None else json.dumps(self.body).encode()
        all_headers = {"Content-Type": "application/json", **headers, **self.sent("header")}
        raw = [
            (name.encode(), value.encode("utf-8", "surrogatepass"))
            for name, value in all_headers.items()
        ]
        return await client.request(self.method, self.url, headers=raw, content=content)


def operations_of(document: Part) -> list[Operation]:
    """Read every route from the document."""
    return [
        operation_of(document, method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def operation_of(document: Part, method: str, path: str, said: Part) -> Operation:
    """Read a route from its part of the document."""
    security = said.get("security")
    schemes = document["components"]["securitySchemes"]
    named = [schemes[name] for way in security or () for name in way]
    content = said.get("requestBody", {}).get("content", {})
    told = {kind for answer in said["responses"].values() for kind in answer.get("content", {})}
    parameters = {(part["in"], part["name"]): part["schema"] for part in said.get("parameters", [])}
    return Operation(
        method=method.upper(),
        path=path,
        scopes=tuple(security[0]["HTTPBearer"]) if security else None,
        ends=all(kind.endswith("json") for kind in told),
        address=next((scheme["name"] for scheme in named if scheme.get("in") == "query"), None),
        body=sample(document, content["application/json"]["schema"]) if content else None,
        parameters=tuple(parameters),
        values={
            place: str(sample(document, schema))
            for place, schema in parameters.items()
            if place[1] not in LEFT_OUT
        },
    )


def sample(document: Part, schema: Part) -> Part:
    """Make up a value that a schema allows."""
    while "$ref" in schema or "anyOf" in schema:
        if "anyOf" in schema:
            schema = schema["anyOf"][0]
        else:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    match schema:
        case {"enum": [first, *_]} | {"const": first}:
            return first
        case {"type": "object", "properties": fields}:
            return {name: sample(document, part) for name, part in fields.items()}
        case {"type": "array", "items": items}:
            return [sample(document, items)]
        case {"type": "integer" | "number"}:
            return schema.get("minimum", 1)
        case {"type": "boolean"}:
            return True
    return sample_of_text(schema)


def sample_of_text(schema: Part) -> str:
    """Make up a text that a schema allows."""
    if schema.get("format") in SAMPLES:
        return SAMPLES[schema["format"]]
    for text in TEXTS:
        fits = re.search(schema.get("pattern", ""), text)
        if fits and schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", 1000):
            return text
    raise NotImplementedError(f"Add a text that fits {schema} to TEXTS.")
