"""Where the project is, how it is asked, and whose tokens are valid."""

from typing import Self
from urllib.parse import urlsplit

import jwt
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from app.adapters.postgres.address import DatabaseAddress
from app.adapters.supabase.keys import ProjectKeys
from app.auth.tokens import Trust

# What a signed-in user may do whose token names no scopes. A hook of the project's sign-in can have
# it name some, as `scope`.
SCOPES = frozenset({"items:read", "items:write"})
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class LayerSettings(BaseSettings):
    """The variables of this data layer. `Settings` adds those of the application.

    There is no secret key here: a request acts as its user, and the policies of the database
    decide. A service that has to pass them by says why, and gets a key of its own.
    """

    supabase_url: str | None = None
    supabase_publishable_key: str | None = None
    database_url: DatabaseAddress | None = Field(default=None, repr=False)
    supabase_connections: int = Field(default=10, ge=1)
    supabase_connect_timeout: float = Field(default=3, gt=0)
    supabase_timeout: float = Field(default=5, gt=0)

    jwt_secret: SecretStr | None = Field(default=None, min_length=32)
    jwt_issuer: str | None = None
    jwt_audience: str = "authenticated"

    @field_validator("supabase_url")
    @classmethod
    def is_an_address(cls, address: str | None) -> str | None:
        """Refuse what cannot be one, and have one spelling of it."""
        if address is None:
            return None
        parts = urlsplit(address.rstrip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            raise ValueError("write it as https://name.supabase.co")
        return parts.geturl()

    @field_validator("supabase_publishable_key")
    @classmethod
    def is_for_anybody(cls, key: str | None) -> str | None:
        """Refuse a key that passes every policy by."""
        if key and (key.startswith("sb_secret_") or role_of(key) == "service_role"):
            raise ValueError("this one is secret; take the publishable one")
        return key

    @model_validator(mode="after")
    def has_a_key(self) -> Self:
        """Refuse one without the other: neither is of any use alone."""
        if bool(self.supabase_url) is not bool(self.supabase_publishable_key):
            raise ValueError("Set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY, or neither.")
        return self

    def trust(self) -> Trust:
        """Say whose tokens are valid: those of the project."""
        secret = self.jwt_secret.get_secret_value() if self.jwt_secret else None
        sign_in = self.supabase_url and f"{self.supabase_url}/auth/v1"
        keys = ProjectKeys(secret, sign_in and f"{sign_in}/.well-known/jwks.json")
        return Trust(keys, self.jwt_audience, self.jwt_issuer or self.issuer(), SCOPES)

    def issuer(self) -> str | None:
        """Give what a hosted project calls itself. One on this machine says nothing."""
        address = self.supabase_url
        if address is None or urlsplit(address).hostname in LOOPBACK:
            return None
        return f"{address}/auth/v1"

    def layer_is_fit_for_production(self) -> None:
        """Refuse what is a hole anywhere but on a developer's machine."""
        address = urlsplit(self.supabase_url or "https://")
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise ValueError(
                "SUPABASE_URL is plain HTTP, and tokens pass through it. Use https://."
            )


def role_of(key: str) -> object:
    """Give the role that a key of the older kind is for: those are tokens."""
    try:
        return jwt.decode(key, options={"verify_signature": False}).get("role")
    except jwt.PyJWTError:
        return None
