"""The project that is updated: what git says of it, and the answers that it was made with."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ANSWERS = ".copier-answers.yml"
# Git looks at the folder that it is called in, whatever the caller's own git was told.
PLAIN = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
PLAIN.update({name: value for name, value in os.environ.items() if name[:8] == "GIT_CONF"})


class SyncError(Exception):
    """Why nothing is changed, and what to do about it, in one line."""


def git(folder: Path, *words: str, most: int = 0, give: bytes = b"") -> str:
    """What git prints in a folder; an error where its exit code is above `most`."""
    done = subprocess.run(  # noqa: S603
        ["git", *words],  # noqa: S607
        cwd=folder,
        env=PLAIN,
        input=give,
        capture_output=True,
        check=False,
    )
    if not 0 <= done.returncode <= most:
        said = " ".join(os.fsdecode(done.stderr).split())
        raise SyncError(f"git {words[0]} failed in {folder}: {said}")
    return os.fsdecode(done.stdout)


class Project:
    """A folder in which Copier rendered Baton, with nothing in it that is not committed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.answers = answers(root)
        self.source = field(self.answers, "_src_path")
        self.version = field(self.answers, "_commit")
        self.wrote = False  # whether its own paths have what they lacked
        self.prefix = self.says("rev-parse", "--show-prefix")  # of a folder in a larger repository
        rows = [row.partition("\t") for row in self.says("ls-files", "-vsz").split("\0")]
        self.modules = {path for about, _, path in rows if " 160000 " in about[:9]}
        self.tags = {path: about[:1] for about, _, path in rows}  # what git is told of each file

    def clean(self) -> None:
        """Refuses what an update could not take back, or what nobody would see it do."""
        if not any((folder / ".git").exists() for folder in (self.root, *self.root.parents)):
            raise SyncError(f"{self.root} is in no git repository. Run git init, and commit.")
        git(self.root, "rev-parse", "--show-toplevel")  # there is one: what is wrong, git says
        if not self.says("rev-parse", "--verify", "--quiet", "HEAD"):
            raise SyncError("Nothing is committed yet. Commit the project, then update it.")
        if not self.says("symbolic-ref", "--quiet", "HEAD"):
            raise SyncError("HEAD is detached: a commit would be lost. git switch to a branch.")
        ignored = ".claude/agents/backend-developer.md"
        if self.says("check-ignore", "--no-index", ignored):
            raise SyncError(
                "git ignores .claude/, so an update of it could not be seen or taken back."
                " Write !/.claude/ into .gitignore, and commit."
            )
        dirty = self.changed()
        if dirty:
            raise SyncError(
                f"Not everything is committed: {named(sorted(dirty))}. Commit or stash it first."
            )

    def tracked(self, paths: list[str]) -> None:
        """Refuses a path that git does not look at: nobody could see it change, or get it back."""
        for path in paths:
            tag = self.tags.get(path, "")
            if tag.islower() or tag == "S":
                flag = "assume-unchanged" if tag.islower() else "skip-worktree"
                raise SyncError(
                    f"git is told not to look at {path}, so an update of it could not be seen or"
                    f" taken back: git update-index --no-{flag} {path}"
                )
        there = [path for path in paths if os.path.lexists(self.root / path)]
        give = os.fsencode("\0".join(path for path in paths if path not in self.tags))
        ignored = git(self.root, "check-ignore", "-z", "--stdin", most=1, give=give) if give else ""
        left_out = [path for path in ignored.split("\0") if path]
        unknown = [path for path in there if path not in self.tags]
        if found := [*left_out, *unknown]:
            raise SyncError(
                f"git {'ignores' if left_out else 'does not have'} {found[0]}, so an update of it"
                " could not be seen or taken back. git check-ignore -v shows a rule: take it out,"
                " git add what is there, and commit."
            )

    def forward(self, template: Path, version: str) -> None:
        """Refuses a version that is older than the project's, or a project's that is not there."""
        commit = f"{self.version}^{{commit}}"
        known = git(template, "rev-parse", "--quiet", "--verify", commit, most=128)
        if not known:
            raise SyncError(
                f"The template's history has no {self.version}, from which this project was made."
                f" {ANSWERS} names it in _commit: was that changed, or the origin's history?"
            )
        base = git(template, "merge-base", self.version, version, most=1).strip()
        if base != known.strip():
            raise SyncError(
                f"{version} does not follow {self.version}, so this would be a downgrade. To go"
                " back, take back the commit that updated the project: git revert."
            )

    def says(self, *words: str) -> str:
        """What git answers to a question, empty where the answer is no."""
        return git(self.root, *words, most=128).strip()

    def changed(self) -> set[str]:
        """The paths that are not as the last commit has them, relative to the project."""
        shown = git(self.root, "status", "--porcelain", "-z", "-uall", "--no-renames", "--", ".")
        return {row[3 + len(self.prefix) :] for row in shown.split("\0") if row}

    def read(self, path: str) -> bytes | None:
        """A file's bytes, None where there is none; refuses what cannot be a file."""
        at = self.root / path
        for folder in [*at.relative_to(self.root).parents][-2::-1]:
            place = self.root / folder
            if place.is_symlink():
                raise SyncError(
                    f"{folder.as_posix()} is a link, and an update writes in no other folder."
                    " Put the folder itself there, commit, and run this again."
                )
            if place.exists() and not place.is_dir():
                raise SyncError(
                    f"{folder.as_posix()} is a file, and a folder belongs there. Move it away"
                    " (git mv, or git rm), commit, and run this again."
                )
            if (place / ".git").exists() or folder.as_posix() in self.modules:
                raise SyncError(f"{folder.as_posix()} is a repository of its own: update it there.")
        if at.is_dir() and not at.is_symlink():
            raise SyncError(
                f"{path} is a folder, and a file belongs there. Move it away, and commit."
            )
        return at.read_bytes() if at.exists() else None


def answers(root: Path) -> str:
    """The text of the answers file."""
    try:
        return (root / ANSWERS).read_bytes().decode()
    except FileNotFoundError:
        why = f"{root} has no {ANSWERS}: Copier did not make it, or the file was deleted."
        raise SyncError(f"{why} git log -- {ANSWERS} finds it.") from None
    except (OSError, ValueError) as error:
        raise SyncError(f"{ANSWERS} cannot be read: {error}.") from None


def field(text: str, name: str) -> str:
    """The value of one of the two lines that Copier writes for itself."""
    found = re.findall(rf"(?m)^{name}: *(['\"]?)(.+?)\1 *\r?$", text)
    if len(found) != 1:
        raise SyncError(
            f"{ANSWERS} has {len(found) or 'no'} lines {name}, so nobody can tell what made this."
            f" git log -p -- {ANSWERS} shows the last good one."
        )
    return str(found[0][1])


def given(text: str) -> dict[str, str]:
    """The answers themselves, each as it is written, without what Copier notes for itself."""
    rows = re.findall(r"(?m)^([A-Za-z]\w*):(.*(?:\n[ -].*)*)", text.replace("\r\n", "\n"))
    return {name: value.strip() for name, value in rows}


def with_source(text: str, other: str) -> str:
    """Answers with the line of other ones that says where the template is."""
    line = re.findall(r"(?m)^_src_path:.*?$", other)[0].rstrip()
    return re.sub(r"(?m)^_src_path:.*$", lambda _: str(line), text)


def named(paths: list[str], most: int = 3) -> str:
    """Some paths in a line."""
    rest = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(paths[:most]) + rest
