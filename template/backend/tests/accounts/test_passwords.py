import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.passwords import AT_ONCE, Passwords, recommended_passwords
from tests.accounts.fakes import CHEAPEST, cheap_passwords

PASSWORD = "correct horse battery"  # noqa: S105 - everybody knows it


class SlowHasher(PasswordHash):
    """Takes its time, waits until as many do so as may, and counts how many that are."""

    def __init__(self) -> None:
        super().__init__([CHEAPEST])
        self.full = threading.Barrier(AT_ONCE, timeout=5)
        self.lock = threading.Lock()
        self.running = 0
        self.most = 0

    def verify_and_update(
        self,
        password: str | bytes,
        hash: str | bytes,  # noqa: A002 - named by pwdlib
    ) -> tuple[bool, str | None]:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.full.wait()
        time.sleep(0.01)
        with self.lock:
            self.running -= 1
        return super().verify_and_update(password, hash)


async def test_a_password_fits_its_own_hash_only() -> None:
    passwords = cheap_passwords()
    stored = await passwords.hash(PASSWORD)

    assert PASSWORD not in stored
    assert await passwords.verify(PASSWORD, stored) == (True, None)
    assert await passwords.verify(PASSWORD + "!", stored) == (False, None)
    assert await passwords.hash(PASSWORD) != stored


async def test_without_a_hash_no_password_fits() -> None:
    passwords = cheap_passwords()
    passwords.stand_in = await passwords.hash(PASSWORD)

    fits, _ = await passwords.verify(PASSWORD, None)

    assert not fits


async def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    passwords = cheap_passwords()
    stored = await passwords.hash("caf\xe9 au lait, merci")

    fits, _ = await passwords.verify("cafe\u0301 au lait, merci", stored)

    assert fits


async def test_a_hash_of_weaker_settings_is_replaced() -> None:
    passwords = Passwords(
        PasswordHash([Argon2Hasher(time_cost=2, memory_cost=8, parallelism=1), CHEAPEST])
    )
    weak = await cheap_passwords().hash(PASSWORD)

    fits, stronger = await passwords.verify(PASSWORD, weak)

    assert fits
    assert stronger is not None
    assert await passwords.verify(PASSWORD, stronger) == (True, None)


async def test_the_loop_goes_on_while_a_few_hash_at_once() -> None:
    hasher = SlowHasher()
    passwords = Passwords(hasher)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(passwords.verify(PASSWORD, None) for _ in range(3 * AT_ONCE)))
    ticking.cancel()

    assert hasher.most == AT_ONCE
    assert ticks


@pytest.fixture
def _forgotten() -> Iterator[None]:
    recommended_passwords.cache_clear()
    yield
    recommended_passwords.cache_clear()


@pytest.mark.usefixtures("_forgotten")
def test_they_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PasswordHash, "recommended", lambda: PasswordHash([CHEAPEST]))

    assert recommended_passwords() is recommended_passwords()


@pytest.mark.slow
def test_unless_told_otherwise_the_recommended_settings_are_used() -> None:
    assert recommended_passwords().stand_in.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
