from opentelemetry.trace import NonRecordingSpan, SpanContext, use_span
from starlette.types import Scope

from app.telemetry import add_trace, is_probe


def test_a_line_of_the_log_names_its_trace_and_span() -> None:
    span = NonRecordingSpan(SpanContext(trace_id=1, span_id=2, is_remote=False))

    with use_span(span):
        event = add_trace(None, "info", {})

    assert event == {"trace_id": f"{1:032x}", "span_id": f"{2:016x}"}


def test_without_a_trace_nothing_is_added() -> None:
    assert add_trace(None, "info", {}) == {}


def test_probes_are_not_traced() -> None:
    probe: Scope = {"type": "http", "path": "/health/ready"}
    request: Scope = {"type": "http", "path": "/api/v1/items"}

    assert (is_probe(probe), is_probe(request)) == (True, False)
