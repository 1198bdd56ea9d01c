"""What the programs of a shell command write, as far as a plain reading of it shows.

A program that is not named here may write anything: its call goes on, and the audit looks after it.
"""

from __future__ import annotations

import os
import re

import shell
from calls import Call, has, options, values
from git import git, patched, patches
from words import HIDDEN, SHOWN, UNKNOWN, UnreadableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from calls import Options, Rule

# Of sed: a pattern that finds lines, and what changes them, with the file that they go to then.
ADDRESS = r"(?:^|(?<=[;{}\n,!]))\s*/(?:\\.|[^/\\\n])*/"
CHANGE = r"[sy](\W)(?:\\.|(?!\1).)*\1(?:\\.|(?!\1).)*\1[gpIiMme\d]*(?:w\s*([^\n;}]+))?"
# Of awk: a string, what stands before it, and whether what it calls is read.
STRING = r'(>|\||system\s*\()?\s*"((?:\\.|[^"\\])*)"(\s*\|\s*getline)?'
MODE = r"[ugoa]*[-+=][rwxXstugo]*(?:,.*)?|[0-7]{3,4}"
TEXTS = "S split-string c command"
RAW = "raw"  # a program reads its words in its own way


def targets(text: str, folders: list[str | None], known: dict[str, str]) -> Iterator[str]:
    """The paths that a command writes that runs in one of the folders, with these variables known.

    Raises UnreadableError where only running it would tell.
    """
    for command in shell.read(text, folders, known):
        call = Call(command, known, command.folders)
        for word in [*command.targets, *program(call, command.words)]:
            yield from call.paths(word)


def script(call: Call, texts: Iterable[str]) -> Iterator[str]:
    """What the commands in these texts write, which the call runs."""
    for text in texts:
        for path in targets(text.translate(SHOWN), call.folders, call.known):
            yield path.translate(HIDDEN)


def program(call: Call, words: list[str]) -> Iterator[str]:
    """What a program writes that is called with these words, of which the first is its name.

    The options of a wrapper are not read: each word that could be what it calls is taken for it.
    """
    while words and words[0].partition("=")[0].rstrip("+").isidentifier() and "=" in words[0]:
        words = words[1:]
    if words and words[0] != "[" and any(sign in words[0] for sign in UNKNOWN + "*?["):
        raise UnreadableError("only running it would tell which program it calls")
    plain = (word.translate(SHOWN).replace("\\", "/").lower() for word in words)
    names = [word.rpartition("/")[2].removesuffix(".exe") for word in plain]
    for at, name in enumerate(names if names[:1] and names[0] in WRAPPERS else names[:1]):
        if name == "xargs":
            words[at + 1 :] = filled(words[at + 1 :])
        if name in RULES:
            valued, rule = RULES[name]
            rest = words[at + 1 :]
            yield from rule(call, *(({}, rest) if valued == RAW else options(rest, valued)))
        if name in PLAIN and not names[at - 1].startswith("-"):
            break


def filled(words: list[str]) -> list[str]:
    """The words with those that xargs adds, which only running tells: where -I says, or last."""
    given, _ = options(words, "+ I J E L n P s d a replace")
    marks = [mark.translate(SHOWN) or "{}" for mark in values(given, "I J replace")]
    marks += ["{}"] * ("i" in given)
    for mark in marks:
        words = [word.translate(SHOWN).replace(mark, UNKNOWN) for word in words]
    return words if marks else [*words, UNKNOWN]


def copies(call: Call, given: Options, sources: list[str]) -> Iterator[str]:
    """Into a folder, or to a new name; through a link that it makes or keeps, what it copies."""
    to = values(given, "t target-directory")
    to, sources = (to, sources) if to else (sources[-1:], sources[:-1])
    kept = has(given, "a d P R r archive recursive no-dereference")
    linked = has(given, "l s link symbolic-link")
    for source in sources:
        if linked or (kept and any(map(os.path.islink, call.paths(source)))):
            yield source
    for path in (path for word in to for path in call.paths(word)):
        inside = "T" not in given and (os.path.isdir(path) or path.endswith("/"))
        for source in sources if inside else [""]:
            name = os.path.basename(source.rstrip("/"))
            plain = name not in ("", ".", "..") and not re.search(f"[*?[{UNKNOWN}]", name)
            yield (os.path.join(path, name) if plain else path).translate(HIDDEN)


def links(call: Call, given: Options, names: list[str]) -> Iterator[str]:
    """A link, and what it leads to: who may write the one could write the other through it."""
    names = names if names[1:] else [*names, "./"]
    plain = {key: given[key] for key in given if key in COPYING.split() or key == "T"}
    made = [*copies(call, plain, names)]
    yield from made
    near = {os.path.dirname(path.translate(SHOWN)) for path in made}
    for folder in near if has(given, "s symbolic") else [""]:
        yield from (os.path.join(folder, name) for name in names[:-1])


def in_place(_: Call, given: Options, names: list[str]) -> Iterable[str]:
    """Of sed, yq, perl and ruby: the files, which follow the code where no option has it."""
    coded = values(given, "e E expression f file")
    return [name for name in names if name][not coded :] if has(given, "i in-place inplace") else []


