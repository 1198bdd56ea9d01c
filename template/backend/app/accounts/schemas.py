"""Shapes of accounts and sessions. Secrets go in and never come out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Secret, StringConstraints

from app.fields import Email
from app.shapes import InputShape

WRITE_ONLY = Field(json_schema_extra={"format": "password", "writeOnly": True})

# Length is what makes a password strong: NIST SP 800-63B asks for 15 characters where a password is
# all that is asked for, and for no rule on which. The upper bound keeps the work of hashing small.
NewPassword = Annotated[
    Secret[Annotated[str, StringConstraints(min_length=15, max_length=128)]], WRITE_ONLY
]
Password = Annotated[Secret[Annotated[str, StringConstraints(max_length=128)]], WRITE_ONLY]
Token = Annotated[Secret[Annotated[str, StringConstraints(max_length=128)]], WRITE_ONLY]


class AccountCreate(InputShape):
    """What a new user chooses."""

    email: Email
    password: NewPassword


class AccountResponse(BaseModel):
    """An account, as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    scopes: list[str]
    created_at: datetime


class SessionCreate(InputShape):
    """What a user signs in with."""

    email: Email
    password: Password


class SessionUpdate(InputShape):
    """The session that a refresh token belongs to."""

    refresh_token: Token


class SessionResponse(BaseModel):
    """What a client keeps: a token to call with, and one to get the next pair with, once."""

    model_config = ConfigDict(from_attributes=True)

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"]
    expires_in: Annotated[int, Field(description="For how many seconds the access token is valid.")]
