"""What the guard costs before a call, beside the start of a Python that imports a little."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import copier

from tests.support.template import template

TARGET = 1.3
FLOOR = ["-I", "-S", "-c", "import json,re,sys"]
OWN = "backend/app/main.py"
CALLS = {
    "Write": ("Write", {"file_path": OWN, "content": "x"}),
    "Bash, a test run": ("Bash", {"command": "cd backend && uv run pytest -q 2>&1 | tail -5"}),
    "Bash, a heredoc": ("Bash", {"command": f"cat > {OWN} <<'EOF'\n" + "x = 1\n" * 100 + "EOF"}),
    "Read": ("Read", {"file_path": OWN}),
}


def call(root: Path, tool: str, given: dict[str, str]) -> bytes:
    """What the client tells the guard."""
    given = {key: str(root / value) if "path" in key else value for key, value in given.items()}
    who = {"agent_type": "backend-developer", "agent_id": "a1"}
    return json.dumps({"tool_name": tool, "tool_input": given, "cwd": str(root), **who}).encode()


def seconds(arguments: Sequence[str], stdin: bytes) -> float:
    """How long a Python runs."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], input=stdin, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=41)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        copier.run_copy(str(template()), root, defaults=True, quiet=True)
        guard = ["-I", "-S", str(root / "team" / "baton.py"), "guard"]
        calls = {name: call(root, *given) for name, given in CALLS.items()}
        shutil.rmtree(root / "team" / "__pycache__", ignore_errors=True)
        times: dict[str, list[float]] = {name: [] for name in ("floor", *calls)}
        for turn in range(rounds + 2):
            found = {name: seconds(guard, stdin) for name, stdin in calls.items()}
            found["floor"] = seconds(FLOOR, b"")
            for name, took in found.items() if turn > 1 else ():  # the first two fill caches
                times[name].append(took)
    middle = {name: statistics.median(took) for name, took in times.items()}
    worst = max(middle[name] for name in calls) / middle["floor"]
    for name, took in middle.items():
        print(f"{name:18} {took * 1000:6.1f} ms  {took / middle['floor']:.2f}")
    print(f"worst ratio        {worst:.2f}, target at most {TARGET}")
    return 1 if worst > TARGET else 0


if __name__ == "__main__":
    sys.exit(main())
