"""Entity tags (RFC 9110, 8.8.3 and 13.1): which version of a resource a client has seen.

A condition that is not one is refused as any header that does not fit its pattern is: 422.
"""

import re
from typing import Annotated

from fastapi import Depends, Header
from pydantic import MISSING

from app.contract import header, problems
from app.errors import PreconditionFailedError, PreconditionRequiredError

TAG = r'(W/)?"[!#-~]*"'
CONDITION = rf"^(\*|{TAG}([\t ]*,[\t ,]*{TAG})*)$"
STRONG = re.compile(r'(?<!W/)"([1-9][0-9]{0,8})"')  # nine digits fit every integer column

ETAG = {"ETag": header("The version of what is answered, for If-Match and If-None-Match.")}
PRECONDITIONS = problems(PreconditionFailedError, PreconditionRequiredError)

IfNoneMatch = Annotated[
    str | MISSING,
    Header(
        alias="If-None-Match",
        pattern=CONDITION,
        examples=['"1"', "*"],
        description="ETags that the client has. If one is the present one: 304.",
    ),
]


def etag_of(version: int) -> str:
    """Write the tag of a version."""
    return f'"{version}"'


def has_version(if_none_match: str | MISSING, version: int) -> bool:
    """Say whether a client has a version already. A weak tag is as good as a strong one here."""
    if if_none_match is MISSING:
        return False
    return if_none_match == "*" or etag_of(version) in re.findall(r'"[^"]*"', if_none_match)


async def expected_versions(
    if_match: Annotated[
        str | MISSING,
        Header(
            alias="If-Match",
            pattern=CONDITION,
            examples=['"1"', "*"],
            description="The ETag that was read last, or `*` for any version. Without it: 428.",
        ),
    ] = MISSING,
) -> frozenset[int] | None:
    """Give the versions over which a client wants to write; None: any. A weak tag is never one."""
    if if_match is MISSING:
        raise PreconditionRequiredError("Send the ETag that you read.", field="header.If-Match")
    if if_match == "*":
        return None
    return frozenset(map(int, STRONG.findall(if_match)))


ExpectedVersions = Annotated[frozenset[int] | None, Depends(expected_versions)]
