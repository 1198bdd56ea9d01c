"""Access tokens for many users, signed with the secret that a rendered backend was given."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

SECRET = "a secret that only this run knows"  # noqa: S105 - it says so
LIFETIME = 3600


def access_token(user_id: str, secret: str = SECRET) -> str:
    """What the API would give this user after signing in, but for an hour."""
    now = int(time.time())
    claims = {
        "sub": user_id,
        "email": f"{user_id}@example.com",
        "scope": "items:read items:write",
        "iss": "http://localhost:8000",
        "aud": "api",
        "iat": now,
        "exp": now + LIFETIME,
    }
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    signature = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{written(signature)}"


def part(content: Mapping[str, object]) -> str:
    return written(json.dumps(content).encode())


def written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
