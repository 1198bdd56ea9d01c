"""What every request passes on its way in and every answer on its way out.

Three thin layers of plain ASGI, outermost first: `Requests` gives each request its id and its line
in the log, and each answer the security headers; CORS, where origins are named; `UnexpectedErrors`,
so that even a bug is answered with all of these.
"""

import os
import re
from time import perf_counter

import structlog
from fastapi import FastAPI, HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import get_logger
from app.settings import Settings
from app.telemetry import is_probe

logger = get_logger("app.access")

REQUEST_ID = b"x-request-id"
HARMLESS_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
# Nothing that the API answers is a page, but for the documentation, which loads its scripts, and
# what brings a policy of its own: of two, a browser obeys both.
POLICY = b"content-security-policy"
NO_PAGE = (POLICY, b"default-src 'none'; frame-ancestors 'none'")
PAGES = ("/docs", "/redoc")
# Only HTTPS for two years, once a browser has been here by it.
HTTPS_ONLY = (b"strict-transport-security", b"max-age=63072000")

# What a script of another origin may send and read.
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
SENT = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
)
READ = ("ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-ID")


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """Wrap the application. What is added last is outermost, `handle_errors` was before."""
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=METHODS,
            allow_headers=[*SENT, "X-Request-ID"],
            expose_headers=READ,
        )
    https = settings.environment == "production"
    app.add_middleware(Requests, body_limit=settings.body_limit, https=https)


class Requests:
    """Middleware that names, bounds and logs each request, and marks its answer."""

    def __init__(self, app: ASGIApp, body_limit: int, *, https: bool) -> None:
        """Wrap the application."""
        self.app = app
        self.body_limit = body_limit
        self.page_headers = (*HEADERS, HTTPS_ONLY) if https else HEADERS
        self.headers = (*self.page_headers, NO_PAGE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. The log says status 0 where there was no answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        request_id, declared = b"", 0
        for name, value in scope["headers"]:
            if name == REQUEST_ID:
                request_id = value
            elif name == b"content-length" and value.isdigit():
                declared = int(value)
        if not HARMLESS_ID.fullmatch(request_id):
            request_id = os.urandom(16).hex().encode()
        status = 0

        async def mark(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
                page = scope["path"] in PAGES or POLICY in dict(headers)
                added = self.page_headers if page else self.headers
                message["headers"] = [*headers, *added, (REQUEST_ID, request_id)]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request_id=request_id.decode())
        try:
            await self.app(scope, bounded(receive, self.body_limit, declared), mark)
        finally:
            log = logger.debug if is_probe(scope) else logger.info
            log(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round((perf_counter() - started) * 1000, 2),
            )
            structlog.contextvars.reset_contextvars(**bound)


def bounded(receive: Receive, limit: int, declared: int) -> Receive:
    """Refuse a body that is too long: before it is read if it says so, else on the way."""
    received = 0

    async def receive_part() -> Message:
        nonlocal received
        message = await receive() if declared <= limit else {}
        received += len(message.get("body", b""))
        if max(declared, received) > limit:
            raise HTTPException(413, f"The body is longer than {limit} bytes.")
        return message

    return receive_part
