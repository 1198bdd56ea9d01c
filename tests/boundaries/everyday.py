"""What agents do all day, and no guard may stand in the way of."""

from collections.abc import Iterator

from tests.boundaries.names import (
    API,
    ARCHITECT,
    BACKEND,
    DATABASE,
    DESIGN,
    DEVOPS,
    FRONTEND,
    REVIEW,
    TESTS,
    Case,
)

# agent -> the tool and the path that it is given
FILES = {
    DESIGN: (
        "Read docs/openapi.yaml",
        "Write docs/design/items.md",
        "Edit docs/design/flow.md",
        "Write handoff/ui-ux-designer/checkout.md",
        "Write handoff/ui-ux-designer/requests.md",
    ),
    ARCHITECT: (
        "Read backend/app/main.py",
        "Read handoff/architect/README.md",
        "Edit docs/architecture.md",
        "Write handoff/architect/checkout.md",
        "Write handoff/architect/requests.md",
    ),
    API: (
        "Read docs/database/README.md",
        "Read .claude/skills/handoff/SKILL.md",
        "Edit docs/openapi.yaml",
        "Write handoff/api-designer/checkout.md",
        "Edit handoff/api-designer/items.md",
    ),
    DATABASE: (
        "Write backend/migrations/versions/0002_items.py",
        "Edit docs/database/README.md",
        "Write docs/database/history.md",
    ),
    BACKEND: (
        "Read .env",
        "Read team/team.json",
        "Write backend/app/items/service.py",
        "Write backend/app/items/../items/schemas.py",
        "Edit backend/app/items/router.py",
        "Edit backend/.env.example",
        "Write .claude/worktrees/one/backend/app/items/service.py",
        "Write handoff/backend-developer/checkout.md",
    ),
    FRONTEND: (
        "Edit frontend/src/app.ts",
        "Write frontend/.env.example",
        "Write handoff/frontend-developer/checkout-needs.md",
    ),
    DEVOPS: (
        "Edit compose.yaml",
        "Edit .github/workflows/ci.yml",
        "Write deploy/production.yaml",
        "Edit backend/Dockerfile",
    ),
    TESTS: (
        "Write backend/tests/acceptance/test_checkout.py",
        "Edit backend/tests/acceptance/test_items.py",
    ),
    REVIEW: ("Read backend/app/items/router.py", "Write handoff/code-reviewer/checkout.md"),
}

