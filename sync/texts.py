"""Three versions of a text made one: what was rendered, what a person made of it, what is new."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from project import PLAIN, SyncError


def merge(base: bytes, mine: bytes, new: bytes, version: str) -> tuple[bytes | None, bool]:
    """One text, and whether a person must settle something in it; None where they cannot be one.

    A file that ends its lines as Windows does is merged as any other, and ends them so afterwards.
    """
    if b"\r\n" not in mine:
        base, new = with_lf(base), with_lf(new)
    elif windows(mine):
        base, mine, new = (with_lf(text) for text in (base, mine, new))
        merged, split = merge(base, mine, new, version)
        return merged and merged.replace(b"\n", b"\r\n"), split
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, text in (("mine", mine), ("base", base), ("new", new)):
            names.append(str(Path(folder) / name))
            Path(names[-1]).write_bytes(text)
        labels = [
            word for label in ("yours", "before", f"Baton {version}") for word in ("-L", label)
        ]
        done = subprocess.run(  # noqa: S603
            ["git", "merge-file", "--stdout", *labels, *names],  # noqa: S607
            env=PLAIN,
            capture_output=True,
            check=False,
        )
    if done.returncode >= 128 and b"binary" in done.stderr:
        return None, True
    if not 0 <= done.returncode < 128:
        raise SyncError(f"git merge-file failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout, done.returncode > 0


def ended(text: bytes, mine: bytes) -> bytes:
    """A text with its lines ended as those of the file that is there."""
    if b"\0" in text:
        return text  # it has no lines
    return with_lf(text).replace(b"\n", b"\r\n") if windows(mine) else with_lf(text)


def windows(text: bytes) -> bool:
    """Whether every line ends as on Windows."""
    return b"\r\n" in text and text.count(b"\r\n") == text.count(b"\n")


def with_lf(text: bytes) -> bytes:
    """The text with its lines ended as elsewhere."""
    return text.replace(b"\r\n", b"\n")


def same(one: bytes, other: bytes) -> bool:
    """Whether two texts differ in nothing but the ends of their lines."""
    return one == other or with_lf(one) == with_lf(other)
