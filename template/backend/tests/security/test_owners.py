"""What belongs to one user is not there for another, by any route."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from httpx2 import AsyncClient, Response

from tests.security.routes import SAMPLES, Operation

pytestmark = pytest.mark.slow
Headers = Mapping[str, str]


@dataclass
class Resource:
    """Something that Ann has: how it was made, and where it is."""

    made_by: Operation
    id: str
    url: str


@pytest.fixture
def by_id(operations: list[Operation]) -> list[Operation]:
    """The routes to one thing."""
    return [operation for operation in operations if operation.sent("path")]


@pytest.fixture
async def resources(
    operations: list[Operation], by_id: list[Operation], client: AsyncClient, ann: Headers
) -> list[Resource]:
    """One of each kind that has routes to it."""
    collections = {operation.path.partition("/{")[0] for operation in by_id}
    made = []
    for operation in operations:
        if operation.method == "POST" and operation.path in collections:
            response = await operation.send(client, ann)
            assert response.status_code == 201, f"{operation} did not make anything"
            made.append(Resource(operation, response.json()["id"], response.headers["location"]))
    assert {resource.made_by.path for resource in made} == collections
    return made


def told(response: Response) -> tuple[int, str, Mapping[str, str]]:
    """Say all that a response tells."""
    headers = {name: is_ for name, is_ in response.headers.items() if name != "x-request-id"}
    return response.status_code, response.text, headers


async def test_anothers_is_as_good_as_none_by_every_route(
    by_id: list[Operation],
    resources: list[Resource],
    client: AsyncClient,
    ann: Headers,
    mallory: Headers,
) -> None:
    for resource in resources:
        before = (await client.get(resource.url, headers=ann)).json()
        for operation in by_id:
            if operation.path.startswith(resource.made_by.path + "/{"):
                [place] = [place for place in operation.parameters if place[0] == "path"]
                anothers = await operation.with_(place, resource.id).send(client, mallory)
                nobodys = await operation.with_(place, SAMPLES["uuid"]).send(client, mallory)

                assert (str(operation), anothers.status_code) == (str(operation), 404)
                assert told(anothers) == told(nobodys)
        assert (await client.get(resource.url, headers=ann)).json() == before


async def test_no_condition_tells_whether_anothers_is_there(
    by_id: list[Operation], resources: list[Resource], client: AsyncClient, mallory: Headers
) -> None:
    for resource in resources:
        for operation in by_id:
            bare = replace(operation, values={})
            for place in operation.parameters:
                if place[0] == "path":
                    bare = bare.with_(place, resource.id)
            for condition in ("*", '"1"', '"2"', 'W/"1"', '"1", "2"'):
                headers = {**mallory, "If-Match": condition, "If-None-Match": condition}
                assert (await bare.send(client, headers)).status_code == 404


async def test_no_list_shows_anothers(
    operations: list[Operation],
    resources: list[Resource],
    client: AsyncClient,
    mallory: Headers,
) -> None:
    for operation in operations:
        if operation.method == "GET" and not operation.sent("path"):
            for asked in (operation, replace(operation, values={})):
                response = await asked.send(client, mallory)
                assert response.status_code == 200
                assert not [each for each in resources if each.id in response.text]
                assert response.json().get("total", 0) == 0


async def test_another_user_may_choose_the_same_names(
    resources: list[Resource], client: AsyncClient, mallory: Headers
) -> None:
    for resource in resources:
        assert (await resource.made_by.send(client, mallory)).status_code == 201


async def test_another_user_may_choose_the_same_keys(
    resources: list[Resource], client: AsyncClient, ann: Headers, mallory: Headers
) -> None:
    key = {"Idempotency-Key": "the-same"}
    for resource in resources:
        if ("header", "Idempotency-Key") not in resource.made_by.parameters:
            continue
        await client.delete(resource.url, headers={**ann, "If-Match": "*"})
        anns = await resource.made_by.send(client, {**ann, **key})
        mallorys = await resource.made_by.send(client, {**mallory, **key})

        assert (anns.status_code, mallorys.status_code) == (201, 201)
        assert anns.json()["id"] != mallorys.json()["id"]
        assert "idempotency-replayed" not in mallorys.headers
