"""The routes by which users register, sign in, stay signed in and sign out."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from app.accounts.passwords import Passwords, recommended_passwords
from app.accounts.schemas import (
    AccountCreate,
    AccountResponse,
    SessionCreate,
    SessionResponse,
    SessionUpdate,
)
from app.accounts.service import AccountService, Session
from app.accounts.tokens import Issuer
from app.contract import problems
from app.errors import ConflictError, TooManyRequestsError, UnauthorizedError, UnavailableError
from app.limits import LimitsDep, limit_address
from app.wiring import SettingsDep, StorageDep


async def account_service(
    storage: StorageDep,
    settings: SettingsDep,
    passwords: Annotated[Passwords, Depends(recommended_passwords)],
) -> AccountService:
    """Give the service, on the storage of the application."""
    issuer = Issuer(
        secret=settings.jwt_secret.get_secret_value(),
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        lifetime=timedelta(minutes=settings.access_minutes),
    )
    return AccountService(
        storage.accounts(), passwords, issuer, timedelta(days=settings.refresh_days)
    )


Service = Annotated[AccountService, Depends(account_service)]
router = APIRouter(tags=["accounts"], responses=problems(TooManyRequestsError, UnavailableError))


@router.post(
    "/accounts",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ConflictError),
    dependencies=[Depends(limit_address("register", lambda settings: settings.register_limit))],
)
async def register_account(body: AccountCreate, service: Service) -> AccountResponse:
    """Open an account. An address has at most one."""
    account = await service.register_account(body.email, body.password.get_secret_value())
    return AccountResponse.model_validate(account)


@router.post(
    "/sessions",
    status_code=status.HTTP_201_CREATED,
    responses=problems(UnauthorizedError),
    dependencies=[Depends(limit_address("sign_in", lambda settings: settings.sign_in_limit))],
)
async def begin_session(
    body: SessionCreate,
    response: Response,
    service: Service,
    limits: LimitsDep,
    settings: SettingsDep,
) -> SessionResponse:
    """Sign in."""
    # Many addresses may try the passwords of one user.
    limits.take("sign_in_email", body.email, settings.sign_in_limit)
    session = await service.begin_session(body.email, body.password.get_secret_value())
    return hand_over(session, response)


@router.post(
    "/sessions/refresh",
    responses=problems(UnauthorizedError),
    dependencies=[Depends(limit_address("refresh", lambda settings: settings.refresh_limit))],
)
async def refresh_session(
    body: SessionUpdate, response: Response, service: Service
) -> SessionResponse:
    """Trade a refresh token for a new pair of tokens. A second trade ends the session."""
    session = await service.refresh_session(body.refresh_token.get_secret_value())
    return hand_over(session, response)


@router.post(
    "/sessions/end",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Depends(limit_address("refresh", lambda settings: settings.refresh_limit))],
)
async def end_session(body: SessionUpdate, service: Service) -> None:
    """Sign out. It is no fault if the session has ended."""
    await service.end_session(body.refresh_token.get_secret_value())


def hand_over(session: Session, response: Response) -> SessionResponse:
    """Show tokens to their owner, and to no cache."""
    response.headers["Cache-Control"] = "no-store"
    return SessionResponse.model_validate(session)
