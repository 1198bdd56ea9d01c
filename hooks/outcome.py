"""Leaves what a test run came to in `.baton/tests.json`: pytest loads it with `-p team.outcome`.

A failing test that is new or changed since a feature opened is that feature's red test.
"""

from __future__ import annotations

import ast
import dis
import hashlib
import importlib
import json
import os
import re
import subprocess
import sys
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    import journal
    import runs

    Pytest = Any  # pytest's own objects; its types are not always there
else:
    home = f"{__package__ or ''}.".lstrip(".")
    journal, runs = (importlib.import_module(home + name) for name in ("journal", "runs"))

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
# A statement that no test has to reach.
AWAY = re.compile(
    r"#\s*pragma: no cover|^\s*\.\.\.\s*$|^\s*if (?:typing\.)?TYPE_CHECKING:|^if __name__"
)


def changed(root: str, paths: list[str], tree: str) -> list[str]:
    """Those of the files that are not as they were in a tree of the audit."""
    home = journal.home(root)
    words = ["git", "--git-dir", os.path.join(home, ".baton", "audit.git"), "ls-tree", "-rz", tree]
    done = subprocess.run(words, cwd=home, capture_output=True, check=True)  # noqa: S603
    rows = (row.partition("\t") for row in os.fsdecode(done.stdout).split("\0"))
    known = {place: row.rpartition(" ")[2] for row, _, place in rows}
    found = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - as git
        if known.get(os.path.relpath(path, root).replace(os.sep, "/")) != blob:
            found.append(path)
    return found


