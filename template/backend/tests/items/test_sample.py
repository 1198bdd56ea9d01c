from collections.abc import Awaitable, Callable

from httpx2 import AsyncClient

from app.items import sample
from app.layer import Storage
from app.settings import Settings
from tests.auth.sign import bearer


async def test_a_developer_can_sign_in_at_once_and_has_items(
    client: AsyncClient,
    storage: Storage,
    settings: Settings,
    sign_in_first_user: Callable[[str, str], Awaitable[str]],
) -> None:
    said = await sample.add_sample(storage, settings)
    again = await sample.add_sample(storage, settings)

    token = await sign_in_first_user(sample.EMAIL, sample.PASSWORD)
    items = await client.get("/api/v1/items", headers=bearer(token))

    assert said == again == f"Sign in:  {sample.EMAIL}, {sample.PASSWORD}"
    assert {item["name"] for item in items.json()["items"]} == {item.name for item in sample.ITEMS}
