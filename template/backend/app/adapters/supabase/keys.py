"""The keys by which a project signs tokens: a secret that is shared, or keys that it publishes."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from functools import lru_cache

import httpx
import jwt

from app.adapters.supabase.tls import trusted
from app.auth.tokens import OneSecret
from app.errors import UnavailableError
from app.logs import get_logger

ALGORITHMS = frozenset({"ES256", "RS256"})
PATIENCE = 2.0  # seconds for the whole way to the keys and back
FRESH = 600.0  # seconds after which they are asked for again, while the known ones are still used
PAUSE = 1.0  # seconds between two looks, so that made-up tokens do not become a flood there
MAX_SIZE = 100_000

logger = get_logger(__name__)


class ProjectKeys:
    """What a project's tokens are signed with. Each key has its algorithm; a token chooses none.

    A published key is fetched when the first token names it, and again from time to time. While
    the project does not answer, the keys that are known stay trusted, and nobody waits for it.
    """

    def __init__(
        self,
        secret: str | None,
        address: str | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the secret, and where the published keys are."""
        self._secret = OneSecret(secret) if secret else None
        self._address = address
        self._clock = clock
        self._published: Mapping[str, jwt.PyJWK] = {}
        self._looked_at = -FRESH
        self._answered = True
        self._looking: asyncio.Task[None] | None = None

    async def find(self, header: Mapping[str, object]) -> jwt.PyJWK | None:
        """Give the key that a token must be signed with, or None: nobody trusted signed it.

        UnavailableError: it may be a new one, and the project does not answer.
        """
        algorithm, name = header.get("alg"), header.get("kid")
        if self._secret and algorithm == self._secret.key.algorithm_name:
            return self._secret.key
        if self._address is None or algorithm not in ALGORITHMS or not isinstance(name, str):
            return None
        age = self._clock() - self._looked_at
        if name not in self._published and (age >= PAUSE or self._looking):
            await asyncio.shield(self._look())
        elif age >= FRESH:
            self._look()
        key = self._published.get(name)
        if key is None and not self._answered:
            raise UnavailableError("The sign-in does not answer.")
        return key if key and key.algorithm_name == algorithm else None

    def trusts(self, key: jwt.PyJWK) -> bool:
        """Say whether a key that was found is still one to trust, and look for news in time."""
        if self._secret and key is self._secret.key:
            return True
        if self._clock() - self._looked_at >= FRESH:
            self._look()
        return self._published.get(key.key_id or "") is key

    def _look(self) -> asyncio.Task[None]:
        """Fetch the keys, once for everybody who asks meanwhile."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._fetch())
        return self._looking

    async def _fetch(self) -> None:
        """Take the keys that are published now. Where that fails, those that are known stay."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = keys_of(await self._ask())
        except (httpx.HTTPError, ValueError, TimeoutError) as error:
            self._answered = False
            logger.warning("no keys", address=self._address, why=repr(error))
            return
        finally:
            self._looked_at = self._clock()
            self._looking = None
        self._answered = True
        self._published = found

    async def _ask(self) -> bytes:
        """Give what is at the address, up to a size."""
        async with (
            httpx.AsyncClient(timeout=PATIENCE, verify=trusted()) as client,
            client.stream("GET", self._address or "") as response,
        ):
            response.raise_for_status()
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAX_SIZE:
                    raise ValueError("It is too long.")
            return body


def keys_of(body: bytes) -> dict[str, jwt.PyJWK]:
    """Read the keys that can verify tokens, by name. Others are none of ours."""
    document = json.loads(body)
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("It is no set of keys.")  # noqa: TRY004 - a value that came from elsewhere
    found = {}
    for said in document["keys"]:
        try:
            key = key_of(json.dumps(said))
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError):
            continue
        if key.algorithm_name in ALGORITHMS and key.key_id and key.public_key_use in {None, "sig"}:
            found[key.key_id] = key
    return found


@lru_cache(100)
def key_of(said: str) -> jwt.PyJWK:
    """Give the key of a text, always the same one: what it has verified stays verified."""
    return jwt.PyJWK(json.loads(said))
