"""Retries that do nothing twice: a client names its attempt by an Idempotency-Key."""

from hashlib import sha256
from typing import Annotated

from fastapi import Header
from pydantic import MISSING, BaseModel

from app.contract import header

REPLAYED = {
    "Idempotency-Replayed": header("`true` where an earlier attempt stored it.", always=False)
}
IdempotencyKey = Annotated[
    str | MISSING,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,200}$",
        description="A name for this attempt. A retry with the same key and body does it once.",
    ),
]


def fingerprint_of(body: BaseModel) -> str:
    """Tell one body from another, as validated: order, blanks and defaults make no difference."""
    return sha256(body.model_dump_json().encode()).hexdigest()
