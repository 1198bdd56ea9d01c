from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import RFC_4122

from app.ids import UuidSource, uuid7

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_it_is_a_version_7_of_now() -> None:
    made = uuid7()

    assert (made.version, made.variant) == (7, RFC_4122)
    said = datetime.fromtimestamp((made.int >> 80) / 1000, tz=UTC)
    assert abs(datetime.now(UTC) - said) < timedelta(seconds=5)


def test_the_example_of_the_rfc_has_its_time_in_front() -> None:
    source = UuidSource(clock=lambda: 0x017F22E279B0 * 1_000_000)

    assert str(source()).startswith("017f22e2-79b0-7")


def test_they_ascend_though_the_clock_stands_still_or_goes_back() -> None:
    times = iter([1_000_000_000, 1_000_000_000, 999_000_000, 5_000_000, 1_000_000_000])
    source = UuidSource(clock=lambda: next(times))

    made = [source() for _ in range(5)]

    assert made == sorted(made)
    assert len(set(made)) == 5


def test_they_ascend_when_a_counter_has_run_full() -> None:
    source = UuidSource(clock=lambda: 1_000_000)
    source.moment = (1 << 42) + (1 << 42) - 1

    made = source()

    assert made.int >> 80 == 2
    assert (made.version, made.variant) == (7, RFC_4122)


def test_threads_never_get_the_same_one() -> None:
    source = UuidSource(clock=lambda: 1_000_000)
    with ThreadPoolExecutor(4) as threads:
        parts = threads.map(lambda _: [source() for _ in range(200)], range(4))

    assert len(set(chain.from_iterable(parts))) == 800
