"""The way to a project: one client a process, and requests that act as their users.

What a caller may reach is decided in the database, by its policies: a request carries the token of
its user. `translated` says what a failure means to the application.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import httpx
from postgrest import APIError, AsyncPostgrestClient

from app.adapters.supabase.settings import LayerSettings
from app.adapters.supabase.tls import trusted
from app.auth.tokens import Caller
from app.errors import (
    UNKNOWN_CALLER,
    AppError,
    ForbiddenError,
    UnauthorizedError,
    UnavailableError,
)

# How the code of an error begins where the fault passes: the gateway's, the database's.
TRANSIENT = (
    "PGRST00",  # PostgREST lost the database, or waited for a connection in vain
    "08",  # the connection broke
    "25006",  # a standby, which only reads
    "40",  # a deadlock
    "53",  # out of connections, memory or disk
    "55P03",  # a lock was not to be had in time
    "57",  # starting, stopping, or the statement took too long
    "58",  # the system beneath it failed
)
BROKEN_CONSTRAINT = "23"
NOT_ALLOWED = "42501"
# PostgREST does not believe the token: it expired a moment ago, or was signed by another project.
NO_TOKEN = ("PGRST301", "PGRST302", "PGRST303")

# What the caller is told when a constraint refuses a write, by the constraint's name.
Refusals = Mapping[str, Callable[[], AppError]]


class Project:
    """One Supabase project, and the connections to it that this process shares."""

    def __init__(self, client: httpx.AsyncClient, probe: httpx.AsyncClient) -> None:
        """Take the clients, which know where the project is and its publishable key.

        The probe is for the question whether it answers: that does not stand in line with others.
        """
        self.client = client
        self.probe = probe
        self._rest = str(client.base_url.join("/rest/v1"))

    def acting_as(self, caller: Caller) -> AsyncPostgrestClient:
        """Give what asks for data as a user: to the database it is this user who asks."""
        return AsyncPostgrestClient(
            self._rest,
            headers={"Authorization": f"Bearer {caller.token}"},
            http_client=self.client,
            retry_enabled=False,  # it would wait for seconds; who calls is told to try again
        )


class InTurn(httpx.AsyncBaseTransport):
    """Lets so many requests out at once, and the others wait in the order in which they came.

    The pool of httpx looks at every connection and everybody who waits, with each request anew:
    where 32 wait that costs as much as the request itself.
    """

    def __init__(self, out: httpx.AsyncBaseTransport, places: int, patience: float) -> None:
        """Take the way out, and for how many seconds somebody waits for a place."""
        self._out = out
        self._places = asyncio.Semaphore(places)
        self._patience = patience

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have a request answered whole, since its place is somebody else's after that."""
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError as error:
            raise httpx.PoolTimeout("Too many requests wait.", request=request) from error
        try:
            response = await self._out.handle_async_request(request)
            await response.aread()
        finally:
            self._places.release()
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._out.aclose()


@asynccontextmanager
async def open_project(
    settings: LayerSettings, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Project]:
    """Open the connections, and close them at the end."""

    def client(places: int) -> httpx.AsyncClient:
        patience, to_connect = settings.supabase_timeout, settings.supabase_connect_timeout
        limits = httpx.Limits(max_connections=places, max_keepalive_connections=places)
        out = transport or httpx.AsyncHTTPTransport(limits=limits, verify=trusted())
        return httpx.AsyncClient(
            base_url=settings.supabase_url or "http://127.0.0.1:1",  # require_storage asks for one
            headers={"apikey": settings.supabase_publishable_key or ""},
            timeout=httpx.Timeout(patience, connect=to_connect),
            event_hooks={"response": [refuse_no_answer]},
            transport=InTurn(out, places, patience),
        )

    async with client(settings.supabase_connections) as many, client(1) as probe:
        yield Project(many, probe)


async def refuse_no_answer(response: httpx.Response) -> None:
    """Take for no answer what only stands in for one: a gateway's page, a queue that is full."""
    status = response.status_code
    if status in {429, 502, 503, 504} or status >= 520:
        raise httpx.HTTPStatusError(
            f"{status} of {response.request.url.host}", request=response.request, response=response
        )


@contextmanager
def translated(refusals: Refusals | None = None) -> Iterator[None]:
    """Say what a failure of the project means to the application."""
    try:
        yield
    except httpx.HTTPError as error:
        raise UnavailableError("The database does not answer.") from error
    except APIError as error:
        refusal = meaning(error, refusals or {})
        if refusal is None:
            raise
        raise refusal from error


def meaning(error: APIError, refusals: Refusals) -> AppError | None:
    """Give what an answer of PostgREST means, or None for one that nobody foresaw."""
    code = str(error.code or "")
    if code.startswith(BROKEN_CONSTRAINT):
        refusal = refusals.get(constraint_of(error))
        return refusal and refusal()
    if code.startswith(TRANSIENT):
        return UnavailableError("The database does not answer.")
    if code in NO_TOKEN:
        return UnauthorizedError("Sign in again: the token is not valid.", UNKNOWN_CALLER)
    if code == NOT_ALLOWED:
        return ForbiddenError("You may not do this.")
    return None


def user_gone() -> UnauthorizedError:
    """Say that the user of a token was removed after it was issued."""
    return UnauthorizedError("Sign in again: the account is gone.", UNKNOWN_CALLER)


def constraint_of(error: APIError) -> str:
    """Give the name of the constraint that refused a write: the last one that the message quotes.

    PostgREST has no field for it. A function that refuses says nothing but the name.
    """
    message = error.message or ""
    *_, name = [message, *re.findall(r'"(\w+)"', message)]
    return str(name)
