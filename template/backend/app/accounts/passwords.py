"""Passwords: hashed with argon2, in threads of their own, a few at once."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from secrets import token_urlsafe

from pwdlib import PasswordHash

# While it is made, a hash takes 64 MiB and up to four cores.
AT_ONCE = 4


class Passwords:
    """Hashes passwords and verifies them, while the event loop goes on."""

    def __init__(self, hasher: PasswordHash) -> None:
        """Hash with this, and make the hash that stands in for a user who is not there."""
        self.hasher = hasher
        self.stand_in = hasher.hash(token_urlsafe())
        self.threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")

    async def hash(self, password: str) -> str:
        """Give the hash to store."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self.hasher.hash, normalise(password))

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Say whether a password fits, and give its new hash if the stored one is too weak.

        Without a stored hash it takes as long, and never fits.
        """
        loop = asyncio.get_running_loop()
        fits, stronger = await loop.run_in_executor(
            self.threads,
            self.hasher.verify_and_update,
            normalise(password),
            stored or self.stand_in,
        )
        return fits and stored is not None, stronger


def normalise(password: str) -> str:
    """Give the one spelling of a password, however a keyboard composes its letters (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


@cache
def recommended_passwords() -> Passwords:
    """Give the hasher of the process, with the settings that pwdlib recommends.

    Not async: FastAPI calls it in a thread, where the first hash holds up nobody.
    """
    return Passwords(PasswordHash.recommended())
