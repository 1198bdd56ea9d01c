"""How much of `app` the tests reach, lines and branches, whenever all of them run.

SlipCover counts inside the compiled code. Tracing each call, as is more usual, doubles the time.
`[tool.slipcover]` in pyproject.toml says what is measured and how much is enough.
"""

import tomllib
from io import StringIO
from pathlib import Path

import pytest
import slipcover  # type: ignore[import-untyped] # it ships no types

ROOT = Path(__file__).parents[1]
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["slipcover"]
REQUIRED: float = RULES["fail-under"]
APP = str(ROOT / RULES["source"])
COUNTER = slipcover.Slipcover(
    branch=RULES["branch"],
    source=[APP],
    exclude_also=RULES["exclude-also"],
    d_miss_threshold=10**9,  # to take counters out again costs more than they do
)
COVERAGE = pytest.StashKey[dict[str, dict[str, float]]]()


class OfApp:
    """Which modules count. SlipCover's own way resolves the path of each that anybody imports."""

    def matches(self, origin: str) -> bool:
        """Say whether a module of that file is one of the application's."""
        return Path(origin).is_relative_to(APP)


if REQUIRED:
    slipcover.ImportManager(COUNTER, OfApp()).__enter__()


def runs_everything(config: pytest.Config) -> bool:
    """Say whether nobody asked for some of the tests only."""
    options = ("keyword", "lf", "deselect", "collectonly")
    some = any(getattr(config.option, name, None) for name in options)
    marked = any(argument.startswith("-m") for argument in config.invocation_params.args)
    return config.args_source is config.ArgsSource.TESTPATHS and not (some or marked)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run whose tests pass, and leave too much of the application aside."""
    if REQUIRED and session.exitstatus == pytest.ExitCode.OK and runs_everything(session.config):
        session.config.stash[COVERAGE] = coverage = COUNTER.get_coverage()
        if coverage["summary"]["percent_covered"] < REQUIRED:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was left aside, and the sum."""
    if (coverage := config.stash.get(COVERAGE, None)) is None:
        return
    table = StringIO()
    slipcover.print_coverage(coverage, outfile=table, skip_covered=True)
    reached = coverage["summary"]["percent_covered"]
    enough = reached >= REQUIRED
    terminalreporter.section("coverage")
    if reached < 100:
        terminalreporter.write(table.getvalue())
    terminalreporter.write_line(
        f"{reached:.2f} % of the lines and branches of app/ are covered, {REQUIRED} % required.",
        green=enough,
        red=not enough,
    )
