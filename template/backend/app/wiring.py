"""What any route can ask for, as Annotated aliases. A feature's own are in its router."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from app.auth.tokens import Caller, Verifier
from app.errors import UNKNOWN_CALLER, ForbiddenError, UnauthorizedError
from app.layer import Storage
from app.settings import Settings

bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token.")


async def current_settings(connection: HTTPConnection) -> Settings:
    """Give the settings that the application was made with."""
    settings: Settings = connection.app.state.settings
    return settings


async def current_storage(connection: HTTPConnection) -> Storage:
    """Give the storage that the application opened when it started."""
    storage: Storage = connection.app.state.storage
    return storage


async def current_user(
    scopes: SecurityScopes,
    connection: HTTPConnection,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Caller:
    """Give the user whom the token names, if it carries the scopes that the route asks for."""
    if credentials is None:
        raise UnauthorizedError("Sign in: there is no access token.")
    verifier: Verifier = connection.app.state.verifier
    caller = await verifier.caller_of(credentials.credentials)
    if caller is None:
        raise UnauthorizedError("Sign in: the access token is wrong or expired.", UNKNOWN_CALLER)
    if not caller.scopes.issuperset(scopes.scopes):
        raise ForbiddenError(
            f"The token lacks a scope: {', '.join(scopes.scopes)}.",
            f'Bearer error="insufficient_scope", scope="{scopes.scope_str}"',
        )
    return caller


SettingsDep = Annotated[Settings, Depends(current_settings)]
StorageDep = Annotated[Storage, Depends(current_storage)]
CurrentUser = Annotated[Caller, Depends(current_user)]
