"""What an update renders, each version and answer set once a test run."""

import hashlib
import os
import pickle
import tempfile
from collections.abc import Sequence
from pathlib import Path

import copier
import yaml

import renders
from project import ANSWERS, field, with_source
from tests.support.quick import quickly
from tests.support.template import template

Files = dict[str, bytes]


class Rendered:
    """As `renders.Render`, but by Copier in this process, and kept for all workers of the run."""

    source: Path  # the tagged template

    def __init__(
        self,
        _folder: Path,
        answers: str,
        version: str = "",
        data: Sequence[str] = (),
        *,
        whole: bool = False,
    ) -> None:
        self.version = version or field(answers, "_commit")
        # Where the template is and which version was there before make no difference to a render.
        plain = answers.replace(f"_commit: {field(answers, '_commit')}", "_commit: v0.0.0")
        self.answers = with_source(plain, "_src_path: TEMPLATE")
        self.data, self.whole = list(data), whole

    def files(self) -> Files:
        found = self.all()
        return found if self.whole else {name: found[name] for name in found if managed(name)}

    def all(self) -> Files:
        key = repr((self.answers, self.version, self.data))
        name = hashlib.sha256(key.encode()).hexdigest()
        kept = template().parent / "updates" / name
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            made = kept.with_suffix(f".{os.getpid()}")
            made.write_bytes(pickle.dumps(self.fresh()))
            made.replace(kept)
        found: Files = pickle.loads(kept.read_bytes())  # noqa: S301 - written above
        found[ANSWERS] = found[ANSWERS].replace(b"TEMPLATE", str(self.source).encode())
        return found

    def fresh(self) -> Files:
        with tempfile.TemporaryDirectory() as folder, quickly():
            root = Path(folder).resolve()
            text = self.answers.replace("TEMPLATE", str(self.source))
            (root / ANSWERS).write_text(text, "utf-8")
            copier.run_recopy(
                root,
                data={name: yaml.safe_load(value) for name, _, value in self.changed()},
                vcs_ref=self.version,
                defaults=True,
                overwrite=True,
                quiet=True,
                settings=copier.Settings(),
            )
            paths = (path for path in root.rglob("*") if path.is_file())
            made = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
        made[ANSWERS] = made[ANSWERS].replace(str(self.source).encode(), b"TEMPLATE")
        return made

    def changed(self) -> list[tuple[str, str, str]]:
        return [text.partition("=") for text in self.data]


def managed(name: str) -> bool:
    """Whether an update renders a path."""
    return name.startswith(".claude/notes/") or not renders.is_frozen(name)


def project(root: Path, files: Files) -> None:
    """Writes a render as a project."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
