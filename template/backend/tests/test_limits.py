import pytest
from fastapi import APIRouter, Depends, FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from app.errors import TooManyRequestsError
from app.limits import Limits, limit_address, network_of

ROUTES = APIRouter()


@ROUTES.get("/limited", dependencies=[Depends(limit_address("limited", lambda _: 2))])
async def read_limited() -> None: ...


@pytest.fixture
def more_routes() -> APIRouter:
    return ROUTES


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(limits: Limits, who: str = "ann", per_minute: int = 10) -> int:
    """Take tokens until there are none left, and say how many there were."""
    count = 0
    while True:
        try:
            limits.take("sign_in", who, per_minute)
        except TooManyRequestsError:
            return count
        count += 1


@pytest.mark.parametrize("per_minute", [1, 3, 7, 10, 60, 997])
def test_a_bucket_holds_as_much_as_a_minute_brings(per_minute: int) -> None:
    assert taken(Limits(Clock()), per_minute=per_minute) == per_minute


def test_it_fills_up_again_little_by_little() -> None:
    clock = Clock()
    limits = Limits(clock)
    taken(limits)

    clock.now += 6
    assert taken(limits) == 1
    clock.now += 30
    assert taken(limits) == 5
    clock.now += 600
    assert taken(limits) == 10


def test_a_refusal_says_how_long_to_wait_and_that_is_enough() -> None:
    clock = Clock()
    limits = Limits(clock)
    taken(limits)
    clock.now += 1.5

    with pytest.raises(TooManyRequestsError) as refusal:
        limits.take("sign_in", "ann", 10)
    assert refusal.value.headers == {"Retry-After": "5"}
    clock.now += 5
    limits.take("sign_in", "ann", 10)


def test_clients_and_routes_do_not_share_a_bucket() -> None:
    limits = Limits(Clock())
    taken(limits)

    assert taken(limits, who="bob") == 10
    limits.take("register", "ann", 10)


def test_the_table_does_not_grow_without_end() -> None:
    limits = Limits(Clock(), size=100)
    taken(limits)
    for number in range(1000):
        limits.take("sign_in", str(number), 10)

    assert len(limits.full_at) == 100


def test_whoever_goes_on_asking_is_not_forgotten() -> None:
    limits = Limits(Clock(), size=2)
    limits.take("sign_in", "ann", 3)
    limits.take("sign_in", "bob", 3)
    limits.take("sign_in", "ann", 3)
    limits.take("sign_in", "eve", 3)

    assert taken(limits, "ann", per_minute=3) == 1


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("a-socket", "a-socket"),
    ],
)
def test_a_site_of_ipv6_counts_as_one_client(host: str, network: str) -> None:
    assert network_of(host) == network


async def ask(app: FastAPI, address: tuple[str, int] | None, path: str = "/limited") -> Response:
    # Behind a socket of a file system there is no address, which httpx2 does not foresee.
    transport = ASGITransport(app, client=address)  # type: ignore[arg-type] # as said
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


@pytest.mark.parametrize("address", [("192.0.2.1", 1), None])
async def test_a_route_with_a_limit_refuses_whom_has_had_enough_and_no_one_else(
    app: FastAPI, address: tuple[str, int] | None
) -> None:
    statuses = [(await ask(app, address)).status_code for _ in range(2)]
    refused = await ask(app, address)

    assert statuses == [200, 200]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await ask(app, ("192.0.2.2", 1))).status_code == 200
    assert (await ask(app, address, "/health/live")).status_code == 200
