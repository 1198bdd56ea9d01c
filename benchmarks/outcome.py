"""What a test run came to, as far as it says so itself."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

COVERED = re.compile(r"^TOTAL .*?([\d.]+)%|^([\d.]+) % of the lines and branches", re.MULTILINE)
MOCKED = re.compile(r"\b(?:Async|Magic)?Mock\(|\bmocker\.|(?:\bmock\.|@|\bwith )patch(?:\.\w+)?\(")


@dataclass(frozen=True)
class Outcome:
    """How a run ended, how many tests passed and did not, what they ran, and their mocks."""

    status: int
    passed: int
    failed: int
    covered: float
    mocks: int

    @property
    def complete(self) -> bool:
        return self.status == 0 and self.passed > 0 and self.covered == 100

    def __str__(self) -> str:
        said = (
            f"{self.passed} passed, {self.failed} failed; {self.covered:g} % of lines and branches"
        )
        ended = f"; ended with {self.status}" if self.status else ""
        return f"{said}; {self.mocks} mocks{ended}"


def outcome(
    backend: Path,
    package: str,
    done: "subprocess.CompletedProcess[str]",
    variables: Mapping[str, str],
) -> Outcome:
    """Reads what a run printed; where it says nothing of coverage, runs the tests once more."""
    told = COVERED.search(done.stdout)
    if told is None:
        coverage = ["--with", "pytest-cov", "pytest", f"--cov={package}", "--cov-branch"]
        again = subprocess.run(
            ["uv", "run", *coverage, "--cov-report=term"],
            cwd=backend,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        told = COVERED.search(again.stdout)
    tests = "".join(path.read_text("utf-8") for path in backend.glob("tests/**/*.py"))
    return Outcome(
        status=done.returncode,
        passed=number("passed", done.stdout),
        failed=number("failed", done.stdout) + number("errors?", done.stdout),
        covered=float(told[1] or told[2]) if told else 0,
        mocks=len(MOCKED.findall(tests)),
    )


def number(of: str, said: str) -> int:
    """The number before a word in the last line, as in `3 passed, 1 error in 0.2s`."""
    found = re.search(rf"(\d+) {of}\b", said.strip().rpartition("\n")[2])
    return int(found[1]) if found else 0
