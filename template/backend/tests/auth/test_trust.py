"""What a verifier makes of whom it is told to trust, and what it remembers."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.auth import tokens
from app.auth.tokens import OneSecret, Verifier
from tests.auth.sign import LEFT_OUT, SECRET, SETTINGS, TRUST, token_of


@pytest.fixture
def verifier() -> Verifier:
    return Verifier(TRUST)


class Withdrawn(OneSecret):
    """A secret that is still used, and trusted by nobody."""

    async def find(self, _header: Mapping[str, object]) -> None:
        return None

    def trusts(self, _key: object) -> bool:
        return False


async def test_a_token_whose_key_is_withdrawn_is_not_valid_any_more(verifier: Verifier) -> None:
    token = token_of(SETTINGS)
    assert await verifier.caller_of(token)

    verifier.trust = replace(TRUST, keys=Withdrawn(SECRET))

    assert await verifier.caller_of(token) is None


async def test_of_the_tokens_that_are_remembered_the_last_used_stay(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 2)
    first, second, third = (token_of(SETTINGS, jti=str(number)) for number in range(3))

    for token in (first, second, first, third):
        assert await verifier.caller_of(token)

    assert list(verifier.verified) == [first, third]


async def test_a_token_that_names_no_scopes_has_those_of_everybody(verifier: Verifier) -> None:
    verifier.trust = replace(TRUST, scopes=frozenset({"items:read"}))

    unnamed = await verifier.caller_of(token_of(SETTINGS, scope=LEFT_OUT))
    none = await verifier.caller_of(token_of(SETTINGS, scope=""))

    assert unnamed
    assert none
    assert unnamed.scopes == {"items:read"}
    assert not none.scopes
