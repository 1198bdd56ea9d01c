"""A project at work, in which the cases play: with a history, a home and all that they speak of."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.boundaries.names import Case
from tests.hooks import program

# Makes a project one in the middle of its work: a history and a second branch, changes that are
# not committed and one that is stashed, a worktree, a link, and files that others have sent.
AT_WORK = r"""
set -e
git init --quiet --template= --initial-branch=main
git config user.name Person
git config user.email person@example.org
mkdir -p .git/hooks .git/info frontend/src deploy docs/design ../home ../tmp
mkdir -p backend/kit backend/app/items backend/tests/acceptance
printf '%s\n' .claude/worktrees/ >> .git/info/exclude
ln -s ../docs backend/link
printf 'print("an item")\n' > backend/app/items/router.py
cp backend/app/items/router.py backend/app/items/old.py
printf 'def test_items() -> None: ...\n' > backend/tests/acceptance/test_items.py
printf 'revision = "0001"\n' > backend/migrations/versions/0001_items.py
printf '{"cells": [], "metadata": {}, "nbformat": 4}\n' > backend/app/study.ipynb
cp backend/app/study.ipynb docs/design/study.ipynb
printf '# Flow\n' > docs/design/flow.md
printf 'export const name = "a"\n' > frontend/src/app.ts
printf '{"name": "web", "scripts": {}}\n' > frontend/package.json
printf 'services: {}\n' > deploy/stack.yaml
for agent in handoff/*; do printf '# Items\n' > "$agent/items.md"; done
git add --all
git commit --quiet --message 'A start'
for name in docs/openapi.yaml docs/architecture.md; do
    printf '# second\n' >> $name
    git commit --quiet --message "More of $name" $name
done
printf '# more\n' >> frontend/README.md
git commit --quiet --message 'A word on the frontend' frontend/README.md
git switch --quiet --create other
printf '# other\n' >> docs/database/README.md
git commit --quiet --message 'Tables' docs/database/README.md
git switch --quiet main
printf '# stashed\n' >> docs/architecture.md
git stash --quiet
printf '# not committed\n' >> docs/openapi.yaml
printf '# not committed\n' >> backend/app/items/router.py
printf '# a draft\n' > docs/design/draft.md
printf 'KEY=secret\n' | tee .env backend/.env > ../home/.bashrc
git worktree add --quiet --no-checkout -b one .claude/worktrees/one
git -C .claude/worktrees/one checkout --quiet HEAD backend/app docs team/team.json
git gc --quiet
git init --quiet --template= --bare ../origin.git
git remote add origin ../origin.git
git push --quiet --set-upstream origin main
cd backend/kit
sed 's/^openapi: .*/&  # patched/' ../../docs/openapi.yaml > openapi.yaml
names='--label a/docs/openapi.yaml --label b/docs/openapi.yaml'
diff -u $names ../../docs/openapi.yaml openapi.yaml > contract.patch || true
printf -- '--- /dev/null\n+++ b/backend/app/own.py\n@@ -0,0 +1 @@\n+x = 1\n' > own.patch
mkdir docs
cp openapi.yaml docs/openapi.yaml
tar czf contract.tgz docs
python3 -c 'import shutil; shutil.make_archive("contract", "zip", ".", "docs")'
rm -r docs
printf '%s\n' docs/openapi.yaml > list.txt
git -C ../.. format-patch --quiet --stdout -1 other > tables.mbox
printf 'import sys\nopen(sys.argv[1], "w").write("x")\n' > spill.py
printf 'import os\nopen(os.environ["OUT"], "w").write("x")\n' > spilling.py
printf 'echo x > "$1"\n' > spill.sh
printf 'spill:\n\techo x > ../../docs/by-make\n' > Makefile
"""


@dataclass(frozen=True)
class Scene:
    """A folder with the project in it, a home, and a folder for what is temporary."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "project"

    def path(self, name: str) -> Path:
        """Where a path of a case is: in the home, or seen from the project."""
        return self.folder / "home" / name[2:] if name.startswith("~/") else self.root / name

    def environment(self) -> dict[str, str]:
        """What a command finds: no settings of whoever runs the tests."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def bash(self, command: str, path: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a command in the project, as nobody would guard it; `path` comes first on PATH."""
        known = self.environment()
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.root,
            env={**known, "PATH": os.pathsep.join([*filter(None, [path]), known["PATH"]])},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def copy(self, to: Path) -> "Scene":
        """The same once more; its worktree belongs to it. `cp` does it in a tenth of the time."""
        subprocess.run(["cp", "-a", self.folder, to], check=True)
        here, there = (str(folder / "project") for folder in (self.folder, to))
        for name in (".git/worktrees/one/gitdir", ".claude/worktrees/one/.git"):
            record = to / "project" / name
            record.write_text(record.read_text().replace(here, there))
        return Scene(to)


def build(project: Path, folder: Path) -> Scene:
    """The scene of a rendered project, in a folder that is not there yet."""
    scene = Scene(folder)
    shutil.copytree(project, scene.root, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "home").mkdir()
    done = scene.bash(AT_WORK)
    if done.returncode:
        sys.exit(f"the scene cannot be built: {done.stderr}")
    return scene


def stand_in(folder: Path) -> Path:
    """The folder, with programs in it that do nothing in place of those that need the network."""
    for name in ("uv", "npm", "npx", "docker", "gh", "psql"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


def state(path: Path) -> object:
    """All that a write could change of a path: its kind, mode, links, text, what is in it."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if path.is_symlink():
        return str(path.readlink())
    if path.is_dir():
        return found.st_mode, {child.name: state(child) for child in path.iterdir()}
    return found.st_mode, found.st_nlink, path.read_bytes()


def filled(scene: Scene, text: str) -> str:
    """What a case is given, with the folders of this scene."""
    home = str(scene.folder / "home")
    return text.replace("{project}", str(scene.root)).replace("{home}", home)


def told(scene: Scene, case: Case) -> bytes:
    """What the client tells the guard of a case."""
    given = filled(scene, case.given)
    key = {"Bash": "command", "Monitor": "command", "NotebookEdit": "notebook_path"}.get(case.tool)
    what = {key: given} if key == "command" else {key or "file_path": str(scene.root / given)}
    return program.told(case.tool, what, case.agent, scene.root)
