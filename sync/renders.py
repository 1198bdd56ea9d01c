"""What Copier renders: the version that the project has, and the one that it gets."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import List, Sequence

from project import ANSWERS, PLAIN, SyncError, field, with_source

TEMPLATE = Path(__file__).resolve().parent.parent
COPIER = ("copier>=9.18,<10", "copier")
running: List[subprocess.Popen[bytes]] = []


@lru_cache(maxsize=1)
def frozen() -> list[str]:
    """The paths that are a person's once they are rendered, as the template names them."""
    text = (TEMPLATE / "copier" / "settings.yml").read_text("utf-8")
    found = re.search(r"_skip_if_exists:\n((?:  - /.+\n)+)", text)
    return re.findall(r"  - /(.+)", found[1]) if found else []


def is_frozen(path: str) -> bool:
    """Whether a path is a person's."""
    return any(path == place or path.startswith(f"{place}/") for place in frozen())


def known(data: Sequence[str]) -> None:
    """Refuses what is no answer to a question: Copier would leave it out in silence."""
    texts = [path.read_text("utf-8") for path in sorted((TEMPLATE / "copier").glob("*.yml"))]
    found = re.compile(r"(?m)^(\w+):\n(?:(?:  .*)?\n)*?  help:")
    questions = [name for text in texts for name in found.findall(text)]
    for answer in data:
        name, sign, _ = answer.partition("=")
        if not sign:
            raise SyncError(f"{answer} is no answer. --answers takes NAME=VALUE.")
        if name not in questions:
            raise SyncError(f"{name} is no question. The questions are {', '.join(questions)}.")


class Render:
    """A version of the template rendered by itself, with the answers of a project."""

    def __init__(
        self,
        folder: Path,
        answers: str,
        version: str = "",
        data: Sequence[str] = (),
        *,
        whole: bool = False,
    ) -> None:
        """Starts Copier, of the answers' own version if none is named.

        `whole` renders a person's own paths too.
        """
        self.folder, self.version = folder, version or field(answers, "_commit")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ANSWERS).write_text(with_source(answers, f"_src_path: '{TEMPLATE}'"), "utf-8")
        words = ["recopy", "--defaults", "--overwrite", "--quiet", "--vcs-ref", self.version]
        words += [word for answer in data for word in ("--data", answer)]
        # New agents' notes are written by an update, so they are rendered.
        left = [] if whole else [place for place in frozen() if place != ".claude/notes"]
        words += [word for place in left for word in ("--exclude", f"/{place}")]
        self.process = subprocess.Popen(  # noqa: S603 - files() or stop() waits for it
            [*copier(), *words, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=PLAIN,
        )
        running.append(self.process)

    def files(self) -> dict[str, bytes]:
        """Every file that it made, by its path. Waits for Copier."""
        said = self.process.communicate()[1].decode(errors="replace").strip()
        if self.process.returncode:
            last = re.sub(r"^[\w.]+(?:Error|Exception): ", "", (said.splitlines() or ["?"])[-1])
            raise SyncError(f"Copier could not render {self.version}: {last}")
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}


def stop() -> None:
    """Ends each Copier that nobody waits for any more."""
    for process in running:
        if process.stderr and not process.stderr.closed:
            process.terminate()
            process.communicate()
    running.clear()


def copier() -> list[str]:
    """The command that starts Copier: the installed one, else the one that uv fetches."""
    if found := shutil.which("copier"):
        return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "--from", *COPIER]
    raise SyncError("Neither copier nor uv is here. Install uv: https://docs.astral.sh/uv")
