"""Access tokens: who is trusted to sign them, and what they say."""

import math
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import jwt

ALGORITHM = "HS256"
REQUIRED = ("sub", "exp", "iat", "aud")

# What the clocks of two machines may differ by, in seconds.
LEEWAY = 10

# Longer ones are not looked at; those of this API have some hundred characters.
MAX_LENGTH = 8_192

# A verified token is not verified again while it is among the last ones used.
REMEMBERED = 1_024


class Keys(Protocol):
    """What tokens may be signed with. Each key is for one algorithm, whatever a token says."""

    async def find(self, header: Mapping[str, object]) -> jwt.PyJWK | None:
        """Give the key that a token must be signed with, or None: nobody trusted signed it.

        UnavailableError: that cannot be told now.
        """
        ...

    def trusts(self, key: jwt.PyJWK) -> bool:
        """Say whether a key that was found is still one to trust."""
        ...


class OneSecret:
    """A secret that this API shares with whoever issues the tokens."""

    def __init__(self, secret: str) -> None:
        """Make the key of the secret."""
        encoded = urlsafe_b64encode(secret.encode()).decode()
        self.key = jwt.PyJWK({"kty": "oct", "alg": ALGORITHM, "k": encoded})

    async def find(self, _header: Mapping[str, object]) -> jwt.PyJWK | None:
        """Give the only key."""
        return self.key

    def trusts(self, key: jwt.PyJWK) -> bool:
        """Say whether a key is the only one."""
        return key is self.key


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are valid: their keys, for whom they are, and who issues them if they say so."""

    keys: Keys
    audience: str
    issuer: str | None = None
    scopes: frozenset[str] = frozenset()  # of a user whose token names none


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as a valid token tells it."""

    id: UUID
    email: str
    scopes: frozenset[str]
    token: str
    valid_until: float = math.inf


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found out about a token, to be believed until it expires or its key is withdrawn."""

    caller: Caller
    key: jwt.PyJWK


class Verifier:
    """Tells whom a token names."""

    def __init__(self, trust: Trust, clock: Callable[[], float] = time.time) -> None:
        """Trust these, and tell by this clock what has expired."""
        self.trust = trust
        self.clock = clock
        self.verified: OrderedDict[str, Verified] = OrderedDict()

    async def caller_of(self, token: str) -> Caller | None:
        """Give whom a token names, or None for one that is not valid now."""
        if len(token) > MAX_LENGTH:
            return None
        known = self.verified.get(token)
        if known is None or not self.trust.keys.trusts(known.key):
            try:
                known = await self.verify(token)
            except (jwt.PyJWTError, TypeError, ValueError):
                return None
        self.verified.move_to_end(token)
        return known.caller if self.clock() < known.caller.valid_until else None

    async def verify(self, token: str) -> Verified:
        """Verify a token and remember it. It raises if the token is not valid."""
        key = await self.trust.keys.find(jwt.get_unverified_header(token))
        if key is None:
            raise jwt.InvalidKeyError("Nobody trusted signed it.")
        issuer = self.trust.issuer
        claims = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=issuer,
            audience=self.trust.audience,
            leeway=LEEWAY,
            options={"require": [*REQUIRED, *(["iss"] if issuer else [])]},
        )
        email, scope = claims.get("email", ""), claims.get("scope")
        if not isinstance(email, str) or not isinstance(scope, str | None):
            raise TypeError("A claim is no string.")
        scopes = self.trust.scopes if scope is None else frozenset(scope.split())
        until = int(claims["exp"]) + LEEWAY
        caller = Caller(UUID(claims["sub"]), email, scopes, token, until)
        known = self.verified[token] = Verified(caller, key)
        if len(self.verified) > REMEMBERED:
            self.verified.popitem(last=False)
        return known
