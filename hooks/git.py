"""What git writes in the files of a repository, and what a patch does."""

from __future__ import annotations

import os
import re

import journal
from calls import has, options, values
from words import HIDDEN, SHOWN, UNKNOWN, UnreadableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from calls import Call, Options

    Verb = Callable[[Options, list[str]], list[str]]

ALL = ["."]
READING = (["get"], ["list"])
NEW = "b B c C create force-create orphan"


def patches(call: Call, files: list[str]) -> list[str]:
    """The texts of patches: of these files, or else of the input."""
    named = [path for file in files or [call.command.source] for path in call.paths(file)]
    if not all(map(os.path.isfile, named)) or (not named and call.command.body is None):
        raise UnreadableError("only running it would tell what it writes")
    texts = [] if named else [call.command.body or ""]
    for path in named:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            texts.append(file.read())
    return texts


def patched(text: str, strips: list[int]) -> list[str]:
    """The files that a patch names, with so many folders stripped."""
    names = re.findall(r"^(?:\+\+\+|---|diff --git \S+) ([^\t\n]+)", text, re.MULTILINE)
    moved = re.findall(r"^(?:rename|copy) (?:from|to) (.+)", text, re.MULTILINE)
    split = [name.strip().split("/") for name in names if name.strip() != "/dev/null"]
    found = ["/".join(parts[strip:]) for parts in split for strip in strips]
    return [name.translate(HIDDEN) for name in [*found, *moved]]


def applied(there: Call, given: Options, names: list[str]) -> list[str]:
    """What `git apply` writes: a patch in git's own form counts from the top of the repository."""
    if has(given, "check stat numstat summary"):
        return []
    strip, inside = [int(given.get("p", ["1"])[-1])], "".join(values(given, "directory")[-1:])
    found = []
    for text in patches(there, names):
        for folder in map(os.path.normpath, there.paths("./")):
            base = (journal.top(folder) if "diff --git " in text else folder).translate(HIDDEN)
            found += [os.path.join(base, inside, name) for name in patched(text, strip)]
    return found


def git(call: Call, given: Options, names: list[str]) -> list[str]:
    there = call.under(values(given, "C work-tree"))
    verb, words = "".join(names[:1]), names[1:]
    given, names = options(words, VALUED.get(verb, VALUED[""]))
    if verb == "apply":
        return applied(there, given, names)
    paths = words[words.index("--") + 1 :] if "--" in words else names
    if has(given, "pathspec-from-file"):  # it names others
        paths = ALL
    files = values(given, "output output-directory")
    if verb in VERBS:
        files += VERBS[verb](given, paths)
    elif verb == "checkout" and not (has(given, NEW) and paths in ([], ["HEAD"])):
        tree = "--" not in words and not os.path.lexists("".join(there.paths("".join(paths[:1]))))
        files += paths[tree:] or ALL
    elif verb in ("archive", "format-patch"):
        files += given.get("o", [])
    # What git takes for a pattern, or for the top of the repository, is no path.
    odd = any(re.search(r"^:|[*?[]", path.translate(SHOWN)) for path in files)
    return there.literal([UNKNOWN] if odd else files)


def configured(given: Options, names: list[str]) -> list[str]:
    reads = has(given, "get get-all get-regexp get-urlmatch list l") or names[:1] in READING
    sets = names[1:] or has(given, "unset unset-all remove-section e edit")
    return [".git/config"] if sets and not reads else []


# The options that take a value, where a verb has others than most.
VALUED = {
    "": "b B c C s o p source orphan create output output-directory directory include exclude",
    "checkout": "b B orphan conflict",
    "clean": "e exclude",
    "clone": "b c j o u branch config depth filter jobs origin reference separate-git-dir template",
    "restore": "s source conflict",
}
VERBS: dict[str, Verb] = {
    "restore": lambda given, names: (
        [] if has(given, "S staged") and not has(given, "W worktree") else names or ALL
    ),
    "config": configured,
    "clean": lambda given, names: [] if has(given, "n dry-run") else names or ALL,
    "rm": lambda given, names: [] if "cached" in given else names,
    "mv": lambda _, names: names,
    "switch": lambda given, names: [] if has(given, NEW) and names in ([], ["HEAD"]) else ALL,
    "reset": lambda given, _: ALL if has(given, "hard merge keep") else [],
    "stash": lambda _, names: [] if names[:1] in (["list"], ["show"], ["create"]) else ALL,
    "clone": lambda _, names: names[1:2] or ALL,
    "init": lambda _, names: names[:1] or ALL,
    "worktree": lambda _, names: names[1:2],
    **dict.fromkeys(
        "merge rebase pull cherry-pick revert am bisect read-tree checkout-index submodule".split(),
        lambda _, names: ALL,
    ),
}
