"""Updates the team: fetches a version of the template, and starts the program that came with it.

It imports nothing of the team, so that it starts where an update was cut off between two files.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PLACES = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/", "git+": ""}


def run(arguments: list[str], root: str) -> int:
    """Takes back what was cut off, and does what it is told."""
    parser = argparse.ArgumentParser(prog="baton sync", add_help=False, allow_abbrev=False)
    parser.add_argument("--to")
    for name in ("--yes", "--check", "--abort"):
        parser.add_argument(name, action="store_true")
    given, _ = parser.parse_known_args(arguments)
    undo = os.path.join(root, ".baton", "sync", "undo.py")
    back = [undo, root, *["--abort"] * given.abort]
    code = start(back) if os.path.exists(undo) else 0
    if code or given.abort:
        return code
    source, now = origin(root)
    newest = latest(source)
    newer = is_newer(newest, now)
    if given.check:
        print(json.dumps({"origin": source, "now": now, "newest": newest, "newer": newer}))
        return 2 if newer else 0
    to = given.to or (newest if newer else now)
    print(f"Baton {to} from {source}, after {now}", flush=True)
    asked = "Fetch that, and run its update? [y/N] "
    if not given.yes and not (sys.stdin.isatty() and input(asked) in ("y", "Y", "yes")):
        raise ValueError("Nothing was changed. --yes answers beforehand")
    folder = tempfile.mkdtemp(prefix="baton-")
    try:
        git("clone", "--quiet", source, folder)
        git("-C", folder, "checkout", "--quiet", to)
        program = os.path.join(folder, "sync")
        if not os.path.isdir(program):
            raise ValueError(f"{to} brings no sync: uvx copier update --vcs-ref {to} goes there")
        return start([program, root, to, *arguments])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(words: list[str]) -> int:
    return subprocess.call([sys.executable, "-I", "-S", *words])  # noqa: S603


def origin(root: str) -> tuple[str, str]:
    """Where the template is, and which version of it the project has."""
    with open(os.path.join(root, ".copier-answers.yml"), encoding="utf-8") as file:
        found = dict(re.findall(r"(?m)^(_src_path|_commit): *['\"]?(.+?)['\"]? *$", file.read()))
    if len(found) != 2:
        raise ValueError(".copier-answers.yml lacks _src_path or _commit: git log -p finds them")
    source = found["_src_path"]
    start = next((start for start in PLACES if source.startswith(start)), "")
    return PLACES.get(start, "") + source[len(start) :], found["_commit"]


def latest(source: str) -> str:
    """The newest release; where there is none yet, the newest commit."""
    rows = [line.split("\t") for line in git("ls-remote", source).splitlines()]
    tags = [name[10:] for _, name in rows if re.fullmatch(r"refs/tags/v?\d+\.\d+\.\d+", name)]
    return max(tags, key=numbers) if tags else next(sha for sha, name in rows if name == "HEAD")


def is_newer(newest: str, now: str) -> bool:
    if numbers(newest):
        return numbers(newest) > numbers(now)
    return not newest.startswith(now.rpartition("-g")[2])


def numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    return tuple(map(int, found.groups())) if found else ()


def git(*words: str) -> str:
    env = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    done = subprocess.run(["git", *words], env=env, capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise ValueError(f"git {words[0]} failed: {' '.join(done.stderr.split())}")
    return done.stdout
