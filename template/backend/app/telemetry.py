"""Traces and metrics, by OpenTelemetry: FastAPI makes them itself once it is told where to.

They are sent where `OTEL_EXPORTER_OTLP_ENDPOINT` says; the other variables of OpenTelemetry hold
too. Without it nothing is loaded and nothing is measured. What sends them is the extra `telemetry`
of this package, which the image has.
"""

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from starlette.datastructures import QueryParams
from starlette.types import Scope
from structlog.typing import EventDict, WrappedLogger

TOKEN = "access_token"  # noqa: S105 - what RFC 6750 calls a token in an address


def is_probe(scope: Scope) -> bool:
    """Say whether somebody only asks for the health of the process, which is no traffic."""
    return scope["type"] == "http" and str(scope["path"]).startswith("/health/")


def is_left_out(scope: Scope) -> bool:
    """Say whether nothing is told of a request: of probes, and where the address holds a token.

    A span has the whole query, and so would hand on the token to whoever reads traces.
    """
    query = scope.get("query_string")
    return is_probe(scope) or bool(query and TOKEN in QueryParams(query))


TELEMETRY: TelemetryConfig = {"auto_configure": True, "exclude": is_left_out}


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the trace and the span that a line of the log belongs to, where there is one."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event
