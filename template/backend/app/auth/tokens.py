"""Access tokens: who is trusted to sign them, and what they say."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import jwt

ALGORITHM = "HS256"
REQUIRED = ["sub", "exp", "iat", "iss", "aud"]

# What the clocks of two machines may differ by, in seconds.
LEEWAY = 10

# Longer ones are not looked at; those of this API have some 400 characters.
MAX_LENGTH = 8_192

# A verified token is not verified again while it is among the last ones used.
REMEMBERED = 1_024


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as a valid token tells it."""

    id: UUID
    email: str
    scopes: frozenset[str]
    token: str
    valid_until: float = math.inf


class Verifier:
    """Whose tokens are valid: one secret, one algorithm, one issuer, one audience."""

    def __init__(
        self, secret: str, issuer: str, audience: str, clock: Callable[[], float] = time.time
    ) -> None:
        """Trust what this secret signs, and tell by this clock what has expired."""
        self.secret = secret
        self.issuer = issuer
        self.audience = audience
        self.clock = clock
        # A refused token raises, and what raises is not remembered.
        self.verify_once = lru_cache(REMEMBERED)(self.verify)

    def caller_of(self, token: str) -> Caller | None:
        """Give whom a token names, or None for one that is not valid now."""
        if len(token) > MAX_LENGTH:
            return None
        try:
            caller = self.verify_once(token)
        except (jwt.PyJWTError, TypeError, ValueError):
            return None
        return caller if self.clock() < caller.valid_until else None

    def verify(self, token: str) -> Caller:
        """Give whom a token names. It raises if the token is not valid."""
        claims = jwt.decode(
            token,
            self.secret,
            algorithms=[ALGORITHM],
            issuer=self.issuer,
            audience=self.audience,
            leeway=LEEWAY,
            options={"require": REQUIRED},
        )
        email, scope = claims.get("email", ""), claims.get("scope", "")
        if not isinstance(email, str) or not isinstance(scope, str):
            raise TypeError("A claim is no string.")
        return Caller(
            UUID(claims["sub"]),
            email,
            frozenset(scope.split()),
            token,
            valid_until=int(claims["exp"]) + LEEWAY,
        )