# agent -> subject -> shell commands
COMMANDS: dict[str, dict[str, tuple[str, ...]]] = {
    BACKEND: {
        "reading": (
            "ls -la backend",
            "cat docs/openapi.yaml | head -20",
            "grep -rn 'async def' backend/app | head",
            'grep -rn "a > b" docs || true',
            "sed -n '1,20p' docs/openapi.yaml",
            "sed 's/how to/now to/' README.md | tail -3",
            "sed -n '/with/,/^$/p; /worker/d' README.md",
            "awk '$1 > 5 {print $2}' README.md",
            'awk -F, \'{print "| " $1 " | " $2 " |"}\' README.md',
            "awk '$3 > \"2024\"' README.md",
            "find . -name '*.py' -not -path './.git/*' | xargs grep -l router",
            "find backend -name '*.py' -exec grep -l print {} +",
            'for f in backend/app/*.py; do echo "${f##*/}"; done',
            'while read -r line; do echo "$line"; done < backend/kit/list.txt',
            "gzip -c docs/openapi.yaml | wc -c",
            "install -m 644 docs/openapi.yaml backend/app/contract.yaml",
            "wc -l backend/app/*.py; du -sh backend",
            "diff <(git show HEAD:docs/openapi.yaml) docs/openapi.yaml || true",
            "python3 team/baton.py owner docs/openapi.yaml backend/app",
            "python3 -m json.tool team/team.json > /dev/null",
            "cat .claude/settings.json team/guard.py && jq .hooks .claude/settings.json",
            "[[ -f docs/openapi.yaml && a < b ]] && echo yes",
            'echo "$((2 > 1)) $(date +%F) and $(git rev-parse --short HEAD)"',
        ),
        "its own files": (
            "mkdir -p backend/app/{items,users} && touch backend/app/users/__init__.py",
            "cat > backend/app/rules.py <<'EOF'\nif a > b:\n    print(\"x > docs\")\nEOF",
            "cd backend && echo '# x' >> app/main.py",
            "cd backend/app && cp main.py items/copy.py && mv items/copy.py items/other.py",
            "sed -i 's/an item/items/' backend/app/items/router.py",
            "rm -rf backend/app/__pycache__ backend/.pytest_cache",
            "find backend/app -name '*.pyc' -delete",
            'ROOT=$(pwd); cd docs; echo x > "$ROOT/backend/app/root.py"',
            'D=backend/app/items; touch "$D/notes.py"; rm $D/notes.py',
            "ln -s router.py backend/app/items/routes.py",
            "git mv backend/app/items/old.py backend/app/items/new.py",
            "git checkout -- backend/app/items/router.py",
            "git apply <<'EOF'\n--- /dev/null\n+++ b/backend/app/p.py\n@@ -0,0 +1 @@\n+x = 1\nEOF",
            'cp docs/openapi.yaml "$TMPDIR/before.yaml"; ls > "$TMPDIR/list" 2>&1',
            'T=$(mktemp -d); echo x > $T/a; rm -r "$T"',
            "cd .claude/worktrees/one && echo '# x' >> backend/app/main.py",
        ),
        "running": (
            "cd backend && uv run pytest -q 2>&1 | tail -5",
            "cd backend && uv run check",
            "cd backend && uv run ruff format app && uv run ruff check --fix app",
            "uv run --directory backend pytest tests/test_health.py -k 'a and not b'",
            "cd backend && uv add 'httpx>=0.28' && uv sync",
            'cd backend && timeout 60 uv run mypy app | tee "$TMPDIR/types.txt"',
            '(cd backend && uv run dev > "$TMPDIR/log" 2>&1 &) ; sleep 0.1',
            "DATABASE_URL=sqlite:// uv run --directory backend python -c 'import app; print(app)'",
            "export A=1 && python3 - <<'EOF'\nprint('a > b')\nEOF",
            "curl -s -o /dev/null -w '%{http_code}' http://localhost:8000/items || true",
            "curl -s -H 'accept: */*' -d '{\"a\": 1}' http://localhost:8000/items || true",
        ),
        "git": (
            "git status --short --untracked-files=all",
            "git diff HEAD -- docs/openapi.yaml",
            "git log --oneline --stat -3 | cat",
            'git clone -q --depth 1 "file://$PWD" "$TMPDIR/copy"',
            "git show HEAD:docs/openapi.yaml | head -3",
            "git add backend && git commit -qm 'Items > 0; rm x' -m 'Agent: backend-developer'",
            "git commit --allow-empty -qm \"$(cat <<'EOF'\nit's > docs\n\nAgent: x\nEOF\n)\"",
            "git add -A && git commit -qm all && git push -q origin HEAD",
            "git switch -qc feature/items",
            "git checkout -b feature/more",
            "git restore --staged . && git stash list",
            "git reset -q --soft HEAD~1",
            "git config --get user.name",
            "git fetch -q origin && git branch -a && git blame -L1,2 README.md",
        ),
        "its handoff": (
            "cat >> handoff/backend-developer/items.md <<'EOF'\n- `rm` of > 1 item\nEOF",
            f"python3 team/baton.py request {API} 'pages > 1, it grows' --from {BACKEND}",
            "sed -i 's/- \\[ \\]/- [x]/' handoff/backend-developer/items.md",
        ),
    },
    DATABASE: {
        "its own files": (
            "touch backend/migrations/versions/0003_users.py",
            "cd backend && uv run alembic revision -m 'add users'",
            "cd backend && uv run alembic upgrade head && uv run alembic downgrade -1",
            'cd backend && uv run alembic upgrade head --sql > "$TMPDIR/up.sql"',
            "printf '\\n## users\\n' >> docs/database/README.md",
            "psql \"$DATABASE_URL\" -c 'select * from items where a > 3'",
            "echo >> docs/database/README.md && git commit -qm 'Tables' docs/database",
        ),
    },
    FRONTEND: {
        "its own files": (
            "cd frontend && npm install && npm run build && npm test",
            "cd frontend && npx tsc --noEmit",
            "mkdir -p frontend/src/pages && echo 'export {}' > frontend/src/pages/items.ts",
            "rm -rf frontend/node_modules frontend/dist",
            "touch frontend/new && git add frontend && git commit -qm 'Pages'",
            "jq -r '.name' frontend/package.json",
            "mv frontend/src/app.ts frontend/src/main.ts",
        ),
    },
    DEVOPS: {
        "its own files": (
            "docker compose config -q && docker compose up -d && docker compose ps",
            "docker build -t app backend",
            "cat > deploy/limits.yaml <<EOF\nworkers: $(nproc)\nEOF",
            "sed -i.bak 's/services/x-services/' deploy/stack.yaml && rm deploy/stack.yaml.bak",
            "gh run list --limit 3",
            "echo '*.log' >> backend/.dockerignore",
            "while ! curl -s http://localhost:8000 > /dev/null; do sleep 0.1; break; done",
        ),
    },
    TESTS: {
        "its own files": (
            "cat docs/openapi.yaml > /dev/null && cat handoff/api-designer/items.md",
            "cp backend/tests/acceptance/test_items.py backend/tests/acceptance/test_users.py",
            'cd backend && uv run pytest tests/acceptance -x --tb=short 2>&1 | tee "$TMPDIR/out"',
            "cd backend && uv run pytest --cov=app --cov-report=term-missing",
            "rm backend/tests/acceptance/test_items.py && git restore backend/tests/acceptance",
            "git add backend/tests/acceptance; git commit -qm 'Tests' --allow-empty",
        ),
    },
    REVIEW: {
        "reading": (
            "git diff HEAD~1 --stat && git log -p -1 -- backend | head -50",
            "git diff main...other --name-only",
            "git status --short && git diff --cached --quiet",
            "cd backend && uv run check",
            "grep -rnE 'TODO|print\\(' backend/app || true",
            "test -d backend/app && echo there || echo gone",
            "sort team/team.json | uniq -c | sort -rn | head -3",
            'python3 -c "\nimport sys\nfor path in sys.argv[1:]:\n    print(path)\n" AGENTS.md',
        ),
        "its handoff": (
            "printf '%s\\n' '# Review' 'Verdict: merge' > handoff/code-reviewer/checkout.md",
            'git diff HEAD > "$TMPDIR/change.diff"; wc -l "$TMPDIR/change.diff"',
        ),
    },
}


def actions() -> Iterator[Case]:
    for agent, calls in FILES.items():
        for call in calls:
            tool, _, path = call.partition(" ")
            yield Case("files", agent, tool, path, path)
    for agent, subjects in COMMANDS.items():
        for subject, commands in subjects.items():
            yield from (Case(subject, agent, "Bash", command, "") for command in commands)


EVERYDAY = (*actions(),)
