"""Measurements. `python -m benchmarks.NAME` at the root runs one; see README.md beside this."""

import sys
from pathlib import Path

# The checks of a render import the programs of hooks/ as the tests do.
sys.path.append(str(Path(__file__).resolve().parents[1] / "hooks"))
