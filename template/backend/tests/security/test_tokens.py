"""No route lets anybody in whom it does not know, or lets them do more than they may."""

import secrets
import time
from collections.abc import Iterator, Mapping

import pytest
from httpx2 import AsyncClient

from app.ids import uuid7
from app.settings import Settings
from tests.auth.sign import LEFT_OUT, bearer, claims_of, secret_of, sign, token_of
from tests.security.leaks import faults_of
from tests.security.routes import Operation

pytestmark = pytest.mark.slow
PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"


@pytest.fixture
def guarded(every_operation: list[Operation]) -> list[Operation]:
    return [operation for operation in every_operation if operation.scopes is not None]


def wrong_tokens(settings: Settings) -> Mapping[str, str]:
    """Give tokens that are right but for one thing."""
    now = int(time.time())
    secret = secret_of(settings)
    claims = claims_of(settings)
    valid = token_of(settings)
    head, body, mac = valid.split(".")
    admin = token_of(settings, scope="admin").split(".")[1]
    return {
        "unsigned": sign(claims, secret, alg="none"),
        "unsigned, in other letters": sign(claims, secret, alg="nOnE"),
        "without its signature": f"{head}.{body}.",
        "of another algorithm with the same key": sign(claims, secret, alg="HS512"),
        "said to be of a key pair": sign(claims, secret, alg="RS256"),
        "signed with a public key": sign(claims, PUBLIC_KEY),
        "signed with no key": sign(claims, ""),
        "signed with another key": sign(claims, secret[::-1]),
        "changed after it was signed": f"{head}.{admin}.{mac}",
        "expired": token_of(settings, exp=now - 60),
        "not valid yet": token_of(settings, nbf=now + 60),
        "issued in the future": token_of(settings, iat=now + 60),
        "of another issuer": token_of(settings, iss="https://elsewhere.example.com"),
        "for another audience": token_of(settings, aud="another-api"),
        "of nobody in particular": token_of(settings, sub="admin"),
        **{
            f"without {claim}": token_of(settings, **{claim: LEFT_OUT})
            for claim in ("sub", "exp", "iat", "iss", "aud")
        },
        "a refresh token": secrets.token_urlsafe(32),
        "very long": valid + "A" * 50_000,
        "two tokens": f"{valid}, {valid}",
        "not even text": "\ud800\x00\r\n",
    }


def sent_with(token: str, operation: Operation) -> Iterator[tuple[Operation, Mapping[str, str]]]:
    """Give the request with a token in each place where the route takes one."""
    yield operation, bearer(token)
    if operation.address:
        yield operation.with_(("query", operation.address), token), {}


async def test_no_route_believes_a_wrong_token(
    guarded: list[Operation], client: AsyncClient, settings: Settings
) -> None:
    faults = []
    for kind, token in wrong_tokens(settings).items():
        for operation, headers in (way for each in guarded for way in sent_with(token, each)):
            response = await operation.send(client, headers)
            faults += [f"{operation}, {kind}: {fault}" for fault in faults_of(response)]
            challenge = response.headers.get("www-authenticate")
            if (response.status_code, challenge) != (401, 'Bearer error="invalid_token"'):
                faults.append(f"{operation}, {kind}: {response.status_code}, {challenge}")

    assert faults == []


async def test_no_route_believes_anything_but_a_bearer_token(
    guarded: list[Operation], client: AsyncClient, settings: Settings
) -> None:
    token = token_of(settings)
    for wrong in ("", "Bearer", "Bearer ", "Basic YTpi", token, f"Token {token}", f"Basic {token}"):
        statuses = {
            str(operation): (await operation.send(client, {"Authorization": wrong})).status_code
            for operation in guarded
        }
        assert statuses == dict.fromkeys(map(str, guarded), 401), wrong


async def test_a_token_in_the_address_is_no_token_unless_a_browser_can_send_no_other(
    guarded: list[Operation], client: AsyncClient, settings: Settings
) -> None:
    for operation in guarded:
        if operation.address:
            assert (operation.method, operation.ends) == ("GET", False)
            continue
        asked = operation.with_(("query", "access_token"), token_of(settings))
        assert (await asked.send(client, {})).status_code == 401


async def test_each_route_wants_all_its_scopes_and_no_more(
    guarded: list[Operation], client: AsyncClient, settings: Settings, ann: Mapping[str, str]
) -> None:
    me = (await client.get("/api/v1/me", headers=ann)).json()["id"]
    for operation in guarded:
        scopes = operation.scopes or ()
        wrong = ("", "admin", "items", "items:*", "ITEMS:READ", "items:reads", " ".join(scopes[1:]))
        tokens = [token_of(settings, scope=scope) for scope in wrong if scopes]
        for asked, headers in (way for each in tokens for way in sent_with(each, operation)):
            response = await asked.send(client, headers)
            assert (str(operation), response.status_code) == (str(operation), 403)
            assert faults_of(response) == []
            assert 'error="insufficient_scope"' in response.headers["www-authenticate"]
        if operation.ends:
            token = token_of(settings, sub=me, scope=" ".join(scopes))
            response = await operation.send(client, bearer(token))
            assert response.status_code not in {401, 403}
            assert faults_of(response) == []


async def test_who_may_only_read_cannot_write(
    guarded: list[Operation], client: AsyncClient, settings: Settings
) -> None:
    for operation in guarded:
        if operation.scopes and operation.method != "GET":
            response = await operation.send(client, bearer(token_of(settings, scope="items:read")))
            assert (str(operation), response.status_code) == (str(operation), 403)


async def test_a_token_of_an_account_that_is_gone_makes_nothing(
    guarded: list[Operation], client: AsyncClient, settings: Settings
) -> None:
    for operation in (each for each in guarded if each.ends):
        response = await operation.send(client, bearer(token_of(settings, sub=str(uuid7()))))
        assert faults_of(response) == []
        if operation.method == "POST":
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
