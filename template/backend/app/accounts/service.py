"""The rules of accounts and sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from app.accounts.passwords import Passwords
from app.accounts.ports import Account, Accounts, RefreshToken
from app.accounts.tokens import Issuer, hash_refresh_token, new_refresh_token
from app.errors import UnauthorizedError
from app.ids import uuid7

# What every new account may do.
SCOPES = ("items:read", "items:write")


@dataclass(frozen=True, slots=True)
class Session:
    """The tokens of a user who is signed in."""

    access_token: str
    refresh_token: str
    expires_in: int  # seconds
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind, no secret


def utc_now() -> datetime:
    """Give the time, with its zone."""
    return datetime.now(UTC)


class AccountService:
    """Registers users, signs them in, keeps them signed in, and signs them out."""

    def __init__(
        self,
        accounts: Accounts,
        passwords: Passwords,
        issuer: Issuer,
        refresh_lifetime: timedelta,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on this storage."""
        self.accounts = accounts
        self.passwords = passwords
        self.issuer = issuer
        self.refresh_lifetime = refresh_lifetime
        self.now = now

    async def register_account(self, email: str, password: str) -> Account:
        """Open an account. ConflictError: the address has one."""
        return await self.accounts.add_account(
            Account(
                id=uuid7(),
                email=email,
                password_hash=await self.passwords.hash(password),
                scopes=SCOPES,
                created_at=self.now(),
            )
        )

    async def begin_session(self, email: str, password: str) -> Session:
        """Sign in. An unknown user and a wrong password look the same and take as long."""
        account = await self.accounts.find_account(email)
        stored = account.password_hash if account else None
        fits, stronger = await self.passwords.verify(password, stored)
        if account is None or not fits:
            raise UnauthorizedError("The address or the password is wrong.")
        at = self.now()
        refresh_token = new_refresh_token()
        await self.accounts.add_refresh_token(
            RefreshToken(
                id=uuid7(),
                session_id=uuid7(),
                account_id=account.id,
                token_hash=hash_refresh_token(refresh_token),
                created_at=at,
                expires_at=at + self.refresh_lifetime,
            ),
            stronger,
        )
        return self._session(account, refresh_token, at)

    async def refresh_session(self, refresh_token: str) -> Session:
        """Trade a refresh token for a new pair. One that was traded before ends its session."""
        at = self.now()
        successor = new_refresh_token()
        account = await self.accounts.rotate_refresh_token(
            hash_refresh_token(refresh_token),
            hash_refresh_token(successor),
            uuid7(),
            at,
            at + self.refresh_lifetime,
        )
        if account is None:
            raise UnauthorizedError("Sign in again: the refresh token is not valid any more.")
        return self._session(account, successor, at)

    async def end_session(self, refresh_token: str) -> None:
        """Sign out. The last access token lives on until it expires, a few minutes later."""
        await self.accounts.end_session(hash_refresh_token(refresh_token))

    def _session(self, account: Account, refresh_token: str, at: datetime) -> Session:
        return Session(
            access_token=self.issuer.access_token(account, at),
            refresh_token=refresh_token,
            expires_in=int(self.issuer.lifetime.total_seconds()),
        )
