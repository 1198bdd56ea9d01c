"""The tokens that a session consists of: an access token to call with, a refresh token to stay."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import jwt

from app.accounts.ports import Account
from app.auth.tokens import ALGORITHM


@dataclass(frozen=True)
class Issuer:
    """Signs access tokens that the `Verifier` with the same values accepts."""

    secret: str
    issuer: str
    audience: str
    lifetime: timedelta

    def access_token(self, account: Account, at: datetime) -> str:
        """Sign who the user is and what they may do."""
        claims = {
            "sub": str(account.id),
            "email": account.email,
            "scope": " ".join(account.scopes),
            "iss": self.issuer,
            "aud": self.audience,
            "iat": at,
            "exp": at + self.lifetime,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)


def new_refresh_token() -> str:
    """Make 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_refresh_token(token: str) -> bytes:
    """Give what is stored. Random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()
