import json
import time
from collections.abc import Iterator

import pytest

from app.auth import tokens
from app.auth.tokens import LEEWAY, Verifier
from tests.auth.sign import (
    ANN,
    LEFT_OUT,
    SECRET,
    SETTINGS,
    TRUST,
    claims_of,
    encode,
    sign,
    token_of,
)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(clock: Clock) -> Verifier:
    return Verifier(TRUST, clock)


async def test_a_valid_token_names_the_caller(verifier: Verifier) -> None:
    token = token_of(SETTINGS)

    caller = await verifier.caller_of(token)

    assert caller is not None
    assert (caller.id, caller.email, caller.token) == (ANN, "ann@example.com", token)
    assert caller.scopes == {"items:read", "items:write"}


@pytest.mark.parametrize("claim", ["email", "scope"])
async def test_a_token_need_not_say_the_address_and_the_scopes(
    verifier: Verifier, claim: str
) -> None:
    caller = await verifier.caller_of(token_of(SETTINGS, **{claim: LEFT_OUT}))

    assert caller is not None
    assert not (caller.email and caller.scopes)


@pytest.mark.parametrize("claim", ["sub", "exp", "iat", "iss", "aud"])
@pytest.mark.parametrize("value", [LEFT_OUT, None])
async def test_the_other_claims_are_required(verifier: Verifier, claim: str, value: object) -> None:
    assert await verifier.caller_of(token_of(SETTINGS, **{claim: value})) is None


@pytest.mark.parametrize("claim", ["sub", "exp", "nbf", "iat", "iss", "aud", "email", "scope"])
async def test_a_claim_of_another_kind_makes_no_error(verifier: Verifier, claim: str) -> None:
    for value in (True, -1, 1e308, float("inf"), "x", "9" * 5000, [], ["x"], [[1]], {}, {"x": 1}):
        caller = await verifier.caller_of(token_of(SETTINGS, **{claim: value}))

        assert caller is None or (claim, value) in ACCEPTED


# Where one of these values is none that misleads: a number is a time, and any text may be said.
ACCEPTED: list[tuple[str, object]] = [
    ("exp", 1e308),
    ("nbf", True),
    ("nbf", -1),
    ("iat", True),
    ("iat", -1),
    ("email", "x"),
    ("email", "9" * 5000),
    ("scope", "x"),
    ("scope", "9" * 5000),
]


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example.com"},
        {"iss": "https://issuer.example.com/"},
        {"iss": ["https://issuer.example.com"]},
        {"aud": "another-api"},
        {"aud": ["another-api"]},
        {"sub": "ann"},
        {"sub": "' OR 1=1 --"},
    ],
)
async def test_a_token_for_others_or_of_others_is_not_valid(
    verifier: Verifier, changed: dict[str, object]
) -> None:
    assert await verifier.caller_of(token_of(SETTINGS, **changed)) is None


async def test_a_token_may_be_for_several_audiences(verifier: Verifier) -> None:
    assert await verifier.caller_of(token_of(SETTINGS, aud=["another-api", "api"]))


@pytest.mark.parametrize(
    ("claim", "seconds", "valid"),
    [
        ("exp", -LEEWAY - 1, False),
        ("exp", -LEEWAY + 2, True),
        ("nbf", LEEWAY - 2, True),
        ("nbf", LEEWAY + 2, False),
        ("iat", LEEWAY - 2, True),
        ("iat", LEEWAY + 2, False),
    ],
)
async def test_clocks_may_differ_a_little(
    verifier: Verifier, claim: str, seconds: int, *, valid: bool
) -> None:
    token = token_of(SETTINGS, **{claim: int(time.time()) + seconds})

    assert (await verifier.caller_of(token) is not None) is valid


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", ""])
async def test_only_the_named_algorithm_counts(verifier: Verifier, alg: str) -> None:
    assert await verifier.caller_of(sign(claims_of(SETTINGS), SECRET, alg=alg)) is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": None},
        {"alg": ["HS256"]},
        {"alg": {"HS256": 1}},
        {"kid": ["x"]},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
    ],
)
async def test_a_header_that_makes_no_sense_makes_no_error(
    verifier: Verifier, header: dict[str, object]
) -> None:
    assert await verifier.caller_of(sign(claims_of(SETTINGS), SECRET, **header)) is None


@pytest.mark.parametrize(
    "header", [{"jwk": {"kty": "oct", "k": encode(b"mine")}}, {"jku": "https://evil.example.com"}]
)
async def test_a_key_that_a_token_brings_along_is_not_used(
    verifier: Verifier, header: dict[str, object]
) -> None:
    assert await verifier.caller_of(sign(claims_of(SETTINGS), "mine", **header)) is None


@pytest.mark.parametrize("key", ["", "another secret that is long enough too", SECRET + " "])
async def test_another_key_is_not_trusted(verifier: Verifier, key: str) -> None:
    assert await verifier.caller_of(sign(claims_of(SETTINGS), key)) is None


def forgeries() -> Iterator[str]:
    """Give a valid token with something done to each of its parts."""
    head, body, mac = token_of(SETTINGS).split(".")
    hers = encode(b'{"sub": "0198f2a0-0000-7000-8000-000000000002"}')
    yield from (f"{head}.{hers}.{mac}", f"{head}.{body}.", f"{head}.{body}", f"{head}..{mac}")
    yield from (f"{head}.{body}.{mac[::-1]}", f"{head}.{body}.{mac}.{mac}", f".{body}.{mac}")
    yield from ("", ".", "..", "...", "é.é.é", "\x00.\x00.\x00", "null.null.null", "\ud800")
    for part in (b"[" * 2000, b'"x"', b"[]", b"1e999", b"\xff", b'{"alg": "HS256"', b"{" * 2000):
        yield f"{encode(part)}.{body}.{mac}"
        yield f"{head}.{encode(part)}.{mac}"
    for said in ("null", "1", '"x"', "[]", "[[[]]]"):
        yield sign(json.loads(said), SECRET)


async def test_what_is_no_token_makes_no_error(verifier: Verifier) -> None:
    for token in forgeries():
        assert await verifier.caller_of(token) is None, token


async def test_a_very_long_token_is_not_looked_at(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MAX_LENGTH", 100)

    assert await verifier.caller_of(token_of(SETTINGS)) is None
    assert not verifier.verified


async def test_a_token_is_verified_once_and_still_expires(verifier: Verifier, clock: Clock) -> None:
    token = token_of(SETTINGS)
    first = await verifier.caller_of(token)

    assert await verifier.caller_of(token) is first
    assert list(verifier.verified) == [token]
    clock.now += 900 + LEEWAY + 1
    assert await verifier.caller_of(token) is None


async def test_refused_tokens_are_not_remembered(verifier: Verifier) -> None:
    for token in ("a.b.c", token_of(SETTINGS, aud="another-api")):
        assert await verifier.caller_of(token) is None

    assert not verifier.verified