def executable(path: str, *, imported: bool = False) -> set[int]:
    """The lines of a file that a test can reach, or those that an import runs."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lines, codes, found = text.splitlines(), [compile(text, path, "exec")], set()
    for code in codes:
        if not (imported and code.co_flags & 1):  # 1: the body of a function
            found |= {line for _, line in dis.findlinestarts(code) if line}
        codes += [part for part in code.co_consts if hasattr(part, "co_code")]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and AWAY.search(lines[node.lineno - 1]):
            found -= {*range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return found


class Lines:
    """Notes which lines of some files are run, unless another measures them."""

    def __init__(self, paths: list[str], *, measured: bool) -> None:
        known = {
            os.path.realpath(getattr(at, "__file__", None) or "") for at in [*sys.modules.values()]
        }
        self.run = {
            path: executable(path, imported=True) if path in known else set() for path in paths
        }
        self.locals = {path: self.noting(lines) for path, lines in self.run.items()}
        self.other: Pytest = None  # the backend's own measuring, by SlipCover
        if paths and not measured and sys.gettrace() is None:
            threading.settrace(self.enter)
            sys.settrace(self.enter)

    def enter(self, frame: FrameType, _event: str, _given: object) -> Any:  # noqa: ANN401 - as sys has it
        name = frame.f_code.co_filename
        if name not in self.locals:
            self.locals[name] = self.locals.get(os.path.realpath(name))
        return self.locals[name]

    def noting(self, lines: set[int]) -> Any:  # noqa: ANN401 - as sys has it
        def note(frame: FrameType, _event: str, _given: object) -> Any:  # noqa: ANN401 - as sys has it
            lines.add(frame.f_lineno)
            return note

        return note

    def leave_to(self, other: Pytest) -> None:
        """Stops where another measures: to follow every call takes time."""
        if self.run and getattr(other, "REQUIRED", None):
            self.other = other.COUNTER
            threading.settrace(None)
            sys.settrace(None)

    def missed(self, others: Pytest) -> dict[str, list[int]]:
        """The lines that were not run, file by file."""
        cov = getattr(getattr(others, "cov_controller", None), "cov", None)
        counted = self.other.get_coverage()["files"] if self.other else {}
        known = {os.path.realpath(path): row["missing_lines"] for path, row in counted.items()}
        found = {}
        for path, lines in self.run.items():
            run = lines | {*((cov and cov.get_data().lines(path)) or ())}
            lost = known.get(path, executable(path) - run)
            found[os.path.relpath(path, ROOT).replace(os.sep, "/")] = sorted(lost)
        return found


class Outcome:
    """What a run comes to; on a worker of pytest-xdist, which lines it ran."""

    def __init__(self, config: Pytest, work: dict[str, str]) -> None:
        self.config, self.work = config, work
        self.state, self.at = runs.state(ROOT, work), time.time()
        self.ran = 0
        self.red: set[str] = set()
        self.features = journal.opened(ROOT)
        paths = [
            path for path in runs.files(ROOT, work) if work["tdd"] == "strict" and self.features
        ]
        app = [path for path in paths if path.startswith(os.path.join(ROOT, work["app"], ""))]
        trees = {row["tree"] for row in self.features.values()}
        measured = bool(getattr(config.known_args_namespace, "cov_source", None))
        new = {path for tree in trees for path in changed(ROOT, app, tree)}
        self.lines = Lines(sorted(new), measured=measured)

    def pytest_sessionstart(self, session: Pytest) -> None:
        self.session = session

    def pytest_collectreport(self, report: Pytest) -> None:
        self.red |= {report.nodeid.partition("::")[0]} if report.failed else set()

    def pytest_runtest_logreport(self, report: Pytest) -> None:
        self.ran += report.when == "call"
        self.pytest_collectreport(report)

    def pytest_sessionfinish(self) -> None:
        if hasattr(self.config, "workerinput"):
            self.config.workeroutput["baton"] = {k: [*v] for k, v in self.lines.run.items()}

    def pytest_unconfigure(self) -> None:
        if hasattr(self, "session") and not hasattr(self.config, "workerinput"):
            try:
                self.write()
            except Exception as error:  # noqa: BLE001 - a run of tests does not fail for this
                sys.stderr.write(f"baton: what the tests came to is not noted: {error}\n")

    def whole(self) -> bool:
        """Whether nobody asked for some of the tests only."""
        asked, given = self.config.option, self.config.invocation_params
        some = [getattr(asked, name, None) for name in ("keyword", "lf", "deselect", "stepwise")]
        some += [asked.collectonly, getattr(asked, "ignore", None)]
        everything = {ROOT, str(self.config.rootpath), os.path.join(ROOT, self.work["tests"])}
        named = [os.path.abspath(os.path.join(given.dir, word)) for word in self.config.args]
        marked = any(word.startswith("-m") for word in given.args)
        asked_for = self.config.args_source is self.config.ArgsSource.ARGS
        return not (any(some) or marked or (asked_for and not {*named} <= everything))

    def write(self) -> None:
        folder, green = journal.folder(ROOT), self.session.exitstatus == 0 and self.ran > 0
        missed = self.lines.missed(self.config.pluginmanager.getplugin("_cov")) if green else {}
        told: dict[str, object] = {
            "at": self.at,
            "green": green,
            "ran": self.ran,
            "red": sorted(self.red),
        }
        told |= {"state": self.state, "missed": missed}
        found = {**runs.last(ROOT), "any": told, **({"whole": told} if self.whole() else {})}
        path = os.path.join(folder, runs.NAME)
        with open(f"{path}.{os.getpid()}", "w", encoding="utf-8") as file:
            json.dump(found, file)
        os.replace(f"{path}.{os.getpid()}", path)
        red = [
            os.path.join(str(self.config.rootpath), *name.split("/")) for name in sorted(self.red)
        ]
        red = [path for path in red if os.path.isfile(path)]
        for name, row in self.features.items() if red else ():
            if tests := changed(ROOT, red, row["tree"]):
                with open(journal.feature(ROOT, name, "red"), "w", encoding="utf-8") as file:
                    json.dump([os.path.relpath(path, ROOT) for path in tests], file)


class Nodes:
    """Takes the lines that the workers of pytest-xdist ran."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def pytest_testnodedown(self, node: Pytest) -> None:
        for path, run in getattr(node, "workeroutput", {}).get("baton", {}).items():
            self.lines.run.setdefault(path, set()).update(run)


def pytest_load_initial_conftests(early_config: Pytest) -> None:
    """Begins before anything of the application is imported."""
    with open(os.path.join(ROOT, "team", "team.json"), encoding="utf-8") as file:
        work = json.load(file).get("work", {})
    if work.get("tdd", "on-request") != "on-request":
        try:
            early_config.pluginmanager.register(Outcome(early_config, work), "baton")
        except Exception as error:  # noqa: BLE001 - a run of tests does not fail for this
            sys.stderr.write(f"baton: what the tests come to is not noted: {error}\n")


def pytest_configure(config: Pytest) -> None:
    if hasattr(config, "workerinput") and not config.pluginmanager.hasplugin("baton"):
        pytest_load_initial_conftests(config)  # there, plugins come after conftest.py
    if known := config.pluginmanager.getplugin("baton"):
        known.lines.leave_to(config.pluginmanager.getplugin("tests.coverage"))
        if config.pluginmanager.hasplugin("xdist"):
            config.pluginmanager.register(Nodes(known.lines))
