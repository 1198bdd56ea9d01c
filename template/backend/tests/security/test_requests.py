"""Requests that are no requests: too long, too deep, not text, not JSON, or not what they say."""

from collections.abc import AsyncIterator, Mapping

import pytest
from httpx2 import AsyncClient

from tests.security.leaks import faults_of
from tests.security.routes import Operation

pytestmark = pytest.mark.slow
JSON = {"Content-Type": "application/json"}
BODIES = {
    "nothing": (b"", {422}),
    "half of it": (b'{"name": ', {422}),
    "two of it": (b"{}{}", {422}),
    "no object": (b"null", {422}),
    "a list": (b"[]", {422}),
    "a text": (b'"{}"', {422}),
    "not UTF-8": (b'{"name": "\xff\xfe"}', {400, 422}),
    "an overlong NUL": (b'{"name": "\xc0\x80"}', {400, 422}),
    "a bare NUL": (b'{"name": "a\x00b"}', {400, 422}),
    "no JSON": (b"name=a&email=b", {400, 422}),
    "XML": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', {422}),
    "a number that is none": (b'{"name": NaN}', {422}),
    "a number that is too long": (b'{"name": ' + b"9" * 9000 + b"}", {400, 422}),
    "very deep lists": (b"[" * 90_000, {400, 422}),
    "very deep objects": (b'{"a":' * 15_000, {400, 422}),
    "a deep value": (b'{"name": ' + b"[" * 900 + b"]" * 900 + b"}", {400, 422}),
    "a key of an object's class": (b'{"__proto__": {}, "__class__": "a"}', {422}),
    "too long": (b'{"name": "' + b"a" * 100_000 + b'"}', {413}),
}
ODD_HEADERS = (
    b"Accept",
    b"Cookie",
    b"Forwarded",
    b"Host",
    b"Origin",
    b"Traceparent",
    b"X-Forwarded-For",
    b"X-Forwarded-Host",
    b"X-HTTP-Method-Override",
    b"X-Request-ID",
)
PATHS = (
    "/api/v1/items/..%2fme",
    "/api/v1/items/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/api/v1/items/%00",
    "/api/v1/items/%ff%fe",
    "/api/v1/items/%0d%0aSet-Cookie:%20stolen=1",
    "/api/v1/items/0198f2a0-0000-7000-8000-00000000000f%00",
    "/api/v1/items/*",
    "/api/v1//items",
    "/api/v1/items/",
    "/api/v1/ITEMS",
    "//evil.example.com/..",
    "/.env",
    "/app/settings.py",
)


@pytest.fixture
def with_body(operations: list[Operation]) -> list[Operation]:
    return [operation for operation in operations if operation.body is not None]


async def test_a_body_that_is_none_is_refused_by_every_route(
    with_body: list[Operation], client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    for operation in with_body:
        headers = {**mallory, **JSON, **operation.sent("header")}
        for kind, (body, statuses) in BODIES.items():
            response = await client.request(
                operation.method, operation.url, content=body, headers=headers
            )
            assert response.status_code in statuses, f"{operation}, {kind}"
            assert faults_of(response) == []


async def test_a_body_that_hides_its_length_is_refused_too(
    with_body: list[Operation], client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 10_000

    for operation in with_body:
        headers = {**mallory, **JSON, **operation.sent("header")}
        response = await client.request(
            operation.method, operation.url, content=parts(), headers=headers
        )
        assert response.status_code == 413
        assert faults_of(response) == []


async def test_a_form_of_another_site_cannot_pass_for_json(
    with_body: list[Operation], client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    for operation in with_body:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            response = await operation.send(client, {**mallory, "Content-Type": kind})

            assert response.status_code in {415, 422}
            assert faults_of(response) == []


async def test_of_a_key_that_is_there_twice_the_last_counts_everywhere(
    client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    response = await client.post(
        "/api/v1/items",
        content=b'{"name": "first", "name": "last"}',
        headers={**mallory, **JSON},
    )

    assert (response.status_code, response.json()["name"]) == (201, "last")


async def test_no_header_gets_into_an_answer_unless_it_is_harmless(
    operations: list[Operation], client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    for value in (b"a\r\nSet-Cookie: stolen=1", b"a\x00b\xff\xfe", b"evil.example.com"):
        for operation in operations:
            headers = {**JSON, **mallory, **operation.sent("header")}
            response = await client.request(
                operation.method,
                operation.url,
                json=operation.body,
                headers=[
                    *((name.encode(), said.encode()) for name, said in headers.items()),
                    *((name, value) for name in ODD_HEADERS),
                ],
            )
            assert faults_of(response) == [], operation
            assert "set-cookie" not in response.headers
            assert "evil.example.com" not in response.headers.get("location", "")


async def test_no_path_leads_anywhere_else(client: AsyncClient, mallory: Mapping[str, str]) -> None:
    for path in PATHS:
        response = await client.get("http://test" + path, headers=mallory)

        assert response.status_code in {404, 422}, path
        assert faults_of(response) == []


async def test_a_method_that_a_route_has_not_is_refused(
    operations: list[Operation], client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    for operation in operations:
        for method in ("PUT", "TRACE", "CONNECT", "PROPFIND", "GET\r\nX: 1"):
            response = await client.request(method, operation.url, headers=mallory)

            assert response.status_code == 405
            assert faults_of(response) == []


async def test_only_the_named_origins_may_call_from_a_browser(client: AsyncClient) -> None:
    origins = {
        "https://app.example.com": True,
        "https://app.example.com.evil.org": False,
        "https://evil.org": False,
        "http://app.example.com": False,
        "https://app.example.com:444": False,
        "null": False,
        "*": False,
    }
    for origin, allowed in origins.items():
        preflight = await client.options(
            "/api/v1/items",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "authorization, if-match, content-type",
            },
        )
        called = await client.get("/health/live", headers={"Origin": origin})

        assert preflight.status_code == (200 if allowed else 400)
        for response in (preflight, called):
            shared = response.headers.get("access-control-allow-origin")
            assert shared == (origin if allowed else None)
            assert "access-control-allow-credentials" not in response.headers
