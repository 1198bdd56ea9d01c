"""What the service needs of storage. Each writing method is one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    """A user who can sign in. The address is in lower case."""

    id: UUID
    email: str
    password_hash: str
    scopes: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A token that is worth one new pair. Only its hash is stored.

    All that descend from one sign-in have its session.
    """

    id: UUID
    session_id: UUID
    account_id: UUID
    token_hash: bytes
    created_at: datetime
    expires_at: datetime


class Accounts(Protocol):
    """The storage of accounts and of what keeps them signed in."""

    async def add_account(self, account: Account) -> Account:
        """Store an account. ConflictError: the address has one."""
        ...

    async def find_account(self, email: str) -> Account | None:
        """Give the account of an address, or None."""
        ...

    async def add_refresh_token(self, token: RefreshToken, password_hash: str | None) -> None:
        """Begin a session with its first token. Tokens of this account that expired are removed.

        A password hash, if one is given, replaces the account's: it was made with weaker settings.
        """
        ...

    async def rotate_refresh_token(
        self,
        token_hash: bytes,
        successor_hash: bytes,
        successor_id: UUID,
        at: datetime,
        expires_at: datetime,
    ) -> Account | None:
        """Trade a token for its successor, once, and give its account.

        None: unknown, expired, or its session has ended. One that was traded before is stolen or
        replayed: its whole session ends, and the answer is None. Of two calls at once one wins,
        and the other counts as a replay.
        """
        ...

    async def end_session(self, token_hash: bytes) -> None:
        """End the session that a token belongs to. An unknown one changes nothing."""
        ...
