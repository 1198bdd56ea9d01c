import json
import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
import structlog

from app.logs import configure_logs, get_logger


class Logger(Protocol):
    """What both kinds of logger can do."""

    def error(self, event: str, /, *, exc_info: BaseException) -> None: ...


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    """Leave logging and structlog as they were: they belong to the process."""
    root, saved = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**saved)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def test_in_production_a_line_is_json_and_says_who_when_and_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(as_json=True, debug=False)

    with structlog.contextvars.bound_contextvars(request_id="abc"):
        get_logger("app.items").info("item archived", item_id=7)

    event = json.loads(capsys.readouterr().out)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "item archived",
        "item_id": 7,
        "level": "info",
        "logger": "app.items",
        "request_id": "abc",
    }


def test_the_standard_librarys_loggers_go_down_the_same_pipe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with warnings.catch_warnings(), structlog.contextvars.bound_contextvars(request_id="abc"):
        warnings.simplefilter("always")
        configure_logs(as_json=True, debug=False)
        logging.getLogger("uvicorn.error").info("Started %s", "process")
        warnings.warn("old", UserWarning, stacklevel=1)

    started, warned = map(json.loads, capsys.readouterr().out.splitlines())
    assert started.pop("timestamp").endswith("Z")
    assert started == {
        "event": "Started process",
        "level": "info",
        "logger": "uvicorn.error",
        "request_id": "abc",
    }
    assert warned["logger"] == "py.warnings"


@pytest.mark.parametrize("get", [get_logger, logging.getLogger])
def test_a_trace_is_one_line_too_and_holds_no_values_of_variables(
    get: Callable[[str], Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(as_json=True, debug=False)
    password = "secret"  # noqa: S105 - what must not leak

    def fail() -> None:
        raise RuntimeError(len(password))

    try:
        fail()
    except RuntimeError as error:
        get("app.errors").error("request failed", exc_info=error)

    [line] = capsys.readouterr().out.splitlines()
    trace = json.loads(line)["exception"]
    assert trace.startswith("Traceback (most recent call last):\n")
    assert trace.endswith("RuntimeError: 6")


def test_what_json_lacks_is_written_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=True, debug=False)

    get_logger("app").info("found", error=ValueError("no"), name="a\nb")

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["error"] == "no"
    assert json.loads(line)["name"] == "a\nb"


def test_in_development_a_line_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=False, debug=False)

    get_logger("app.items").info("item archived", item_id=7)

    line = capsys.readouterr().out
    assert "item archived" in line
    assert "[app.items]" in line
    assert "item_id=7" in line


@pytest.mark.parametrize(("debug", "said"), [(True, ["detail"]), (False, [])])
def test_details_are_said_only_with_debug_on(
    debug: bool,  # noqa: FBT001 - a case
    said: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(as_json=True, debug=debug)

    get_logger("app").debug("detail")

    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == said


def test_a_logger_needs_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=True, debug=False)

    structlog.get_logger().info("hello")

    assert json.loads(capsys.readouterr().out)["logger"] == ""
