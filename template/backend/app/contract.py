"""What the contract says beyond what FastAPI infers: errors, and the headers of answers."""

from collections.abc import Mapping
from inspect import getdoc
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic.json_schema import models_json_schema
from starlette.routing import compile_path

from app.errors import (
    MEDIA_TYPE,
    AppError,
    ForbiddenError,
    Problem,
    RetryableError,
    UnauthorizedError,
    UnavailableError,
    answer,
)

# Parts of the document are JSON of any shape, and typed as FastAPI types them.
Part = dict[str, Any]
Responses = dict[int | str, Part]

SCHEMAS = "#/components/schemas/"


def header(description: str, kind: str = "string", *, always: bool = True) -> Part:
    """Describe a header of an answer: text or integer, always there or at times."""
    described: Part = {"description": description, "schema": {"type": kind}}
    return described | {"required": True} if always else described


def answers(description: str, headers: Mapping[str, Part]) -> Part:
    """Describe an answer that has headers."""
    return {"description": description, "headers": dict(headers)}


HEADERS: Mapping[type[AppError], Mapping[str, Part]] = {
    UnauthorizedError: {"WWW-Authenticate": header("How to sign in (RFC 6750).")},
    ForbiddenError: {
        "WWW-Authenticate": header("Which scope the token lacks (RFC 6750).", always=False)
    },
    RetryableError: {"Retry-After": header("After how many seconds to try again.", "integer")},
}
PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS + Problem.__name__}}}
ANY_ERROR: Responses = {"default": {"description": "What went wrong.", "content": PROBLEM}}


def problems(*errors: type[AppError]) -> Responses:
    """Describe the errors that a client of a route should know how to handle."""
    told: Responses = {}
    for error in errors:
        headers = [known for kind, known in HEADERS.items() if issubclass(error, kind)]
        told[error.status.value] = {
            "description": getdoc(error),
            "content": PROBLEM,
            **({"headers": dict(headers[0])} if headers else {}),
        }
    return told


SIGNED_IN = problems(UnauthorizedError, ForbiddenError, UnavailableError)


class Api(FastAPI):
    """FastAPI, with the shape of its errors in the contract."""

    def openapi(self) -> Part:
        """Add what `PROBLEM` points to: FastAPI knows only the models of its routes."""
        document = super().openapi()
        _, problem = models_json_schema(
            [(Problem, "serialization")], ref_template=SCHEMAS + "{model}"
        )
        document["components"]["schemas"].update(problem["$defs"])
        return document


async def refuse_method(request: Request, error: Exception) -> Response:
    """Name all methods of a path: the router knows only those of the first route that fits."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods = {
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].match(path)
        for method in operations
    }
    if methods:
        error = HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})
    return await answer(request, error)
