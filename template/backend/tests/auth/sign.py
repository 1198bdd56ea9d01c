"""Tokens as tests want them: right, or wrong in one thing."""

import base64
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from pydantic import SecretStr

from app.auth.tokens import Caller, OneSecret, Trust
from app.settings import Settings

# The fixture `new_user`: makes a user in a storage, by name and scopes.
NewUser = Callable[..., Awaitable[Caller]]

SECRET = "a secret that is long enough for HS256"  # noqa: S105
SETTINGS = Settings.model_construct(
    jwt_secret=SecretStr(SECRET), jwt_issuer="https://issuer.example.com", jwt_audience="api"
)
TRUST = Trust(OneSecret(SECRET), "api", "https://issuer.example.com")
ANN = UUID("0198f2a0-0000-7000-8000-000000000001")
HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
LEFT_OUT = object()


def claims_of(settings: Settings, **changed: object) -> dict[str, object]:
    """Give the claims of a valid token, but for those that are named."""
    now = int(time.time())
    claims: dict[str, object] = {
        "sub": str(ANN),
        "email": "ann@example.com",
        "scope": "items:read items:write",
        "role": "authenticated",
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "iat": now,
        "exp": now + 900,
    }
    return {name: is_ for name, is_ in (claims | changed).items() if is_ is not LEFT_OUT}


def sign(claims: object, key: str, alg: object = "HS256", **header: object) -> str:
    """Sign anything, by hand: a library would refuse most of what has to be tried."""
    parts = [json.dumps({"alg": alg, "typ": "JWT"} | header), json.dumps(claims)]
    signed = ".".join(encode(part.encode()) for part in parts)
    mac = hmac.new(key.encode(), signed.encode(), HASHES.get(str(alg), "sha256")).digest()
    return f"{signed}.{'' if str(alg).lower() == 'none' else encode(mac)}"


def encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def token_of(settings: Settings, **changed: object) -> str:
    """Give a valid token, but for the claims that are named."""
    return sign(claims_of(settings, **changed), secret_of(settings))


def secret_of(settings: Settings) -> str:
    """Give what the tokens of a test are signed with."""
    assert settings.jwt_secret
    return settings.jwt_secret.get_secret_value()


def bearer(token: str) -> Mapping[str, str]:
    """Give the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
