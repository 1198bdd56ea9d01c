from datetime import UTC, datetime, timedelta

import pytest
from pwdlib import PasswordHash

from app.accounts.passwords import Passwords
from app.accounts.service import AccountService, Session
from app.accounts.tokens import Issuer
from app.auth.tokens import OneSecret, Trust, Verifier
from app.errors import ConflictError, UnauthorizedError
from tests.accounts.fakes import CHEAPEST, FakeAccounts, cheap_passwords

EMAIL = "ann@example.com"
PASSWORD = "correct horse battery"  # noqa: S105 - everybody knows it
SECRET = "a secret that is long enough for HS256"  # noqa: S105
MONTH = timedelta(days=30)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class CountingHasher(PasswordHash):
    """Remembers what it was asked to verify."""

    def __init__(self) -> None:
        super().__init__([CHEAPEST])
        self.verified: list[str | bytes] = []

    def verify_and_update(
        self,
        password: str | bytes,
        hash: str | bytes,  # noqa: A002 - named by pwdlib
    ) -> tuple[bool, str | None]:
        self.verified.append(hash)
        return super().verify_and_update(password, hash)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


def serve(accounts: FakeAccounts, clock: Clock, passwords: Passwords) -> AccountService:
    issuer = Issuer(SECRET, "issuer", "api", timedelta(minutes=15))
    return AccountService(accounts, passwords, issuer, MONTH, clock)


@pytest.fixture
def service(accounts: FakeAccounts, clock: Clock) -> AccountService:
    return serve(accounts, clock, cheap_passwords())


@pytest.fixture
async def session(service: AccountService) -> Session:
    """A user who has just signed in."""
    await service.register_account(EMAIL, PASSWORD)
    return await service.begin_session(EMAIL, PASSWORD)


async def test_a_new_account_may_read_and_write_items(
    service: AccountService, accounts: FakeAccounts, clock: Clock
) -> None:
    account = await service.register_account(EMAIL, PASSWORD)

    assert accounts.accounts == {account.id: account}
    assert (account.email, account.created_at) == (EMAIL, clock.now)
    assert account.scopes == ("items:read", "items:write")
    assert account.id.version == 7


async def test_a_password_is_stored_as_its_hash(service: AccountService) -> None:
    account = await service.register_account(EMAIL, PASSWORD)

    assert PASSWORD not in repr(account)
    assert account.password_hash.startswith("$argon2id$")


async def test_an_address_has_one_account(service: AccountService) -> None:
    await service.register_account(EMAIL, PASSWORD)

    with pytest.raises(ConflictError) as refusal:
        await service.register_account(EMAIL, "another good password")
    assert refusal.value.field == "body.email"


async def test_who_signs_in_gets_a_token_that_names_them(
    service: AccountService, clock: Clock
) -> None:
    account = await service.register_account(EMAIL, PASSWORD)
    clock.now = datetime.now(UTC)

    session = await service.begin_session(EMAIL, PASSWORD)

    verifier = Verifier(Trust(OneSecret(SECRET), "api", "issuer"))
    caller = await verifier.caller_of(session.access_token)
    assert caller is not None
    assert caller.id == account.id
    assert session.expires_in == 900


async def test_of_a_refresh_token_only_the_hash_is_stored(
    session: Session, accounts: FakeAccounts, clock: Clock
) -> None:
    [token] = accounts.tokens.values()

    assert session.refresh_token not in repr(token)
    assert token.expires_at == clock.now + MONTH


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "incorrect horse battery"), (EMAIL, ""), ("bob@example.com", PASSWORD)],
)
async def test_an_unknown_user_and_a_wrong_password_look_the_same_and_cost_the_same(
    email: str, password: str, accounts: FakeAccounts, clock: Clock
) -> None:
    hasher = CountingHasher()
    service = serve(accounts, clock, Passwords(hasher))
    account = await service.register_account(EMAIL, PASSWORD)

    with pytest.raises(UnauthorizedError) as refusal:
        await service.begin_session(email, password)

    assert refusal.value.detail == "The address or the password is wrong."
    assert refusal.value.field is None
    [verified] = hasher.verified
    settings_of = slice(0, str(account.password_hash).index("$", 10))
    assert str(verified)[settings_of] == account.password_hash[settings_of]
    assert accounts.tokens == {}


async def test_a_hash_of_weaker_settings_is_replaced_at_sign_in(
    accounts: FakeAccounts, clock: Clock
) -> None:
    await serve(accounts, clock, cheap_passwords()).register_account(EMAIL, PASSWORD)
    [weak] = [account.password_hash for account in accounts.accounts.values()]
    stronger = Passwords(PasswordHash([type(CHEAPEST)(time_cost=2, memory_cost=8, parallelism=1)]))
    service = serve(accounts, clock, stronger)

    await service.begin_session(EMAIL, PASSWORD)

    [stored] = [account.password_hash for account in accounts.accounts.values()]
    assert (",t=1," in weak, ",t=2," in stored) == (True, True)
    await service.begin_session(EMAIL, PASSWORD)


async def test_a_refresh_gives_a_new_pair(service: AccountService, session: Session) -> None:
    renewed = await service.refresh_session(session.refresh_token)

    assert renewed.access_token != session.access_token
    assert renewed.refresh_token != session.refresh_token
    await service.refresh_session(renewed.refresh_token)


async def test_a_refresh_token_that_is_used_again_ends_the_whole_session(
    service: AccountService, session: Session, accounts: FakeAccounts
) -> None:
    renewed = await service.refresh_session(session.refresh_token)

    with pytest.raises(UnauthorizedError):
        await service.refresh_session(session.refresh_token)
    with pytest.raises(UnauthorizedError):
        await service.refresh_session(renewed.refresh_token)
    assert accounts.tokens == {}


async def test_the_other_sessions_of_the_user_go_on(
    service: AccountService, session: Session
) -> None:
    other = await service.begin_session(EMAIL, PASSWORD)

    await service.end_session(session.refresh_token)

    with pytest.raises(UnauthorizedError):
        await service.refresh_session(session.refresh_token)
    await service.refresh_session(other.refresh_token)


async def test_a_refresh_token_expires(
    service: AccountService, session: Session, clock: Clock
) -> None:
    clock.now += MONTH

    with pytest.raises(UnauthorizedError, match="Sign in again"):
        await service.refresh_session(session.refresh_token)


async def test_who_comes_back_in_time_stays_signed_in(
    service: AccountService, session: Session, clock: Clock
) -> None:
    for _ in range(3):
        clock.now += MONTH - timedelta(seconds=1)
        session = await service.refresh_session(session.refresh_token)


async def test_what_expired_is_forgotten_at_the_next_sign_in(
    service: AccountService, session: Session, accounts: FakeAccounts, clock: Clock
) -> None:
    clock.now += MONTH

    await service.begin_session(EMAIL, PASSWORD)

    assert len(accounts.tokens) == 1
    with pytest.raises(UnauthorizedError):
        await service.refresh_session(session.refresh_token)


async def test_an_unknown_refresh_token_gives_nothing_and_ends_nothing(
    service: AccountService, session: Session
) -> None:
    with pytest.raises(UnauthorizedError):
        await service.refresh_session("made up")
    await service.end_session("made up")

    await service.refresh_session(session.refresh_token)
