"""Rate limits for routes that anybody may call.

Each process counts for itself: with four workers a client gets up to four times as much. Behind a
proxy every request comes from the proxy's address, unless uvicorn is told whose forwarded headers
to trust (`--forwarded-allow-ips`, or the variable FORWARDED_ALLOW_IPS).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from app.errors import TooManyRequestsError
from app.settings import Settings
from app.wiring import SettingsDep

MINUTE = 60.0


class Limits:
    """A token bucket for each key, all in one table that cannot grow without end.

    Of a bucket only the moment is kept at which it will be full again (GCRA). When the table is
    full, the bucket that was used the longest ago is forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, size: int = 50_000) -> None:
        """Take the time, in seconds, from this clock, and keep so many buckets."""
        self.clock = clock
        self.size = size
        self.full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, what: str, who: str, per_minute: int) -> None:
        """Take a token. TooManyRequestsError: the bucket is empty."""
        now = self.clock()
        token = MINUTE / per_minute
        full_at = max(now, self.full_at.get((what, who), now)) + token
        wait = full_at - now - MINUTE
        if wait > 1e-6:
            raise TooManyRequestsError("Too many attempts. Wait a little.", math.ceil(wait))
        self.full_at[what, who] = full_at
        self.full_at.move_to_end((what, who))
        if len(self.full_at) > self.size:
            self.full_at.popitem(last=False)


def network_of(host: str) -> str:
    """Give what stands for one client: an IPv4 address, or the 64 bits that an IPv6 site has."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Network((address.packed, 64), strict=False))
    return str(address)


async def current_limits(connection: HTTPConnection) -> Limits:
    """Give the limits that the application counts with."""
    limits: Limits = connection.app.state.limits
    return limits


LimitsDep = Annotated[Limits, Depends(current_limits)]


def limit_address(
    what: str, per_minute: Callable[[Settings], int]
) -> Callable[[HTTPConnection, LimitsDep, SettingsDep], Awaitable[None]]:
    """Make a dependency that lets an address call a route so many times a minute."""

    async def take(connection: HTTPConnection, limits: LimitsDep, settings: SettingsDep) -> None:
        host = connection.client.host if connection.client else "unknown"
        limits.take(what, network_of(host), per_minute(settings))

    return take
