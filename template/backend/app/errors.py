"""What can go wrong, and how a caller is told.

AppError                        a fault that a caller can mend, now or later
├── InvalidInputError           422  invalid_input
├── UnauthorizedError           401  unauthorized           with WWW-Authenticate
├── ForbiddenError              403  forbidden
├── NotFoundError               404  not_found
├── ConflictError               409  conflict
├── PreconditionFailedError     412  precondition_failed
├── PreconditionRequiredError   428  precondition_required
└── RetryableError                   with Retry-After
    ├── TooManyRequestsError    429  too_many_requests
    └── UnavailableError        503  unavailable

Services and adapters raise these; only routers know HTTP. Every error leaves as problem details
(RFC 9457) with a `code` that stays the same: those above, `invalid_input` for what a schema refuses
(422), `http_<status>` for what the framework refuses, and `internal` for the rest, which is logged
once with its trace and tells the caller nothing, unless DEBUG is on.
"""

from collections.abc import Sequence
from http import HTTPStatus
from http.client import responses
from typing import ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import get_logger

MEDIA_TYPE = "application/problem+json"
UNKNOWN_CALLER = 'Bearer error="invalid_token"'
INTERNAL = "internal"

logger = get_logger(__name__)


class AppError(Exception):
    """The parent of every fault that a service raises."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    code: ClassVar[str] = "bad_request"

    def __init__(self, detail: str, field: str | None = None) -> None:
        """Say what is wrong in a sentence for the caller, and with which field."""
        super().__init__(detail)
        self.detail = detail
        self.field = field


class InvalidInputError(AppError):
    """A value that its shape allows and a rule does not."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid_input"


class UnauthorizedError(AppError):
    """Nobody is signed in, or not with what was sent."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unauthorized"

    def __init__(self, detail: str, challenge: str = "Bearer") -> None:
        """Say what is wrong, and in the words of RFC 6750 what a token must be."""
        super().__init__(detail)
        self.challenge = challenge

    @property
    def headers(self) -> dict[str, str]:
        """Say how to sign in."""
        return {"WWW-Authenticate": self.challenge}


class ForbiddenError(AppError):
    """Who is signed in may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"

    def __init__(self, detail: str, challenge: str | None = None) -> None:
        """Say what is wrong, and in the words of RFC 6750 what a token lacks."""
        super().__init__(detail)
        self.challenge = challenge

    @property
    def headers(self) -> dict[str, str]:
        """Say what would do, if a token is what is wrong."""
        return {"WWW-Authenticate": self.challenge} if self.challenge else {}


class NotFoundError(AppError):
    """What was asked for is not there, or not the caller's to see."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class ConflictError(AppError):
    """The request does not fit what is stored."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class PreconditionFailedError(AppError):
    """What is stored has changed since the caller read it."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "precondition_failed"


class PreconditionRequiredError(AppError):
    """The caller must say which version it means."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "precondition_required"


class RetryableError(AppError):
    """The same request may succeed later."""

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        """Say what is wrong, and after how many seconds to try again."""
        super().__init__(detail)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Say when to try again."""
        return {"Retry-After": str(self.retry_after)}


class TooManyRequestsError(RetryableError):
    """The caller asks more often than it may."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"


class UnavailableError(RetryableError):
    """Something that is needed does not answer, such as the database."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"


class FieldProblem(BaseModel):
    """A field that was refused, named from its place in the request, as in `body.name`."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error, as every route answers it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem]


def describe(error: Exception) -> Problem:
    """Say what a caller may know of an error."""
    match error:
        case AppError():
            fields = [FieldProblem(field=error.field, detail=error.detail)] if error.field else []
            return problem(error.status, error.code, error.detail, fields)
        case RequestValidationError():
            fields = [
                FieldProblem(field=".".join(map(str, fault["loc"])), detail=fault["msg"])
                for fault in error.errors()
            ]
            return problem(422, "invalid_input", "The request is not what is expected.", fields)
        case HTTPException():
            return problem(error.status_code, f"http_{error.status_code}", str(error.detail))
    return problem(500, INTERNAL, "Something failed here. It was logged.")


def problem(status: int, code: str, detail: str, errors: Sequence[FieldProblem] = ()) -> Problem:
    """Fill in what follows from the status."""
    return Problem(
        type="about:blank",
        title=responses.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        errors=list(errors),
    )


async def answer(request: Request, error: Exception) -> Response:
    """Turn any error into its response; the one handler of all."""
    told = describe(error)
    if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # What passes by itself is no fault of this code: only what caused it is of interest.
        fault = error.__cause__ if isinstance(error, RetryableError) else error
        logger.error("request failed", detail=told.detail, exc_info=fault)
    if told.code == INTERNAL and request.app.state.settings.debug:
        told.detail = f"{type(error).__name__}: {error}"
    return JSONResponse(
        told.model_dump(),
        status_code=told.status,
        headers=getattr(error, "headers", None),
        media_type=MEDIA_TYPE,
    )


class UnexpectedErrors:
    """Middleware for errors that nobody expected: without it the server would log them again."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer for it unless its answer has begun."""
        begun = scope["type"] != "http"

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if begun:
                raise
            response = await answer(Request(scope), error)
            await response(scope, receive, send)


def handle_errors(app: FastAPI) -> None:
    """Make every error of an application leave as problem details."""
    for kind in (AppError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)
    app.add_middleware(UnexpectedErrors)