def sed(call: Call, given: Options, names: list[str]) -> Iterator[str]:
    """And what its script writes."""
    for text in values(given, "e expression") or ["".join(names[: not values(given, "f file")])]:
        plain, slashed = text.translate(SHOWN), f"{ADDRESS}|{CHANGE}"
        yield from (name for _, name in re.findall(slashed, plain) if name)
        rest = re.sub(slashed, "0;", plain)
        yield from re.findall(r"(?:^|[;{}\n\d$])\s*[wW]\s*([^\s;}]+)", rest)
    yield from in_place(call, given, names)


def awk(call: Call, given: Options, names: list[str]) -> Iterator[str]:
    text = " ".join(names).translate(SHOWN)
    odd = text.count('"') % 2  # a pattern holds a quote, so where a string begins is in doubt
    yield from re.findall(r'>\s*"([^"]+)"', text) if odd else []
    for found in re.finditer(STRING, text):
        said = re.split(r"[;{}\n]", re.sub(STRING, "", text[: found.start()]))[-1]
        if found[1] == ">" and "print" in said:  # else it compares
            yield found[2]
        elif found[1] not in (None, ">") or found[3]:
            yield from script(call, [found[2]])
    if "inplace" in values(given, "i include"):
        yield from names[not values(given, "f file") :]


def shells(call: Call, given: Options, names: list[str]) -> Iterator[str]:
    if "c" in given:
        return script(call, names[:1])
    streamed = not names or "s" in given or names[0].startswith("/dev/")
    if streamed and call.command.body is None and (call.command.piped or names):
        raise UnreadableError("only running it would tell what the shell is told")
    return script(call, [call.command.body or ""][: bool(streamed)])


def finds(call: Call, _: Options, words: list[str]) -> Iterator[str]:
    plain = [word.translate(SHOWN) for word in words]
    tests = (at for at, word in enumerate(plain) if re.match(r"-[^HLPOD]|[(!]", word))
    folders = [word for word in words[: next(tests, None)] if word[0] != "-"] or ["."]
    at = 0
    while at < len(plain):
        if plain[at] == "-delete":
            yield from folders
        elif plain[at].startswith(("-fprint", "-fls")):
            yield from words[at + 1 : at + 2]
        elif re.fullmatch("-(exec|ok)(dir)?", plain[at]):
            ends = (end for end in range(at, len(plain)) if plain[end] in (";", "+"))
            start, at = at + 1, next(ends, len(plain))
            for folder in folders:
                yield from program(call, [part.replace("{}", folder) for part in plain[start:at]])
        at += 1


def tar(_: Call, __: Options, words: list[str]) -> Iterable[str]:
    first = "".join(words[:1])  # `tar cfz out in` is `tar -czf out in`
    dashed = first if first.startswith("-") else "-" + "".join(sorted(first, key="f".find))
    given, names = options([dashed, *words[1:]], TARRING)
    if has(given, "x extract get"):
        return values(given, "C directory one-top-level") or ["."]
    packed = [] if has(given, "t list d diff") else values(given, "f file")
    return packed + (names if "remove-files" in given else [])


def curled(_: Call, given: Options, names: list[str]) -> Iterable[str]:
    named = names if has(given, "O remote-name remote-name-all") else []
    folder = "".join(values(given, "output-dir")[-1:])
    files = values(given, f"{FETCHING} D c") + [os.path.basename(name) for name in named]
    return [os.path.join(folder, file) for file in files]


def fetched(_: Call, given: Options, names: list[str]) -> Iterable[str]:
    """Of wget: a file with the address's own name where no option names one."""
    files = values(given, "O output-document") or [os.path.basename(name) for name in names]
    folder = "".join(values(given, "P directory-prefix")[-1:])
    return [*(os.path.join(folder, file) for file in files), *values(given, f"{FETCHING} a")]


def interpreted(call: Call, given: Options, names: list[str]) -> Iterator[str]:
    """Of an interpreter: what turns the guard off may not be named in its code.

    Else it may write anything, but that `-m` may call a package manager.
    """
    code = names[:1] if has(given, "c e p r eval print") else []
    text = "\n".join([*code, call.command.body or ""]).translate(SHOWN)
    yield from re.findall(r"[\w./~-]*(?:\.(?:claude|baton)\b|\bteam/)[\w./-]*", text)
    yield from program(call, names) if "m" in given else []


def patch(call: Call, given: Options, names: list[str]) -> Iterable[str]:
    there, strip = call.under(values(given, "d directory")), values(given, "p strip")
    if names or values(given, "o output"):
        return there.literal([*names[:1], *values(given, "o output")])
    strips = [int(strip[-1])] if strip else [0, -1]
    texts = patches(call, values(given, "i input"))
    return there.literal([name for text in texts for name in patched(text, strips)])


