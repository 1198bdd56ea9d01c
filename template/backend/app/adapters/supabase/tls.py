"""Whom connections to a project trust."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Give the usual certificates: read once, for nobody is served meanwhile."""
    return httpx.create_ssl_context()
