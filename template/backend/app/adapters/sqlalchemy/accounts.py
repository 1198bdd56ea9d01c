"""Accounts and their sessions in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ForeignKey,
    ScalarSelect,
    Select,
    Text,
    delete,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.ports import Account, RefreshToken
from app.adapters.sqlalchemy.base import Base
from app.adapters.sqlalchemy.database import Database
from app.errors import UNKNOWN_CALLER, ConflictError, UnauthorizedError


class AccountRow(Base):
    """A user who can sign in."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A sign-in that lasts. Its row is what everybody locks who touches its tokens."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey(AccountRow.id, ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]


class RefreshTokenRow(Base):
    """A token of a session. The newest is the one that was not traded yet."""

    __tablename__ = "refresh_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey(SessionRow.id, ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    traded_at: Mapped[datetime | None]


COLUMNS = (
    AccountRow.id,
    AccountRow.email,
    AccountRow.password_hash,
    AccountRow.scopes,
    AccountRow.created_at,
)


def email_taken() -> ConflictError:
    """Say that an address is one account's only."""
    return ConflictError("The address has an account.", field="body.email")


def account_gone() -> UnauthorizedError:
    """Say that the account is gone: a token outlives it by some minutes."""
    return UnauthorizedError("There is no such account any more.", UNKNOWN_CALLER)


class SqlAccounts:
    """Fills the port `Accounts`."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    async def add_account(self, account: Account) -> Account:
        """Store an account."""
        async with self._database.writing({"uq_accounts_email": email_taken}) as session:
            session.add(
                AccountRow(
                    id=account.id,
                    email=account.email,
                    password_hash=account.password_hash,
                    scopes=list(account.scopes),
                    created_at=account.created_at,
                )
            )
        return account

    async def find_account(self, email: str) -> Account | None:
        """Give the account of an address."""
        statement = select(*COLUMNS).where(AccountRow.email == email)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return account_of(*row) if row else None

    async def add_refresh_token(self, token: RefreshToken, password_hash: str | None) -> None:
        """Begin a session, and remove those of this account that nobody can go on with."""
        alive = exists().where(
            RefreshTokenRow.session_id == SessionRow.id,
            RefreshTokenRow.expires_at > token.created_at,
        )
        async with self._database.writing() as session:
            if password_hash is not None:
                await session.execute(
                    update(AccountRow)
                    .where(AccountRow.id == token.account_id)
                    .values(password_hash=password_hash)
                )
            await session.execute(
                delete(SessionRow).where(SessionRow.account_id == token.account_id, ~alive)
            )
            session.add(
                SessionRow(
                    id=token.session_id, account_id=token.account_id, created_at=token.created_at
                )
            )
            await session.flush()  # the token's row refers to it
            session.add(
                RefreshTokenRow(
                    id=token.id,
                    session_id=token.session_id,
                    token_hash=token.token_hash,
                    created_at=token.created_at,
                    expires_at=token.expires_at,
                )
            )

    async def rotate_refresh_token(
        self,
        token_hash: bytes,
        successor_hash: bytes,
        successor_id: UUID,
        at: datetime,
        expires_at: datetime,
    ) -> Account | None:
        """Trade a token for its successor. Calls for one session wait for each other."""
        async with self._database.writing() as session:
            locked = (await session.execute(locking_session_of(token_hash))).one_or_none()
            if locked is None:
                return None
            *account, session_id = locked
            await session.execute(
                delete(RefreshTokenRow).where(
                    RefreshTokenRow.session_id == session_id, RefreshTokenRow.expires_at <= at
                )
            )
            token = await session.scalar(
                select(RefreshTokenRow).where(RefreshTokenRow.token_hash == token_hash)
            )
            if token is None:
                return None
            if token.traded_at is not None:
                await session.execute(delete(SessionRow).where(SessionRow.id == session_id))
                return None
            token.traded_at = at
            session.add(
                RefreshTokenRow(
                    id=successor_id,
                    session_id=session_id,
                    token_hash=successor_hash,
                    created_at=at,
                    expires_at=expires_at,
                )
            )
        return account_of(*account)

    async def end_session(self, token_hash: bytes) -> None:
        """End the session that a token belongs to."""
        async with self._database.writing() as session:
            await session.execute(delete(SessionRow).where(SessionRow.id == session_of(token_hash)))


def account_of(
    account_id: UUID, email: str, password_hash: str, scopes: list[str], created_at: datetime
) -> Account:
    """Turn the columns of a row into an account."""
    return Account(account_id, email, password_hash, tuple(scopes), created_at)


def session_of(token_hash: bytes) -> ScalarSelect[UUID]:
    """Say which session a token belongs to."""
    return (
        select(RefreshTokenRow.session_id)
        .where(RefreshTokenRow.token_hash == token_hash)
        .scalar_subquery()
    )


# What `add_columns` gives, SQLAlchemy types as rows of any type.
def locking_session_of(token_hash: bytes) -> Select[*tuple[Any, ...]]:
    """Give the account and the id of a token's session, and keep others away from the session."""
    return (
        select(*COLUMNS)
        .add_columns(SessionRow.id)
        .join_from(SessionRow, AccountRow)
        .where(SessionRow.id == session_of(token_hash))
        .with_for_update(of=SessionRow)
    )
