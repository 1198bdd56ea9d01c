"""What Copier renders: the version that the project has, and the one that it gets."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import List, Sequence

from project import ANSWERS, PLAIN, SyncError, field, given, with_source

TEMPLATE = Path(__file__).resolve().parent.parent
COPIER = ("copier>=9.18,<10", "copier")
YES_NO = {"true": ("true", "yes", "y", "on", "1"), "false": ("false", "no", "n", "off", "0")}
running: List[subprocess.Popen[bytes]] = []


@lru_cache(maxsize=1)
def frozen() -> list[str]:
    """The paths that are a person's once they are rendered, as the template names them."""
    text = (TEMPLATE / "copier" / "settings.yml").read_text("utf-8")
    _, _, rest = text.partition("\n_skip_if_exists:\n")
    rows = re.split(r"(?m)^\S", rest)[0].splitlines()
    found = [re.fullmatch(r"  - /([\w./-]+)", row) for row in rows if row.strip()]
    if not found or None in found:
        why = "copier/settings.yml of this version does not say in plain rows what is a person's"
        raise SyncError(f"{why} (_skip_if_exists), so nothing is touched. --to names another one")
    return [row[1] for row in found if row]


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


def taken(data: Sequence[str], answers: str) -> None:
    """Refuses an answer that Copier did not take: its question is not asked of this project."""
    now = given(answers)
    for name, _, value in (answer.partition("=") for answer in data):
        if name not in now:
            raise SyncError(
                f"{name} is not asked of this project, whose other answers leave it no choice."
            )
        if now[name] in YES_NO and value.strip().lower() not in YES_NO[now[name]]:
            raise SyncError(f"{value} is neither yes nor no, and {name} needs one of them.")


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
        self.answers = with_source(answers, f"_src_path: '{TEMPLATE}'")
        words = ["recopy", "--defaults", "--overwrite", "--quiet", "--vcs-ref", self.version]
        words += [word for answer in data for word in ("--data", answer)]
        # New agents' notes are written by an update, so they are rendered.
        left = [] if whole else [place for place in frozen() if place != ".claude/notes"]
        words += [word for place in left for word in ("--exclude", f"/{place}")]
        self.words = [*words, str(folder)]
        self.program = copier()
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Starts Copier."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / ANSWERS).write_text(self.answers, "utf-8")
        process = subprocess.Popen(  # noqa: S603 - files() or stop() waits for it
            [*self.program, *self.words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=PLAIN,
        )
        running.append(process)
        return process

    def files(self) -> dict[str, bytes]:
        """Every file that it made, by its path. Waits for Copier."""
        said = self.process.communicate()[1].decode(errors="replace").strip()
        if self.process.returncode and (other := other_than(self.program)):
            self.program = other
            shutil.rmtree(self.folder)
            self.process = self.start()
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
    if other := by_uv():
        return other
    raise SyncError("Neither copier nor uv is here. Install uv: https://docs.astral.sh/uv")


def by_uv() -> list[str]:
    """The command that lets uv fetch Copier, none where uv is not here."""
    found = shutil.which("uv")
    return [found, "tool", "run", "--from", *COPIER] if found else []


def other_than(program: list[str]) -> list[str]:
    """The Copier to try where one failed that is not of the versions that an update needs."""
    if len(program) > 1:
        return []
    words = [*program, "--version"]
    said = subprocess.run(words, env=PLAIN, capture_output=True, check=False).stdout  # noqa: S603
    found = re.search(r"(\d+)\.(\d+)", said.decode(errors="replace"))
    if found and (9, 18) <= (int(found[1]), int(found[2])) < (10, 0):
        return []
    if other := by_uv():
        return other
    name = f"Copier {found[0]}" if found else "no Copier"
    raise SyncError(
        f"{program[0]} is {name}. An update needs {COPIER[0]}: upgrade it, or install uv"
    )
