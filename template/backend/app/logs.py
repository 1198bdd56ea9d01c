"""Logs: one line an event, on standard output. JSON in production, readable in development.

Every module has `logger = get_logger(__name__)` and says what happened in a few fixed words, with
what it is about beside them: `logger.info("item archived", item_id=item.id)`. What holds for the
rest of a request, and so belongs on each of its lines, is bound once with
`structlog.contextvars.bind_contextvars`, as the request's id is.
"""

import json
import logging
import sys

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import TimeStamper
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from app.telemetry import add_trace

_encode = json.JSONEncoder(default=str).encode


def get_logger(name: str) -> FilteringBoundLogger:
    """Give the logger of a module."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


def configure_logs(*, as_json: bool, debug: bool) -> None:
    """Send every log of this process down one pipe, also those of the standard library."""
    level = logging.DEBUG if debug else logging.INFO
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        add_logger_name,
        add_trace,
    ]
    ending: list[Processor] = (
        [TimeStamper(fmt="iso", utc=True), structlog.processors.format_exc_info, to_json]
        if as_json
        else [
            TimeStamper(fmt="%H:%M:%S", utc=False),
            ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=plain_traceback),
        ]
    )
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=Output,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        ProcessorFormatter(
            processors=[ProcessorFormatter.remove_processors_meta, *ending],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)  # the reloader says what changed


class Output(structlog.WriteLogger):
    """Standard output, and the name of the module whose logger it is."""

    def __init__(self, name: str = "") -> None:
        """Write for this module."""
        super().__init__()
        self.name = name


def add_logger_name(logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say which module speaks. A record of the standard library knows it too."""
    record = event.get("_record")
    event["logger"] = record.name if record else logger.name
    return event


def to_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Write an event as one line. What JSON lacks is written as text."""
    return _encode(event)
