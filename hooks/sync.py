"""Updates the team: fetches a version of the template, and starts the program that came with it.

It imports nothing of the team, so that it starts where an update was cut off between two files.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ANSWERS = ".copier-answers.yml"
PLACES = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/", "git+": ""}
# Git looks where it is told to, whatever repository its caller is in.
HERE = re.compile("GIT_(?:.*DIR|.*DIRECTOR(?:Y|IES)|WORK_TREE|INDEX_FILE|PREFIX|NAMESPACE)")

OPTIONS = (
    ("--to", "VERSION", "instead of the newest release"),
    ("--yes", "", "say yes beforehand"),
    ("--check", "", "only say whether a newer one is out: JSON, and 2 where one is"),
    ("--preview", "", "show the release notes and the changes, and write nothing"),
    ("--answers", "NAME=VALUE", "change answers too"),
    ("--add-missing", "", "write what your paths lack for changed answers; a patch for the rest"),
    ("--adopt", "PATH", "join files of yours with Baton's; without a path, list them"),
    ("--leave", "", "list what Baton put here, and what would stop without it"),
    ("--abort", "", "take back the last update, while it is not committed"),
)


def run(arguments: list[str], root: str) -> int:
    """Takes back what was cut off, and does what it is told."""
    text = "Updates the team. Exits with 0, 1 and nothing changed, 2 where a person decides."
    parser = argparse.ArgumentParser("baton sync", description=text, exit_on_error=False)
    for name, value, what in OPTIONS:
        many = {"metavar": value, "nargs": None if name == "--to" else "*"}
        parser.add_argument(name, help=what, **(many if value else {"action": "store_true"}))
    given, _ = parser.parse_known_args(arguments)
    undo = os.path.join(root, ".baton", "sync", "undo.py")
    if os.path.exists(undo):
        code = start([undo, root, *["--abort"] * given.abort])
        if code or given.abort:
            return code
    elif given.abort:
        raise ValueError("There is no update to take back")
    source, now = origin(root)
    newest = latest(source, root)
    newer = is_newer(newest, now)
    if given.check:
        print(json.dumps({"origin": source, "now": now, "newest": newest, "newer": newer}))
        return 2 if newer else 0
    to = given.to or (newest if newer else now)
    print(f"Baton {to} from {source}, after {now}", flush=True)
    asked = "Fetch that, and let it do this? [y/N] "
    there = sys.stdin is not None and sys.stdin.isatty()
    if not given.yes and not (there and input(asked) in ("y", "Y", "yes")):
        raise ValueError("Nobody said yes, so nothing was changed. --yes says it beforehand")
    folder = tempfile.mkdtemp(prefix="baton-")
    try:
        git("clone", "--quiet", "--", source, folder, folder=root)
        git("checkout", "--quiet", to, "--", folder=folder)
        program = os.path.join(folder, "sync")
        if not os.path.isdir(program):
            raise ValueError(f"{to} brings no sync: uvx copier update --vcs-ref {to} goes there")
        return start([program, root, to, *arguments])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(words: list[str]) -> int:
    """Runs one of the programs. Where a person stops it, it ends by itself, and well."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        code = subprocess.call([sys.executable, "-I", "-S", *words])  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, before)
    if code < 0:
        raise ValueError("The update was killed. The next baton sync takes it back first")
    return code


def origin(root: str) -> tuple[str, str]:
    """Where the template is, and which version of it the project has."""
    earlier = f"git log -p -- {ANSWERS} shows an earlier one"
    try:
        with open(os.path.join(root, ANSWERS), encoding="utf-8") as file:
            text = file.read()
    except (OSError, ValueError) as error:
        raise ValueError(f"{ANSWERS} cannot be read ({error}). {earlier}") from None
    found = sorted(re.findall(r"(?m)^(_commit|_src_path): *['\"]?(.+?)['\"]? *$", text))
    if [name for name, _ in found] != ["_commit", "_src_path"]:
        raise ValueError(f"{ANSWERS} must have one _commit and one _src_path. {earlier}")
    (_, now), (_, source) = found
    start = next((start for start in PLACES if source.startswith(start)), "")
    return PLACES.get(start, "") + source[len(start) :], now


def latest(source: str, root: str) -> str:
    """The newest release; where there is none yet, the newest commit."""
    rows = [line.split("\t") for line in git("ls-remote", "--", source, folder=root).splitlines()]
    tags = [name[10:] for _, name in rows if re.fullmatch(r"refs/tags/v?\d+\.\d+\.\d+", name)]
    heads = [sha for sha, name in rows if name == "HEAD"]
    if not tags and not heads:
        raise ValueError(f"{source} has no version yet. _src_path in {ANSWERS} names it")
    return max(tags, key=numbers) if tags else heads[0][:12]


def is_newer(newest: str, now: str) -> bool:
    if numbers(newest):
        return numbers(newest) > numbers(now)
    return not newest.startswith(now.rpartition("-g")[2][:12])


def numbers(version: str) -> tuple[int, ...]:
    """What a version is compared by: a release and what follows it come after its candidates."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)(-\d+-g\w+$|$)?", version)
    return (*map(int, found.group(1, 2, 3)), int(found[4] is not None)) if found else ()


def git(*words: str, folder: str) -> str:
    env = {name: value for name, value in os.environ.items() if not HERE.fullmatch(name)}
    command = ["git", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        said = " ".join(os.fsdecode(done.stderr).split())
        raise ValueError(f"git {words[0]} failed, and nothing was changed: {said}")
    return os.fsdecode(done.stdout)