def manages(locks: str, writing: str) -> tuple[str, Rule]:
    """The rule of a package manager: it writes the nearest lock file, here or above."""

    def rule(call: Call, given: Options, names: list[str]) -> Iterator[str]:
        there = call.under(values(given, "C project directory prefix cwd"))
        for folder in there.literal(["./"]) if names and names[0] in writing.split() else []:
            above = [folder.translate(SHOWN)]
            while above[-1] != os.path.dirname(above[-1]):
                above.append(os.path.dirname(above[-1]))
            found = (os.path.join(at, lock) for at in above for lock in locks.split())
            near = os.path.join(folder, locks.split(maxsplit=1)[0])
            yield next((lock for lock in found if os.path.exists(lock)), near).translate(HIDDEN)

    return "C project directory prefix cwd", rule


TARRING = "f C T X b H g K N V I F file directory one-top-level"
FETCHING = "o output dump-header cookie-jar trace trace-ascii stderr output-file append-output"
COPYING = "t S m o g target-directory suffix mode owner group"
JS = "install i ci add remove rm uninstall un update up upgrade link dedupe audit"
PYTHON = "add remove lock install uninstall update version init self"
PIP = manages("uv.lock poetry.lock requirements.txt pyproject.toml", PYTHON)
WRAPPERS = set(
    """env sudo doas nohup setsid time timeout nice ionice stdbuf command builtin exec busybox flock
    watch chroot unshare nsenter taskset chrt prlimit strace xargs runuser uv uvx npx pnpx bunx
    poetry pipx pdm hatch""".split()
)
PLAIN = set("pytest python python3 node grep rg echo ruff mypy alembic uvicorn".split())
TABLE: dict[str, tuple[str, Rule]] = {
    "rm rimraf rmdir unlink ex ed vi vim nano tee sponge": ("", lambda _, given, names: names),
    "gzip gunzip bzip2 bunzip2 xz unxz zstd": (
        "",
        lambda _, given, names: [] if has(given, "c stdout to-stdout t test l list") else names,
    ),
    "mkfifo": ("m mode", lambda _, given, names: names),
    "truncate shred": ("s n r size reference iterations", lambda _, given, names: names),
    "touch mktemp": ("d r t p date reference time", lambda _, given, names: names),
    "install": (
        COPYING,
        lambda call, given, names: (
            names if has(given, "d directory") else copies(call, given, names)
        ),
    ),
    "mkdir": ("m mode", lambda call, given, names: call.absent(names)),
    "chown chgrp uniq": ("", lambda _, given, names: names[1:]),
    "chmod": (
        "reference",
        lambda _, given, names: [name for name in names if not re.fullmatch(MODE, name)],
    ),
    "cp scp": (COPYING, copies),
    "mv": (COPYING, lambda call, given, names: [*names, *copies(call, given, names)]),
    "ln link": (COPYING, links),
    "rsync": (
        "e f B T exclude include",
        lambda _, given, names: names if "remove-source-files" in given else names[-1:],
    ),
    "dd": ("", lambda _, given, names: [name[3:] for name in names if name.startswith("of=")]),
    "sed gsed": ("e f expression file", sed),
    "perl ruby": ("e E M I", in_place),
    "yq": ("o p output-format input-format", in_place),
    "awk gawk mawk": ("v F i f include file", awk),
    "patch": ("p i o d D F V B Y z r g strip input output directory", patch),
    "tar bsdtar": (RAW, tar),
    "unzip": (
        "d P x",
        lambda _, given, names: [] if has(given, "l t p v z Z") else given.get("d", ["."]),
    ),
    "zip": ("i x b P t n", lambda _, given, names: names if has(given, "m move") else names[:1]),
    "sort shuf": ("o k t S T n output", lambda _, given, names: values(given, "o output")),
    "time strace": ("+ o f output format", lambda _, given, names: values(given, "o output")),
    "curl": (f"{FETCHING} D c output-dir A b C d e E F h H K m P Q r t T u U w x X y", curled),
    "wget": (f"{FETCHING} O a P directory-prefix t T U Q e i B l A D I X R w", fetched),
    "find": (RAW, finds),
    "sh bash dash zsh ksh ash source .": ("o O rcfile init-file", shells),
    "python python3 node php deno": ("", interpreted),
    "env": ("+ u C S split-string", lambda call, given, _: script(call, values(given, TEXTS))),
    "script su flock": ("c command", lambda call, given, _: script(call, values(given, TEXTS))),
    "eval": ("", lambda call, given, names: script(call, [" ".join(names)])),
    "trap": ("", lambda call, given, names: script(call.lost(), names[:1])),
    "git": ("+ C c git-dir work-tree namespace", git),
    "uv": manages("uv.lock pyproject.toml", "add remove lock init version"),
    "pip pip3": PIP,
    "poetry": manages("poetry.lock pyproject.toml", PYTHON),
    "npm": manages("package-lock.json package.json", JS),
    "pnpm": manages("pnpm-lock.yaml package.json", JS),
    "yarn": manages("yarn.lock package.json", JS),
    "bun": manages("bun.lock package.json", JS),
}
RULES = {name: row for names, row in TABLE.items() for name in names.split()}
