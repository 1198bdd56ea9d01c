import os
import sys
from pathlib import Path

from app.adapters.postgres.guard import keep


def test_a_server_stops_as_soon_as_nobody_wants_it(tmp_path: Path) -> None:
    asked = tmp_path / "asked to stop"
    serve = f"import os, time\nwhile not os.path.exists({str(asked)!r}): time.sleep(0.005)"
    stop = f"open({str(asked)!r}, 'w').close()"
    wanted, holder = os.pipe()
    os.close(holder)

    ended = keep([sys.executable, "-ISc", serve], [sys.executable, "-ISc", stop], wanted)

    os.close(wanted)
    assert ended == 0


def test_a_server_that_ends_by_itself_ends_its_guard() -> None:
    wanted, holder = os.pipe()

    ended = keep([sys.executable, "-ISc", "raise SystemExit(3)"], [sys.executable, "-V"], wanted)

    os.close(holder)
    assert ended == 3
