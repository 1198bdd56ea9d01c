"""A look at the files: a git tree of each folder, and the hashes of what must not be copied."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess

import journal

Changes = list[tuple[str, str, str]]
# Nobody's settings, and no other repository than the one that is named.
ALONE = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
ALONE.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
BESIDE = [".env", ".env.*", "settings.local.json", ".baton/**", "__pycache__/**"]
SECRET = re.compile(r"(?<![^\0])(?:[^\0]*/)?(?:\.env(?:\.[^\0/]*)?|settings\.local\.json)(?=\0)")
ADD = ["add", "--all", "--ignore-errors", ".", *(f":(exclude,glob)**/{name}" for name in BESIDE)]
SECRETS = "ls-files -zoi -x .env -x .env.* -x settings.local.json --exclude-standard --directory"
CHANGED = "diff-tree -r -z --no-renames --ignore-submodules=all --name-status"


def git(folder: str, *words: str, env: dict[str, str] | None = None, most: int = 0) -> str:
    """What git says in a folder; a fault where its exit code is above `most`."""
    for _ in range(3):  # a file may go while git reads it
        command = ["git", "-c", "safe.directory=*", *words]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)  # noqa: S603
        if 0 <= done.returncode <= most:
            return os.fsdecode(done.stdout)
    raise OSError(f"git {words[0]}: {' '.join(os.fsdecode(done.stderr).split())}")


def own(root: str, folder: str, index: str) -> dict[str, str]:
    """What makes git look at a folder from a git folder of our own, which no repository knows."""
    made = os.path.join(journal.folder(root), "audit.git")
    if not os.path.exists(made):
        new = f"{made}.{os.getpid()}"
        git(root, "init", "--quiet", "--bare", "--template=", new, env=ALONE)
        os.makedirs(os.path.join(new, "info"), exist_ok=True)
        with open(os.path.join(new, "info", "attributes"), "w", encoding="utf-8") as file:
            file.write("* -text -filter -ident -working-tree-encoding\n")  # so bytes stay bytes
        try:
            os.rename(new, made)
        except OSError:  # another agent began at the same time
            shutil.rmtree(new)
    index = os.path.join(made, index)
    return {**ALONE, "GIT_DIR": made, "GIT_WORK_TREE": folder, "GIT_INDEX_FILE": index}


def take(root: str, folders: list[str], was: dict[str, str]) -> tuple[dict[str, str], Changes]:
    """The trees by folder and the hashes by file, and what is not as it `was`.

    Of that each path, its folder, and the tree that has it: "" where it was not there, "?" where
    nothing has it.
    """
    common = git(root, "rev-parse", "--git-common-dir", most=128, env=ALONE).strip() or ".git"
    top = glob.escape(os.path.realpath(os.path.join(root, common)))
    files = [*glob.glob(os.path.join(top, "config*")), *glob.glob(os.path.join(top, "hooks", "*"))]
    seen, changes = {}, []
    for folder in sorted({os.path.join(each, "") for each in folders if os.path.isdir(each)}):
        index = re.sub(r"\W", "_", folder)[-200:]
        mine = own(root, folder, f"{index}.{os.getpid()}")
        last = os.path.join(mine["GIT_DIR"], index)
        if os.path.exists(last):  # with its time, by which git knows what it may believe
            shutil.copy2(last, mine["GIT_INDEX_FILE"])
        git(folder, *ADD, most=1, env=mine)
        tree = seen[folder] = git(folder, "write-tree", env=mine).strip()
        files += [folder + name for name in SECRET.findall(git(folder, *SECRETS.split(), env=mine))]
        if (old := was.get(folder, tree)) != tree:
            said = git(folder, *CHANGED.split(), old, tree, env=mine).split("\0")
            for kind, name in zip(said[::2], said[1::2]):
                changes.append((folder + name, folder, "" if kind == "A" else old))
        os.replace(mine["GIT_INDEX_FILE"], last)
    files = [path for path in files if os.path.isfile(path) and os.access(path, os.R_OK)]
    hashes = git(root, "hash-object", "--no-filters", "--", *files, env=ALONE).split()
    seen.update(zip(files, hashes))
    other = {path for path, _ in seen.items() ^ was.items() if was and path[-1] != os.sep}
    changes += [(path, os.path.dirname(path), "?" if path in was else "") for path in other]
    return seen, sorted(changes)
