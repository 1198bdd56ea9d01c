"""What only this layer can show: what a request says, and who asks."""

import httpx
import pytest

from app.adapters.supabase.client import Project
from app.adapters.supabase.items import literally
from app.adapters.supabase.storage import Storage
from app.auth.tokens import Caller
from app.errors import ForbiddenError
from app.ids import uuid7
from app.items.ports import ItemQuery, ItemStatus, NewItem
from tests.auth.sign import NewUser
from tests.items.port import NOW

ROW = {
    "id": str(uuid7()),
    "owner_id": str(uuid7()),
    "name": "Lamp",
    "description": "",
    "status": "draft",
    "version": 1,
    "created_at": "2026-01-01T00:00:00+00:00",
    "updated_at": "2026-01-01T00:00:00+00:00",
}


class Wire:
    """What is asked of a project that has one item."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, json=[ROW], headers={"Content-Range": "0-0/1"})


async def test_every_method_is_one_request_that_its_user_makes() -> None:
    wire, item, owner = Wire(), uuid7(), uuid7()
    caller = Caller(owner, "", frozenset(), "the.users.token")
    async with httpx.AsyncClient(
        base_url="http://project.test", transport=httpx.MockTransport(wire)
    ) as client:
        items = Storage(Project(client, client)).items(caller)
        new = NewItem(item, owner, "Lamp", "", ItemStatus.DRAFT, NOW)
        await items.add_item(new, None)
        await items.find_item(owner, item)
        await items.list_items(owner, ItemQuery(search="a", status=ItemStatus.DRAFT))
        await items.change_item(owner, item, [1], {"name": "Torch", "updated_at": NOW})
        await items.remove_item(owner, item, [1])

    methods = [(request.method, request.url.path) for request in wire.asked]
    assert methods == [
        ("POST", "/rest/v1/rpc/add_item"),
        ("GET", "/rest/v1/items"),
        ("GET", "/rest/v1/items"),
        ("PATCH", "/rest/v1/items"),
        ("DELETE", "/rest/v1/items"),
    ]
    assert {request.headers["Authorization"] for request in wire.asked} == {
        "Bearer the.users.token"
    }
    for request in wire.asked[1:]:
        assert request.url.params["owner_id"] == f"eq.{owner}"


async def test_a_sign_of_a_pattern_finds_itself_only(storage: Storage, new_user: NewUser) -> None:
    names = ("a*b", "50 %", "x_y", "a.b", "(a)", "[a]", "a|b", "$1^2", "a\\b")
    caller = await new_user(storage)
    items = storage.items(caller)
    for each in (*names, "anything else: abx 12"):
        await items.add_item(NewItem(uuid7(), caller.id, each, "", ItemStatus.DRAFT, NOW), None)

    for name in names:
        found = await items.list_items(caller.id, ItemQuery(search=name))

        assert [item.name for item in found.items] == [name]


@pytest.mark.parametrize(("text", "written"), [("Été 1_", "Été 1_"), ("a*(b)", "a\\*\\(b\\)")])
def test_letters_stay_as_they_are(text: str, written: str) -> None:
    assert literally(text) == written


async def test_nobody_stores_an_item_for_somebody_else(storage: Storage, new_user: NewUser) -> None:
    ann, ben = await new_user(storage, "ann"), await new_user(storage, "ben")

    with pytest.raises(ForbiddenError):
        await storage.items(ann).add_item(
            NewItem(uuid7(), ben.id, "Lamp", "", ItemStatus.DRAFT, NOW), None
        )
