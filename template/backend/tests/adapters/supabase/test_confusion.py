"""A token chooses neither its key nor its algorithm, whatever a project publishes."""

import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.adapters.supabase.keys import ProjectKeys
from app.auth.tokens import Trust, Verifier
from app.settings import Settings
from tests.adapters.supabase.published import (
    CLAIMS,
    ISSUER,
    SECRET,
    Clock,
    Published,
    is_valid,
    private_key,
    public,
    signed,
)
from tests.auth.sign import sign

PEM = (
    private_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)


@pytest.mark.parametrize(
    "token",
    [
        sign(CLAIMS, PEM.decode(), kid="first"),
        sign(CLAIMS, "", alg="none", kid="first"),
        sign(CLAIMS, PEM.decode(), alg="ES256", kid="first"),
        signed(CLAIMS, "rsa", kid="first"),
        signed(CLAIMS, "second", kid="first"),
        signed(CLAIMS, "shared"),
        signed(CLAIMS, "encrypts"),
        signed({**CLAIMS, "iss": "https://other.supabase.co/auth/v1"}, "first"),
        signed({**CLAIMS, "aud": "anon"}, "first"),
        signed({**CLAIMS, "exp": int(time.time()) - 60}, "first"),
        sign(CLAIMS, SECRET),
        sign(CLAIMS, SECRET, kid="shared"),
    ],
)
async def test_a_token_chooses_neither_its_key_nor_its_algorithm(
    token: str, verifier: Verifier, published: Published
) -> None:
    secret = {"kty": "oct", "k": "YSBzZWNyZXQ", "kid": "shared", "alg": "HS256"}
    odd = [secret, {"kty": "?"}, {}, 1, public("encrypts", use="enc"), public("first", kid=None)]
    published.keys = [*odd, public("first")]  # type: ignore[list-item] # it may say anything

    assert not await is_valid(verifier, token)
    assert await is_valid(verifier, signed(CLAIMS, "first"))


async def test_a_project_may_have_both_a_secret_and_keys(
    published: Published, clock: Clock
) -> None:
    both = ProjectKeys(SECRET, published.address, clock)
    verifier = Verifier(Trust(both, "authenticated", ISSUER))

    for token in (sign(CLAIMS, SECRET), signed(CLAIMS, "first")):
        assert await verifier.caller_of(token) is await verifier.caller_of(token) is not None
    assert not await is_valid(verifier, sign(CLAIMS, "another secret that is long enough too"))


async def test_without_a_project_nobody_is_trusted() -> None:
    verifier = Verifier(Settings.model_construct().trust())

    assert not await is_valid(verifier, signed(CLAIMS, "first"))
    assert not await is_valid(verifier, sign(CLAIMS, SECRET))
