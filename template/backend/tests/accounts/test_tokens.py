from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from app.accounts.ports import Account
from app.accounts.tokens import Issuer, hash_refresh_token, new_refresh_token
from app.auth.tokens import OneSecret, Trust, Verifier

SECRET = "a secret that is long enough for HS256"  # noqa: S105
ANN = Account(
    id=UUID("0198f2a0-0000-7000-8000-000000000001"),
    email="ann@example.com",
    password_hash="-",  # noqa: S106
    scopes=("items:read", "items:write"),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
ISSUER = Issuer(SECRET, "https://api.example.com", "api", timedelta(minutes=15))


def test_a_token_says_who_what_for_whom_and_how_long() -> None:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)

    token = ISSUER.access_token(ANN, at)

    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.pop("jti")
    assert claims == {
        "sub": str(ANN.id),
        "email": "ann@example.com",
        "scope": "items:read items:write",
        "iss": "https://api.example.com",
        "aud": "api",
        "iat": int(at.timestamp()),
        "exp": int(at.timestamp()) + 900,
    }
    assert jwt.get_unverified_header(token)["alg"] == "HS256"


def test_no_two_tokens_are_alike() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)

    assert ISSUER.access_token(ANN, at) != ISSUER.access_token(ANN, at)


async def test_a_verifier_of_the_same_values_trusts_it() -> None:
    verifier = Verifier(Trust(OneSecret(SECRET), "api", "https://api.example.com"))

    caller = await verifier.caller_of(ISSUER.access_token(ANN, datetime.now(UTC)))

    assert caller is not None
    assert (caller.id, caller.email) == (ANN.id, ANN.email)
    assert caller.scopes == {"items:read", "items:write"}


def test_a_refresh_token_is_long_and_random_and_stored_as_a_hash() -> None:
    tokens = {new_refresh_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert {len(hash_refresh_token(token)) for token in tokens} == {32}
