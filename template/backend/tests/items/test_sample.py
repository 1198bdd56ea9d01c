import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.accounts.passwords import recommended_passwords
from app.items import sample
from app.layer import Storage
from app.settings import Settings
from tests.accounts.fakes import cheap_passwords


@pytest.fixture(autouse=True)
def _cheap(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost nothing to hash."""
    app.dependency_overrides[recommended_passwords] = cheap_passwords
    monkeypatch.setattr(sample, "recommended_passwords", cheap_passwords)


async def test_a_developer_can_sign_in_at_once_and_has_items(
    client: AsyncClient, storage: Storage
) -> None:
    said = await sample.add_sample(storage, Settings())
    again = await sample.add_sample(storage, Settings())

    session = await client.post(
        "/api/v1/sessions", json={"email": sample.EMAIL, "password": sample.PASSWORD}
    )
    bearer = {"Authorization": f"Bearer {session.json()['access_token']}"}
    items = await client.get("/api/v1/items", headers=bearer)

    assert said == again == f"Sign in:  {sample.EMAIL}, {sample.PASSWORD}"
    assert {item["name"] for item in items.json()["items"]} == {item.name for item in sample.ITEMS}
