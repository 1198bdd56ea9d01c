"""The address of a database, as a variable has it."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def checked(address: str) -> str:
    """Refuse what can be no address before anything tries to connect to it."""
    if not can_be_address(address):
        raise ValueError(
            "write it as postgresql://user:password@host:5432/name, special characters of the "
            "password as %XX"
        )
    return address


def can_be_address(address: str) -> bool:
    """Say whether an address has the form of one."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # the port is no number, or the host no address
        return False
    return parts.scheme in {"postgres", "postgresql"} and port != 0


DatabaseAddress = Annotated[str, AfterValidator(checked)]
