"""What no answer may look like, whatever was asked."""

import tomllib
from pathlib import Path

from httpx2 import Response

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
LINT = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]

# The inside of the service: its code, its database, its secrets.
INSIDE = (
    "Traceback",
    "site-packages",
    'File "',
    *LINT["flake8-tidy-imports"]["banned-api"],  # what only adapters may know
    "postgresql",
    "SELECT ",
    "INSERT ",
    "$argon2",
    "for development only",
)


def faults_of(response: Response) -> list[str]:
    """Say what is wrong with an answer to a request that may have been."""
    faults = []
    if response.status_code >= 500:
        faults.append(f"status {response.status_code}")
    if response.status_code >= 400:
        kind = response.headers.get("content-type")
        if kind != "application/problem+json":
            faults.append(f"{response.status_code} as {kind}")
        faults += [f"tells {word!r}" for word in INSIDE if word in response.text]
    for name, value in response.headers.raw:
        if b"\r" in value or b"\n" in value or b"\0" in value:
            faults.append(f"a header that was injected in {name!r}")
    return faults
