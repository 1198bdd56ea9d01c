import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from opentelemetry.trace import (
    INVALID_SPAN,
    NonRecordingSpan,
    NoOpTracer,
    Span,
    SpanContext,
    Tracer,
    TracerProvider,
    use_span,
)

from app.telemetry import TELEMETRY, add_trace


class Traces(TracerProvider, NoOpTracer):
    """Keeps what is told of each span. The SDK does too, but it takes long to load."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def get_tracer(self, *_arguments: object, **_named: object) -> Tracer:
        return self

    def start_span(self, *arguments: object, **named: object) -> Span:
        self.told.append(f"{arguments} {named}")
        return INVALID_SPAN


async def told_of(path: str) -> list[str]:
    """Give what FastAPI tells of a request."""
    traces = Traces()
    app = FastAPI(telemetry={**TELEMETRY, "auto_configure": False, "tracer_provider": traces})
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        await client.get(path)
    return traces.told


def test_a_line_of_the_log_names_its_trace_and_span() -> None:
    span = NonRecordingSpan(SpanContext(trace_id=1, span_id=2, is_remote=False))

    with use_span(span):
        event = add_trace(None, "info", {})

    assert event == {"trace_id": f"{1:032x}", "span_id": f"{2:016x}"}


def test_without_a_trace_nothing_is_added() -> None:
    assert add_trace(None, "info", {}) == {}


async def test_a_request_is_traced_with_its_query() -> None:
    [span] = await told_of("/api/v1/items?limit=2")

    assert "limit=2" in span


@pytest.mark.parametrize(
    "path",
    [
        "/health/ready",
        "/api/v1/events?access_token=secret",
        "/api/v1/events?last_event_id=2&access%5Ftoken=secret",
    ],
)
async def test_probes_and_tokens_in_addresses_are_not_traced(path: str) -> None:
    assert await told_of(path) == []
