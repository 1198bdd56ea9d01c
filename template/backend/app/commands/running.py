"""What the commands share: settings, one-line refusals, and the application that is served."""

import gc
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from pydantic import ValidationError
from pydantic_settings import SettingsError

from app.logs import configure_logs
from app.main import create_app
from app.refusal import Refusal
from app.settings import Settings

APP = f"{__name__}:make_app"


@contextmanager
def told() -> Iterator[None]:
    """Where a command cannot go on, end with one line on standard error."""
    try:
        yield
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(refusal.code)
    except KeyboardInterrupt:
        sys.exit(130)


def read_settings() -> Settings:
    """Read the settings. Refusal: a variable has a value that cannot work; it is not repeated."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            "".join(f"{str(name).upper()}: " for name in fault["loc"]) + fault["msg"]
            for fault in error.errors(include_url=False, include_input=False)
        ]
        line = "; ".join(faults).replace("Value error, ", "")
    except (SettingsError, UnicodeDecodeError) as error:
        line = f".env: {error}"
    raise Refusal(f"{line.rstrip('.')}. `.env.example` explains each variable.", code=2)


def log_as_settings_say(settings: Settings) -> None:
    """Turn on the log, for machines in production and for people anywhere else."""
    configure_logs(as_json=settings.environment == "production", debug=settings.debug)


def require_free_port(settings: Settings) -> None:
    """Refuse a port on which something listens, before anything else is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        why = str(error.strerror).partition(" (")[0].lower()
        raise Refusal(
            f"Cannot listen on {settings.host}, port {settings.port}: {why}. "
            "End what does, or set HOST and PORT."
        ) from error


def make_app() -> FastAPI:
    """Make what each process of the server runs: the log first, then the application."""
    # Much is made for a request, and little of it in circles: those are looked for less often.
    gc.set_threshold(10_000, 20, 100)
    settings = read_settings()
    log_as_settings_say(settings)
    return create_app(settings)
