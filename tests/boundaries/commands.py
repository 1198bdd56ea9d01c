"""Programs that write what their agent must not: (agent, path) -> form -> command.

Each changes the path where nothing guards it; a test runs every one.
"""

from tests.boundaries.names import (
    ACCEPTANCE,
    BACKEND,
    CONTRACT,
    DATABASE,
    DEVOPS,
    DOCUMENT,
    FRONTEND,
    REVIEW,
    ROUTER,
    STRANGER,
    TABLES,
    TESTS,
)

COMMANDS = {
    (BACKEND, CONTRACT): {
        "a redirect": "echo x > docs/openapi.yaml",
        "a redirect that appends": "echo x >> docs/openapi.yaml",
        "a redirect that forces": "set -C; echo x >| docs/openapi.yaml",
        "a redirect before the command": "> docs/openapi.yaml echo x",
        "a redirect of errors": "ls nowhere 2> docs/openapi.yaml",
        "a redirect of both": "ls nowhere &> docs/openapi.yaml",
        "a redirect of both, the old way": "ls nowhere >& docs/openapi.yaml",
        "a redirect of nothing": ": > docs/openapi.yaml",
        "a redirect alone": "> docs/openapi.yaml",
        "a redirect of the whole shell": "exec > docs/openapi.yaml; echo x",
        "a redirect by number": "exec 3> docs/openapi.yaml; echo x >&3",
        "a redirect of a group": "{ echo x; echo y; } > docs/openapi.yaml",
        "a redirect of a loop": "for i in 1 2; do echo $i; done > docs/openapi.yaml",
        "a redirect of a condition": "if true; then echo x; fi > docs/openapi.yaml",
        "a heredoc": "cat > docs/openapi.yaml <<'EOF'\nopenapi: 3.1.0\nEOF",
        "a heredoc before the redirect": "cat <<EOF > docs/openapi.yaml\nopenapi: $HOME\nEOF",
        "an indented heredoc": "cat <<-EOF > docs/openapi.yaml\n\tx\n\tEOF",
        "tee": "echo x | tee docs/openapi.yaml",
        "tee that appends": "echo x | tee -a backend/x docs/openapi.yaml > /dev/null",
        "cp": "cp README.md docs/openapi.yaml",
        "cp into its folder": "cp backend/kit/openapi.yaml docs",
        "cp with the folder first": "cp -t docs backend/kit/openapi.yaml",
        "mv to it": "mv backend/kit/list.txt docs/openapi.yaml",
        "mv of it": "mv docs/openapi.yaml backend/openapi.yaml",
        "rm": "rm docs/openapi.yaml",
        "rm of the folder": "rm -rf docs",
        "rm of the folder, asked softly": "rm -r docs",
        "rm with its signs turned": "rm -fr docs/openapi.yaml",
        "rm of all": "rm -rf ./*",
        "unlink": "unlink docs/openapi.yaml",
        "shred": "shred -u docs/openapi.yaml",
        "install": "install -m 600 backend/kit/list.txt docs/openapi.yaml",
        "install into its folder": "install -D -t docs backend/kit/openapi.yaml",
        "dd": "dd if=/dev/zero of=docs/openapi.yaml bs=1 count=1 status=none",
        "truncate": "truncate -s 0 docs/openapi.yaml",
        "chmod": "chmod 600 docs/openapi.yaml",
        "chmod of the folder": "chmod -R go-rwx docs",
        "gzip": "gzip docs/openapi.yaml",
        "gzip of the folder": "gzip -r docs",
        "sed in place": "sed -i 's/^openapi/x/' docs/openapi.yaml",
        "sed in place with a backup": "sed -i.bak -e 's/^openapi/x/' docs/openapi.yaml",
        "sed in place, spelled out": "sed -E --in-place 's/^openapi/x/' docs/openapi.yaml",
        "sed that writes": "sed -n 'w docs/openapi.yaml' backend/kit/list.txt",
        "perl in place": "perl -pi -e 's/openapi/x/' docs/openapi.yaml",
        "awk that writes": "awk '{print > \"docs/openapi.yaml\"}' backend/kit/list.txt",
        "awk that calls": "awk 'BEGIN {\"rm docs/openapi.yaml\" | getline}'",
        "awk with a quote in a pattern": (
            'awk \'!/"/ {print > "docs/openapi.yaml"}\' backend/kit/list.txt'
        ),
        "gawk in place": "gawk -i inplace '{print \"x\"}' docs/openapi.yaml",
        "a variable that a program gives": (
            'cd backend && echo ../docs/openapi.yaml > list && F=$(cat list) && echo x > "$F"'
        ),
        "a variable that pwd gives": (
            'cd backend && ROOT=$(pwd) && echo x > "$ROOT/../docs/openapi.yaml"'
        ),
        "ed": "printf '1d\\nw\\nq\\n' | ed -s docs/openapi.yaml",
        "sort to a file": "sort -o docs/openapi.yaml backend/kit/list.txt",
        "uniq to a file": "uniq backend/kit/list.txt docs/openapi.yaml",
        "a link to it": "ln -s ../docs/openapi.yaml backend/c && echo x > backend/c",
        "a link to its folder": "ln -s ../docs backend/d && echo x > backend/d/openapi.yaml",
        "a second name for it": "ln docs/openapi.yaml backend/c && echo x > backend/c",
        "a second name by cp": "cp -l docs/openapi.yaml backend/c && echo x > backend/c",
        "a link by cp": 'cp -s "$PWD/docs/openapi.yaml" backend/c && echo x > backend/c',
        "a link that is copied": "cp -a backend/link backend/d && rm backend/d/openapi.yaml",
        "a patch": "patch -p1 < backend/kit/contract.patch",
        "a patch by its file": "patch docs/openapi.yaml backend/kit/contract.patch",
        "a patch from a heredoc": (
            "patch -p0 <<'E'\n--- docs/openapi.yaml\n+++ docs/openapi.yaml\n@@ -0,0 +1 @@\n+x\nE"
        ),
        "git apply": "git apply backend/kit/contract.patch",
        "git apply of several patches": (
            "git apply backend/kit/contract.patch backend/kit/own.patch"
        ),
        "git apply from a heredoc": (
            "git apply --unidiff-zero <<'EOF'\n--- a/docs/openapi.yaml\n+++ b/docs/openapi.yaml\n"
            "@@ -0,0 +1 @@\n+x\nEOF"
        ),
        "git checkout of a file": "git checkout -- docs/openapi.yaml",
        "git checkout of an older file": "git checkout HEAD~3 docs/openapi.yaml",
        "git checkout from elsewhere": "git -C docs checkout -- openapi.yaml",
        "git checkout of all": "git checkout .",
        "git restore": "git restore docs/openapi.yaml",
        "git restore from a commit": "git restore --source=HEAD~3 docs/openapi.yaml",
        "git restore by a list": (
            "cd backend && echo ../docs/openapi.yaml > at && git restore --pathspec-from-file at"
        ),
        "git restore of both": "git restore --staged --worktree docs/openapi.yaml",
        "git restore from the top": "cd backend && git restore :/",
        "git stash": "git stash",
        "git stash of a file": "git stash push -- docs/openapi.yaml",
        "git reset": "git reset --hard",
        "git rm": "git rm -f docs/openapi.yaml",
        "git mv": "git mv docs/openapi.yaml backend/openapi.yaml",
        "git checkout-index": "git checkout-index -f -a",
        "git by its tree": (
            "cd $TMPDIR && git --git-dir={project}/.git --work-tree={project} checkout -f HEAD~3"
        ),
        "git show to it": "git show HEAD~3:docs/openapi.yaml > docs/openapi.yaml",
        "tar": "tar xzf backend/kit/contract.tgz",
        "tar in a folder": "tar -C docs --strip-components=1 -xf backend/kit/contract.tgz",
        "tar that takes away": "tar --remove-files -cf backend/x.tar docs/openapi.yaml",
        "unzip": "unzip -qo backend/kit/contract.zip",
        "zip that takes away": "zip -qm backend/x.zip docs/openapi.yaml",
        "rsync": "rsync -a backend/kit/list.txt docs/openapi.yaml",
        "rsync that takes away": "rsync -a --remove-source-files docs/openapi.yaml backend/",
        "curl": "curl -so docs/openapi.yaml file://$PWD/README.md",
        "curl by the name there": "cd docs && curl -sO http://localhost:8000/openapi.yaml",
        "wget": "wget -qO docs/openapi.yaml http://localhost:8000/openapi.yaml",
        "xargs": "cat backend/kit/list.txt | xargs rm",
        "xargs with a mark": "cat backend/kit/list.txt | xargs -I{} cp README.md {}",
        "xargs with a quoted mark": (
            "cd backend && echo ../docs/openapi.yaml | xargs -I '{}' cp app/main.py '{}'"
        ),
        "xargs of an editor": "xargs sed -i 1d < backend/kit/list.txt",
        "find that deletes": "find docs -name '*.yaml' -delete",
        "find that runs": "find docs -name '*.yaml' -exec rm {} \\;",
        "find that runs a shell": "find docs -name '*.yaml' -exec sh -c 'rm \"$1\"' _ {} \\;",
        "find that runs on all": "find docs -type f -exec sed -i 's/^/x/' {} +",
        "a file that yq edits": "yq -i '.openapi = \"3.0.0\"' docs/openapi.yaml",
    },
    (DEVOPS, ROUTER): {
        "git checkout of a folder": "git checkout -- backend",
        "a folder that is moved": "mv backend/app deploy/app",
        "sudo": "sudo rm backend/app/items/router.py",
    },
    (REVIEW, ROUTER): {
        "a mended file": "sed -i 's/an item/items/' backend/app/items/router.py",
        "a heredoc": "cat > backend/app/items/router.py <<'EOF'\nprint(1)\nEOF",
        "git restore of all": "git restore .",
        "a redirect": "git show HEAD:backend/app/items/router.py > backend/app/items/router.py",
    },
    (TESTS, ROUTER): {"a fix in passing": "sed -i s/item/thing/ backend/app/items/router.py"},
    (FRONTEND, ROUTER): {"a fix in passing": "echo '# x' >> backend/app/items/router.py"},
    (BACKEND, ACCEPTANCE): {
        "the folder above": "rm -rf backend/tests",
        "a copy over it": "cp backend/app/items/router.py backend/tests/acceptance/test_items.py",
        "git apply in a folder": (
            "cd backend && git apply --unidiff-zero <<'EOF'\n"
            "diff --git a/backend/tests/acceptance/test_items.py"
            " b/backend/tests/acceptance/test_items.py\n"
            "--- a/backend/tests/acceptance/test_items.py\n"
            "+++ b/backend/tests/acceptance/test_items.py\n@@ -0,0 +1 @@\n+x\nEOF"
        ),
    },
    (BACKEND, DOCUMENT): {
        "git stash pop": "git stash pop",
        "git rm of a file": "git rm -q docs/architecture.md",
    },
    (REVIEW, TABLES): {
        "git checkout of a branch": "git checkout -q other",
        "git switch": "git switch -q other",
        "git switch to a new branch from another": "git switch -qc review other",
        "git checkout of a new branch from another": "git checkout -qb review other",
        "git merge": "git merge -q -m merged other",
        "git rebase": "git rebase -q --autostash other",
        "git cherry-pick": "git cherry-pick other",
        "git pull": "git pull -q --no-rebase --no-edit . other",
        "git am": "git am -q backend/kit/tables.mbox",
        "git read-tree": "git read-tree -u --reset other",
    },
    (REVIEW, "frontend/README.md"): {"git revert": "git revert --no-edit HEAD"},
    (BACKEND, "docs/design/draft.md"): {
        "git clean": "git clean -qfd",
        "git clean of a folder": "git clean -qfd docs",
    },
    (DATABASE, "docs/design/new"): {
        "mkdir": "mkdir -p docs/design/new",
        "install of a folder": "install -d docs/design/new",
        "mktemp": "mktemp -p docs/design new.XXX && mv docs/design/new.??? docs/design/new",
    },
    (DEVOPS, "docs/design/new"): {
        "touch": "touch docs/design/new",
        "git archive": "git archive -o docs/design/new --format=tar HEAD",
        "git diff to a file": "git diff --output=docs/design/new",
        "tar to a file": "tar czf docs/design/new deploy",
        "zip to a file": "cd deploy && zip -q - stack.yaml > ../docs/design/new",
        "split": "split deploy/stack.yaml docs/design/new && mv docs/design/new{aa,}",
        "curl's log": "curl -s --stderr docs/design/new file:///nowhere || true",
        "a pipe that ends in tee": "ls deploy 2>&1 | tee -a docs/design/new",
    },
    (BACKEND, "backend/.env"): {
        "a secret": "echo KEY=x > backend/.env",
        "a secret from the example": "cd backend && cp .env.example .env",
        "a secret, edited": "sed -i 's/secret/x/' backend/.env",
        "a secret by a pattern": "rm backend/.e*v",
        "git clean but for a folder": "cd backend && git clean -qfdx -e .venv",
    },
    (DEVOPS, ".env"): {"a secret": "echo KEY=x >> .env"},
    (BACKEND, "team/team.json"): {
        "the map": "echo '{}' > team/team.json",
        "the map by its folder": "cd team && rm -f team.json",
    },
    (TESTS, "team"): {"the guard": "rm -rf team", "the guard, moved": "mv team team.off"},
    (FRONTEND, ".claude/settings.json"): {
        "the client's settings": "echo '{}' > .claude/settings.json",
        "the client's settings, moved": "mv .claude .claude.off",
    },
    (BACKEND, ".claude/settings.local.json"): {
        "the client's settings by a program": (
            "python3 -c \"open('.claude/settings.local.json', 'w').write('{}')\""
        ),
    },
    (DEVOPS, ".claude/settings.json"): {
        "the client's settings by a program's text": (
            "python3 - <<'EOF'\nwith open('.claude/settings.json', 'w') as file:\n    pass\nEOF"
        ),
    },
    (TESTS, "team/audit.py"): {
        "the audit by a program": "python3 -c \"open('team/audit.py', 'w').close()\"",
    },
    (DATABASE, ".claude/settings.local.json"): {
        "the client's settings on this machine": (
            "echo '{\"disableAllHooks\": true}' | tee .claude/settings.local.json"
        ),
    },
    (BACKEND, ".git/hooks/pre-commit"): {"what git runs": "echo exit > .git/hooks/pre-commit"},
    (BACKEND, ".git/config"): {
        "git's settings": "git config core.hooksPath backend/kit",
        "git's settings, taken away": "git config --unset user.name",
        "git's settings for a remote": "git config --local --add remote.x.url /x",
    },
    (BACKEND, "~/.gitconfig"): {"git's settings at home": "git config --global core.pager /x"},
    (REVIEW, "~/.bashrc"): {
        "a file at home": "echo x >> ~/.bashrc",
        "a file at home by variable": 'echo x >> "$HOME/.bashrc"',
    },
    (REVIEW, "../outside.txt"): {
        "a file outside the repository": "echo x > ../outside.txt",
        "a copy outside the repository": "cp README.md ../outside.txt",
    },
    (DEVOPS, ".claude/worktrees/one/docs/openapi.yaml"): {
        "another's file in a worktree": "cd .claude/worktrees/one && echo x > docs/openapi.yaml",
    },
    (DEVOPS, "../tree"): {"a worktree elsewhere": "git worktree add -q --no-checkout ../tree"},
    (BACKEND, "handoff/backend-developer/README.md"): {
        "the form of the own handoff": "rm -r handoff/backend-developer",
    },
    (TESTS, "handoff/code-reviewer/items.md"): {
        "another's handoff": "echo fine >> handoff/code-reviewer/items.md",
    },
    (TESTS, "backend/pyproject.toml"): {"a dependency": "cd backend && uv add --dev httpx"},
    (FRONTEND, "package-lock.json"): {"a package at the top": "npm install --save left-pad"},
    (STRANGER, ROUTER): {"a command, by who is not in the team": f"rm {ROUTER}"},
}
