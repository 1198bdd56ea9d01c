"""Something to look at on a developer's machine: a first user, and items of theirs."""

from app.items.ports import ItemStatus
from app.items.schemas import ItemCreate
from app.items.service import ItemService
from app.layer import Storage
from app.settings import Settings

EMAIL = "user@example.com"
PASSWORD = "a password for development"  # noqa: S105 - of no other machine than this one
ITEMS = (
    ItemCreate(name="Read the contract", status=ItemStatus.ACTIVE),
    ItemCreate(name="Call a route", description="The page of the documentation can do it."),
    ItemCreate(name="Begin a project", status=ItemStatus.ARCHIVED),
)


async def add_sample(storage: Storage, _settings: Settings) -> str:
    """Add the user and the items unless the user is there, and say how to sign in."""
    caller = await storage.add_first_user(EMAIL, PASSWORD)
    if caller:
        items = ItemService(storage.items(caller), caller.id)
        for item in ITEMS:
            await items.create_item(item)
    return f"Sign in:  {EMAIL}, {PASSWORD}"
