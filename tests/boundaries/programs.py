"""Programs whose call does not say what they write: the guard lets them run, the audit tells."""

from tests.boundaries.names import (
    BACKEND,
    CONTRACT,
    DATABASE,
    DEVOPS,
    DOCUMENT,
    FRONTEND,
    TESTS,
    Case,
)

# agent, form, the path that it changes, and the command
ROWS = (
    (BACKEND, "python -c", "docs/by-python", "python3 -c \"open('docs/by-python', 'w')\""),
    (
        BACKEND,
        "a script in its own folder",
        "docs/design/by-script",
        "python3 backend/kit/spill.py docs/design/by-script",
    ),
    (
        BACKEND,
        "a script made first",
        "docs/by-made",
        "echo \"open('docs/by-made', 'w')\" > backend/made.py; python3 backend/made.py",
    ),
    (
        BACKEND,
        "a test that writes",
        "docs/by-test",
        "cd backend/kit && OUT=../../docs/by-test python3 -m unittest -q spilling",
    ),
    (
        BACKEND,
        "a file taken away",
        "frontend/src/app.ts",
        "python3 -c \"import os; os.remove('frontend/src/app.ts')\"",
    ),
    (BACKEND, "a secret", "backend/.env", "python3 -c \"open('backend/.env', 'a').write('A=1')\""),
    (
        DATABASE,
        "python from a heredoc",
        CONTRACT,
        f"python3 - <<'EOF'\nwith open('{CONTRACT}', 'a') as file:\n    file.write('# x')\nEOF",
    ),
    (DATABASE, "perl -e", "docs/by-perl", "perl -e 'open(F, \">docs/by-perl\")'"),
    (
        DATABASE,
        "a program's own language",
        "docs/by-awk",
        "awk -v out=docs/by-awk 'BEGIN {print 1 > out}'",
    ),
    (FRONTEND, "node -e", "docs/by-node", 'node -e \'fs.writeFileSync("docs/by-node", "")\''),
    (FRONTEND, "a name that git knows", "docs/by-git", "git -c alias.w='!touch docs/by-git' w"),
    (
        FRONTEND,
        "an option of a program that is not read",
        "docs/by-option",
        "openssl rand -out docs/by-option 4",
    ),
    (DEVOPS, "make", "docs/by-make", "make -sC backend/kit spill"),
    (DEVOPS, "a shell script", "docs/by-shell", "bash backend/kit/spill.sh docs/by-shell"),
    (DEVOPS, "a script that is read in", "docs/by-source", ". backend/kit/spill.sh docs/by-source"),
    (TESTS, "a fix in passing", DOCUMENT, f"python3 -c \"open('{DOCUMENT}', 'a').write('x')\""),
)
PROGRAMS = tuple(Case(form, agent, "Bash", given, path) for agent, form, path, given in ROWS)
