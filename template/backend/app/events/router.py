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
from app.contract import SIGNED_IN, problems
from app.errors import TooManyRequestsError
from app.events.hub import Hub
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


@router.get("", response_class=EventStream)
async def stream_events(
    user: Annotated[Caller, Security(listener, scopes=["items:read"])],
    connection: HTTPConnection,
    last_event: Annotated[
        str | MISSING, Header(alias="Last-Event-ID", pattern=NUMBER, description=WHERE)
    ] = MISSING,
    last_event_id: Annotated[
        str | MISSING,
        Query(pattern=NUMBER, description=f"{WHERE} The header counts where both are sent."),
    ] = MISSING,
) -> EventStream:
    """Stream what changes for the caller.

    The stream ends when the token does.
    """
    hub: Hub = connection.app.state.hub
    number = given(last_event) or given(last_event_id)
    after = None if number is None else int(number)
    return EventStream(await hub.join(user.id, after, user.valid_until), hub.leave)
