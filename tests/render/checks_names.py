"""Whatever a text names is there: paths, commands, skills, agents."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

from tests.render.checks_agents import skills
from tests.support.answers import ROSTER
from tests.support.markdown import blocks, markdown, prose, spans
from tests.support.owners import covers
from tests.support.render import Render
from tests.support.template import template

PATH = re.compile(r"\.?[\w*<>-][\w.*<>-]*(/[\w.*<>-]+)*/?")
FILE_ENDINGS = (
    *(".cfg", ".example", ".ini", ".json", ".lock", ".md", ".mjs"),
    *(".py", ".sh", ".sql", ".toml", ".txt", ".yaml", ".yml"),
)
MEDIA_TYPE = re.compile(r"(text|application|multipart|image)/[\w.+*-]+")

# What a repository that has its backend is taken to hold, beside the paths it answered with.
OF_A_PYTHON_REPOSITORY = ("pyproject.toml", "uv.lock", "poetry.lock")
# What a person may write, in every project.
OF_A_PERSON = ("team/local.json",)
# What the README of a new backend says that uv writes, and that a person may.
MADE_LATER = ("backend/uv.lock", "backend/.env")
# A file that a text has its reader write: its path, and what goes into it.
WRITTEN = re.compile(r"^`([^`\n]+)`[^\n]*:\n\n```", re.MULTILINE)
# How `plan-feature` shows what a task is called; no task is rendered.
EXAMPLE_OF_A_TASK = re.compile(r"\d-[a-z-]+\.md")

GIT = frozenset(("add", "commit", "diff", "init", "log", "reset", "show", "status"))
UV = frozenset(("add", "lock", "remove", "run", "sync"))
# What the backend that is rendered is run by; the second come with packages of the same name.
OURS = frozenset(("check", "dev", "fix"))
OF_PACKAGES = ("alembic", "mypy", "pytest", "ruff", "uvicorn")


def known_paths(render: Render) -> frozenset[str]:
    """Everything that is there, or that its owner makes where the boundaries say so."""
    tables = render.tables
    known = {*render.files, *render.folders, *OF_A_PERSON}
    known |= {zone["path"].removesuffix("/**") for zone in tables["zones"]}
    known |= {*(MADE_LATER if tables["stack"] == "fastapi" else OF_A_PYTHON_REPOSITORY)}
    return frozenset(known)


def paths_are_there(render: Render) -> list[str]:
    """Every path in backticks exists, is made by its owner, or has a placeholder in it."""
    known = known_paths(render)
    return [
        f"{name}: {path} is not there"
        for name, text in markdown(render).items()
        for path in dict.fromkeys(filter(is_path, spans(text)))
        if not is_there(path, known) and path not in written(text)
    ]


@cache
def written(text: str) -> frozenset[str]:
    """The files whose text a page shows, so that its reader writes them."""
    return frozenset((*WRITTEN.findall(text), *(block.path for block in blocks(text))))


@cache
def is_path(span: str) -> bool:
    if not PATH.fullmatch(span) or MEDIA_TYPE.fullmatch(span) or EXAMPLE_OF_A_TASK.fullmatch(span):
        return False
    return "/" in span or PurePosixPath(span).suffix in FILE_ENDINGS or span.startswith(".env")


def is_there(path: str, known: frozenset[str]) -> bool:
    """Whether a path is known: whole, or as a bare name, a pattern, a folder with a placeholder."""
    if "<" in path:
        folder = path[: path.index("<")].rpartition("/")[0]
        return not folder or is_there(folder, known)
    if "*" in path:
        return path in known or any(covers(path, name) for name in known)
    if "/" not in path:
        return any(name.rpartition("/")[2] == path for name in known)
    return path.rstrip("/") in known


def commands(text: str) -> Iterator[str]:
    """What a reader would type: code spans of several words, and lines of shell blocks."""
    yield from (span for span in spans(text) if " " in span)
    for block in blocks(text):
        if block.language in {"bash", "console", "sh"}:
            lines = block.text.replace("\\\n", " ").splitlines()
            yield from (line.split(" # ")[0].strip() for line in lines if line[:1].isalnum())


def commands_are_there(render: Render) -> list[str]:
    """Every command of a runner, of git or of Baton exists in this project."""
    return [
        f"{name}: {command}: {fault}"
        for name, text in markdown(render).items()
        for command in dict.fromkeys(commands(text))
        if (fault := command_fault(command, render))
    ]


def command_fault(command: str, render: Render) -> str:
    """Why a command would not run here, as far as its first words show."""
    runner = render.tables["commands"]["run"]
    program = render.files.get("team/commands.py", "")
    if command.startswith(runner):
        return runnable_fault(command.removeprefix(runner).split()[0], render)
    first, verb, third = [*command.split(), "", ""][:3]
    faults = {
        f"this project's commands begin with {runner}": first in {"uv", "poetry"}
        and first != runner.split()[0],
        f"uv has no {verb}": first == "uv" and verb not in UV,
        f"no text has needed git {verb} so far": first == "git" and verb not in GIT,
        f"Baton has no {third}": verb == "team/baton.py" and f'"{third}"' not in program,
        "nothing installs it, so it is python3 team/baton.py": first == "baton",
    }
    return next((fault for fault, found in faults.items() if found), "")


def runnable_fault(name: str, render: Render) -> str:
    """Why the runner would not find a command."""
    if render.tables["stack"] == "existing":
        return f"{name} is a command of Baton's own backend" if name in OURS else ""
    there = scripts(render.files.get("backend/pyproject.toml", ""))
    return "" if name in there else f"the backend has no command {name}"


@cache
def scripts(pyproject: str) -> frozenset[str]:
    """The commands of a backend: its own, and those of the packages it depends on."""
    data = tomllib.loads(pyproject)
    project = data.get("project", {})
    needs = str(project.get("dependencies")) + str(data.get("dependency-groups"))
    return frozenset(
        {*project.get("scripts", ()), *(name for name in OF_PACKAGES if name in needs)}
    )


@cache
def every_skill() -> frozenset[str]:
    """The skills that some answers bring."""
    folder = template() / "template" / ".claude" / "skills"
    return frozenset(path.name for path in folder.iterdir())


def skills_are_there(render: Render) -> list[str]:
    """Each skill that a text names is rendered, also where it is named without the word skill."""
    there = skills(render).keys()
    faults = []
    for name, text in markdown(render).items():
        said = set(re.findall(r"\bskills? `([\w-]+)`", " ".join(prose(text).split())))
        missing = (said | (every_skill() & set(spans(text)))) - there
        faults += [f"{name}: there is no skill {skill}" for skill in sorted(missing)]
    return faults


def agents_named_are_in_the_team(render: Render) -> list[str]:
    absent = [name for name in ROSTER if name not in render.tables["agents"]]
    return [
        f"{name}: names {agent}, who is not in the team"
        for name, text in markdown(render).items()
        for agent in absent
        if re.search(rf"(?<![\w-]){agent}(?![\w-])", text)
    ]
