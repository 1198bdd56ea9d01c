"""The route of events: users get their own, for as long as the token is valid."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Security
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyQuery, HTTPAuthorizationCredentials, SecurityScopes
from pydantic import MISSING

from app.adapters.postgres.events import open_log
from app.auth.tokens import Caller
from app.contract import SCHEMAS, SIGNED_IN, Part, problems
from app.errors import TooManyRequestsError
from app.events.hub import Hub
from app.events.messages import SHAPES
from app.events.page import add_page
from app.events.signals import on_stop
from app.events.streams import EventStream
from app.shapes import given
from app.wiring import bearer, current_user

token_in_address = APIKeyQuery(
    name="access_token",
    scheme_name="TokenInAddress",
    auto_error=False,
    description="An access token, for the `EventSource` of browsers: it can send no header.",
)
NUMBER = "^[0-9]{1,18}$"
WHERE = "The last event that the client has. Without it, the stream begins with the next one."


def described(events: list[str], data: Part) -> Part:
    """Describe events of these names, whose data is JSON of a shape."""
    told = {
        "id": {"type": "string", "pattern": NUMBER},
        "event": {"type": "string", "enum": events},
        "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": data},
    }
    return {"type": "object", "properties": told, "required": list(told)}


def changes(kind: str, shape: str) -> Part:
    """Describe what may happen to a kind of thing."""
    events = [f"{kind}.{action}" for action in ("created", "updated", "deleted")]
    return described(events, {"$ref": SCHEMAS + shape})


RELOAD = described(["reload"], {"type": "object", "maxProperties": 0})
CHANGES = [changes(kind, shape.__name__) for kind, shape in SHAPES.items()]
STREAM: Part = {
    "description": "The stream",
    "content": {EventStream.media_type: {"itemSchema": {"oneOf": [RELOAD, *CHANGES]}}},
}


@asynccontextmanager
async def keep_hub(app: FastAPI) -> AsyncIterator[None]:
    """Have the hub of this process. Another engine than Postgres is another `open_log`."""
    settings = app.state.settings
    hub = Hub(partial(open_log, settings.database_url))
    app.state.hub = hub
    if settings.environment == "development":
        add_page(app)
    async with hub.running():
        with on_stop(hub.end):
            yield


async def listener(
    scopes: SecurityScopes,
    connection: HTTPConnection,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    token: Annotated[str | None, Depends(token_in_address)],
) -> Caller:
    """Give the user whom a token names, in the header or in the address."""
    if credentials is None and token is not None:
        credentials = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token)
    return await current_user(scopes, connection, credentials)


router = APIRouter(
    prefix="/events",
    tags=["events"],
    lifespan=keep_hub,
    responses=SIGNED_IN | problems(TooManyRequestsError),
)


@router.get("", response_class=EventStream, status_code=200, responses={200: STREAM})
async def stream_events(
    user: Annotated[Caller, Security(listener, scopes=["items:read"])],
    connection: HTTPConnection,
    last_event: Annotated[
        str | MISSING, Header(alias="Last-Event-ID", pattern=NUMBER, description=WHERE)
    ] = MISSING,
    last_event_id: Annotated[
        str | MISSING,
        Query(pattern=NUMBER, description=f"{WHERE} The header wins over it."),
    ] = MISSING,
) -> EventStream:
    """Stream what changes for the caller, as server-sent events.

    The stream opens with `retry` and with the `id` after which it goes on. Then each change comes
    once it is stored, in the order in which changes were stored, and once. `data` is the thing as
    its routes give it, a deleted one as it last was. 15 seconds of silence end with a comment.

    Open the stream before you load what it is about, so that no change falls between. An event
    whose `version` is no higher than the one that you loaded tells nothing new.

    The stream ends when the token does, when the server stops, and when the client does not read.
    Connect again with the last `id`: nothing is lost, and nothing comes twice. Events are kept for
    a day. `reload` says that some are gone: load anew what you show, and read on.

    `EventSource` connects again by itself. After an answer other than 200 it gives up, as when the
    token has expired: then open another, with a new token and with `last_event_id`, or load anew
    where no event came yet. Its token is in the address, which proxies may log; `fetch` can send
    it in the header.
    """
    hub: Hub = connection.app.state.hub
    number = given(last_event) or given(last_event_id)
    after = None if number is None else int(number)
    return EventStream(await hub.join(user.id, after, user.valid_until), hub.leave)
