from dataclasses import replace
from datetime import datetime
from functools import cache
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.passwords import Passwords
from app.accounts.ports import Account, RefreshToken
from app.errors import ConflictError

CHEAPEST = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def cheap_passwords() -> Passwords:
    """Argon2, but a thousand times faster than anybody should have it."""
    return Passwords(PasswordHash([CHEAPEST]))


class FakeAccounts:
    """Accounts in a dictionary, held to the same contract as the real ones."""

    def __init__(self) -> None:
        self.accounts: dict[UUID, Account] = {}
        self.tokens: dict[bytes, RefreshToken] = {}
        self.used: set[bytes] = set()

    async def add_account(self, account: Account) -> Account:
        if await self.find_account(account.email):
            raise ConflictError("The address has an account.", field="body.email")
        self.accounts[account.id] = account
        return account

    async def find_account(self, email: str) -> Account | None:
        return next((held for held in self.accounts.values() if held.email == email), None)

    async def add_refresh_token(self, token: RefreshToken, password_hash: str | None) -> None:
        if password_hash is not None:
            account = self.accounts[token.account_id]
            self.accounts[account.id] = replace(account, password_hash=password_hash)
        for key, held in list(self.tokens.items()):
            if held.account_id == token.account_id and held.expires_at <= token.created_at:
                del self.tokens[key]
        self.tokens[token.token_hash] = token

    async def rotate_refresh_token(
        self,
        token_hash: bytes,
        successor_hash: bytes,
        successor_id: UUID,
        at: datetime,
        expires_at: datetime,
    ) -> Account | None:
        token = self.tokens.get(token_hash)
        if token is None or token.expires_at <= at:
            return None
        if token_hash in self.used:
            await self.end_session(token_hash)
            return None
        self.used.add(token_hash)
        self.tokens[successor_hash] = replace(
            token,
            id=successor_id,
            token_hash=successor_hash,
            created_at=at,
            expires_at=expires_at,
        )
        return self.accounts[token.account_id]

    async def end_session(self, token_hash: bytes) -> None:
        if token := self.tokens.get(token_hash):
            self.tokens = {
                key: held
                for key, held in self.tokens.items()
                if held.session_id != token.session_id
            }
