"""A project that publishes its keys, on this machine, with what can happen to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr

from app.auth.tokens import Verifier
from app.settings import Settings
from tests.auth.sign import claims_of

JWK = Mapping[str, object]

ISSUER = "https://shop.supabase.co/auth/v1"
SECRET = "a secret that some projects still share"  # noqa: S105
SETTINGS = Settings.model_construct(
    jwt_secret=SecretStr(SECRET), jwt_issuer=ISSUER, jwt_audience="authenticated"
)
CLAIMS = claims_of(SETTINGS)


@cache
def private_key(name: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """Give the private key of a name: one that begins with `rsa` is for RS256."""
    if name.startswith("rsa"):
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def algorithm_of(name: str) -> str:
    """Give what a key is for."""
    return "RS256" if name.startswith("rsa") else "ES256"


def public(name: str, **changed: object) -> JWK:
    """Give a key as a project publishes it."""
    key = private_key(name).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        said = jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)
    else:
        said = jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True)
    return {**said, "kid": name, "use": "sig", "alg": algorithm_of(name), **changed}


def signed(claims: Mapping[str, object], name: str, **header: object) -> str:
    """Sign claims by the key of a name."""
    return jwt.encode(
        dict(claims), private_key(name), algorithm_of(name), headers={"kid": name, **header}
    )


@dataclass
class Published:
    """What is published, how it is answered, and how often somebody asked."""

    keys: list[JWK] = field(default_factory=list)
    body: bytes | None = None  # instead of the keys
    status: int = 200
    delay: float = 0
    asked: int = 0
    address: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and let go, even if the tests are over before that."""
        with closing(writer):
            with suppress(asyncio.IncompleteReadError):  # somebody who has no more patience
                await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            await asyncio.sleep(self.delay)
            body = json.dumps({"keys": self.keys}).encode() if self.body is None else self.body
            head = f"HTTP/1.1 {self.status} -\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)


@asynccontextmanager
async def publishing(*names: str) -> AsyncIterator[Published]:
    """Publish the keys of these names."""
    published = Published([public(name) for name in names])
    server = await asyncio.start_server(published.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    published.address = f"http://127.0.0.1:{port}/auth/v1/.well-known/jwks.json"
    yield published
    server.close()


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def is_valid(verifier: Verifier, token: str) -> bool:
    return await verifier.caller_of(token) is not None
