"""What the application opens: the ports of every feature, on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from app.accounts.passwords import recommended_passwords
from app.accounts.ports import Account, Accounts
from app.accounts.service import SCOPES, utc_now
from app.adapters.sqlalchemy.accounts import SqlAccounts
from app.adapters.sqlalchemy.database import Database, open_database
from app.adapters.sqlalchemy.items import SqlItems
from app.adapters.sqlalchemy.settings import LayerSettings
from app.auth.tokens import Caller
from app.errors import UnavailableError
from app.ids import uuid7
from app.items.ports import Items


class Storage:
    """The ports of every feature, on one database."""

    def __init__(self, database: Database) -> None:
        """Take the database that all of them share."""
        self._database = database
        self._items = SqlItems(database)
        self._accounts = SqlAccounts(database)

    def items(self, _caller: Caller) -> Items:
        """Give the items. Which of them a caller may reach is said by each call's owner."""
        return self._items

    def accounts(self) -> Accounts:
        """Give the accounts."""
        return self._accounts

    async def add_first_user(self, email: str, password: str) -> Caller | None:
        """Register somebody to begin with, unless the address has an account: then give None."""
        if await self._accounts.find_account(email):
            return None
        hashed = await recommended_passwords().hash(password)
        account = Account(uuid7(), email, hashed, SCOPES, utc_now())
        await self._accounts.add_account(account)
        return Caller(account.id, email, frozenset(SCOPES), token="")

    async def answers(self) -> bool:
        """Say whether the database answers now."""
        try:
            async with self._database.reading() as connection:
                await connection.execute(text("SELECT 1"))
        except UnavailableError:
            return False
        return True


@asynccontextmanager
async def open_storage(settings: LayerSettings) -> AsyncIterator[Storage]:
    """Open the pool, and close it at the end."""
    async with open_database(settings) as database:
        yield Storage(database)
