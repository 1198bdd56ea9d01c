"""Reads a shell command without running it: which programs it calls, with which words, and where.

It follows `cd`, quotes, redirects, here-documents, subshells and substitutions.
"""

from __future__ import annotations

import os
import re

from words import HIDDEN, MOST, PWD, SHOWN, UNKNOWN, UnreadableError, native, spread, variables

LONGEST = 200_000  # signs in a command; Linux takes no argument that is longer
MANY = 20  # folders that a command may run in

BLANKS = r"(?:[ \t]|\\\n)*(?:#[^\n]*)?"
SIGN = r"&&|\|\||\|&|[;&|\n)]|\Z"
REDIRECT = r"(?:\d+|\{\w+\})?(&>>|&>|>>|>\||>&|<>|<<<|<<-|<<|<&|<|>)(?!\()!?"
BARE = (
    r"""(?s)(?P<plain>[^\s'"\\$`;&|<>()]+|[^\S \t\n])|'(?P<kept>[^']*)'|\\(?P<escaped>.?)"""
    r"""|\$'(?P<ansi>(?:[^'\\]|\\.)*)'|\$?(?P<double>")|(?P<dollar>[$`])|(?P<process>[<>]\()"""
)
QUOTED = r"""(?s)(?P<kept>[^"\\$`\0]+)|\\(?P<escaped>[$`"\\\n])|(?P<dollar>[$`])|(?P<other>.)"""
TEST = r"""(?s)\[\[ (?:[^'"\\\]]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|\](?!\]))*\]\]"""
SUM = r"\$?\(\((?:[^()]|\([^()]*\))*\)\)"
BACKTICK = r"(?s)`((?:[^`\\]|\\.)*)`"
BRACED = r"""\$\{[#!]?(\w+)((?:[^'"`$\\{}]|\$\w+)*)\}"""
NAMED = r"\$(\w+|[@*#?$!-])"
DATE = r"""date(?: -u)? ['"]?\+(?:%[A-Za-z]|[-_:.T])+['"]?"""

KEYWORDS = set("if then elif else fi for while until do done { } !".split())
BEYOND = set("case function select coproc alias hash".split())


class Command:
    """One call of a program."""

    def __init__(self, folders: list[str | None], *, piped: bool) -> None:
        self.folders = folders  # where it may run; None is a folder that only running would tell
        self.piped = piped  # whether another's output is its input
        self.words: list[str] = []
        self.targets: list[str] = []  # the files that its output goes to
        self.source = ""  # the file that its input comes from
        self.body: str | None = None  # the text that its input is


def read(text: str, folders: list[str | None], known: dict[str, str]) -> list[Command]:
    """The calls in a command that runs in one of the folders, with these variables known."""
    if len(text) > LONGEST or "\0" in text:
        raise UnreadableError("a command that is so long, or holds a NUL, cannot be read")
    here = (folders[0] if len(folders) == 1 else None) or UNKNOWN
    reader = Reader(text, folders, variables(text, {**known, PWD: here}), [])
    reader.run()
    return reader.found


class Reader:
    """Goes through a command once, from `at` on, and adds to what it found."""

    def __init__(
        self, text: str, folders: list[str | None], known: dict[str, str], found: list[Command]
    ) -> None:
        self.text, self.at = text, 0
        self.folders, self.ever = folders, list(folders)
        self.known, self.found = known, found
        self.doubt = False  # whether it may be that what is read is not run
        self.waiting: list[tuple[Command, str, str, bool]] = []  # heredocs

    def run(self, closing: str = "") -> None:
        """Reads commands up to the closing sign and steps over it."""
        pipe, joined, first, unsure, trail = False, False, True, False, list(self.folders)
        while True:
            self.match(BLANKS)
            before, start = self.folders, self.at
            call = self.command(piped=pipe)
            empty = self.at == start
            sign = self.sign()
            if empty and sign == "\n" and joined:
                continue
            joined = sign in ("&&", "||", "|", "|&")
            alone = not pipe and sign not in ("|", "|&", "&")
            unsure |= not self.go(call.words, sure=alone and first and not self.doubt)
            trail += [folder for folder in self.folders if folder not in trail]
            pipe = sign in ("|", "|&")
            if pipe:
                self.folders = before
                continue
            first = False
            if sign != "&&" and unsure:  # what follows may run where any of these led
                self.folders = [None] if None in trail else trail
            if sign == closing:
                return
            if sign in ("", ")"):
                raise UnreadableError("its quotes or brackets do not match")
            if not joined:
                first, unsure, trail = True, False, list(self.folders)

    def apart(self, closing: str) -> None:
        """Reads commands that leave the folder as it was."""
        kept = self.folders, self.doubt
        self.run(closing)
        self.folders, self.doubt = kept

    def match(self, pattern: str) -> re.Match[str] | None:
        """Steps over what the pattern finds here."""
        found = re.compile(pattern).match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found

    def need(self, pattern: str) -> re.Match[str]:
        if found := self.match(pattern):
            return found
        raise UnreadableError("its quotes or brackets do not match")

    def sign(self) -> str:
        """What ends a command; and after its line, the texts that commands wait for."""
        sign = self.need(SIGN)[0]
        if sign == "\n":
            waiting, self.waiting = self.waiting, []
            for call, end, indent, quoted in waiting:
                last = rf"^{indent}{re.escape(end)}(?:\n|\Z)"
                text = self.need(rf"(?ms)(.*?)(?:{last}|\Z)")[1]
                call.body = text if quoted else self.within(text)
        return sign

    def within(self, text: str) -> str:
        """A text as double quotes would leave it; what it calls is found."""
        reader = Reader(f"{text}\0", self.folders, self.known, self.found)
        return reader.quoted("\0").translate(SHOWN)

    def command(self, *, piped: bool) -> Command:
        call = Command(self.folders, piped=piped)
        while True:
            self.match(BLANKS)
            sign = self.text[self.at : self.at + 1]
            redirect = self.match(REDIRECT)
            if redirect:
                self.redirect(call, redirect[1])
            elif not sign or sign in ";&|\n)":
                break
            elif not call.words and self.text.startswith("[[ ", self.at):
                self.within(self.need(TEST)[0])
            elif not call.words and (found := self.match(SUM)):
                self.within(found[0])
            elif sign == "(" and not call.words:
                self.at += 1
                self.apart(")")
            else:
                self.take(call, self.word())
        if call.words or call.targets:
            self.found.append(call)
        return call

    def take(self, call: Command, word: str) -> None:
        """Adds a word to a call, unless it is the shell's own."""
        if (not call.words and word in BEYOND) or self.text.startswith("(", self.at):
            raise UnreadableError("functions, aliases, arrays, case and select are not read")
        if not call.words and word in KEYWORDS:
            self.doubt = True
            call.words = ["for"] if word == "for" else []
        else:
            call.words += spread(word)
        if len(call.words) + len(self.found) > 5 * MOST:
            raise UnreadableError("it is too long to follow")

    def redirect(self, call: Command, kind: str) -> None:
        self.match(BLANKS)
        start, word = self.at, self.word()
        raw = self.text[start : self.at]
        if not raw:
            raise UnreadableError("it redirects to nothing")
        if kind in ("<<", "<<-"):
            quoted = any(sign in raw for sign in "'\"\\")
            end = word.translate(SHOWN) if quoted else raw
            self.waiting.append((call, end, "\t*" if kind == "<<-" else "", quoted))
        elif kind == "<<<":
            call.body = word.translate(SHOWN)
        elif kind == "<":
            call.source = word
        elif kind != "<&" and not (kind == ">&" and re.fullmatch(r"\d+-?|-", word)):
            call.targets += spread(word)

    def word(self) -> str:
        parts = []
        if self.match(r"~(?=[\s/;&|<>()]|\Z)"):
            parts.append(self.known["HOME"])
        elif self.match(r"~[^\s/;&|<>()'\"\\$`]*"):
            parts.append(UNKNOWN)
        while (found := self.match(BARE)) and (kind := found.lastgroup):
            if kind == "double":
                parts.append(self.quoted('"'))
            elif kind == "dollar":
                parts.append(self.dollar(found[0], bare=True))
            elif kind == "process":
                self.apart(")")
                parts.append("/dev/fd/63")
            elif kind == "ansi" and "\\" in found[kind]:
                parts.append(UNKNOWN)
            else:
                part = found[kind].strip("\n") if kind == "escaped" else found[kind]
                parts.append(part if kind == "plain" else part.translate(HIDDEN))
        if self.text.startswith("'", self.at):
            raise UnreadableError("its quotes or brackets do not match")
        return "".join(parts)

    def quoted(self, end: str) -> str:
        """What stands in double quotes, up to the end, which it steps over."""
        parts = []
        while not self.text.startswith(end, self.at):
            found = self.need(QUOTED)
            kind = str(found.lastgroup)
            if kind == "dollar":
                parts.append(self.dollar(found[0], bare=False))
            else:
                part = found[kind].strip("\n") if kind == "escaped" else found[kind]
                parts.append(part.translate(HIDDEN))
        self.at += 1
        return "".join(parts)

    def dollar(self, sign: str, *, bare: bool) -> str:
        """What `$` or a backtick, just stepped over, stands for."""
        self.at -= 1
        start = self.at
        if sign == "`":
            inner = re.sub(r"\\([`\\$])", r"\1", self.need(BACKTICK)[1])
            Reader(inner, self.folders, self.known, self.found).run()
            return UNKNOWN
        if found := self.match(SUM):
            self.within(found[0][3:-2])
            return "0"
        if self.text.startswith("$(", start):
            self.at += 2
            self.apart(")")
            call = self.text[start : self.at]
            return self.here() if call == PWD else self.output(call)
        if found := self.match(BRACED) or self.match(NAMED):
            return self.value(found, bare=bare)
        if self.text.startswith("${", start):
            raise UnreadableError("it has a ${…} that only running it would tell")
        self.at += 1
        return "$"

    def output(self, call: str) -> str:
        return "0" if re.fullmatch(DATE, call[2:-1].strip()) else self.known.get(call, UNKNOWN)

    def here(self) -> str:
        return (self.folders[0] if len(self.folders) == 1 else None) or UNKNOWN

    def value(self, found: re.Match[str], *, bare: bool) -> str:
        if found[0] in ("$#", "$?", "$$", "$!"):
            return "0"
        if found[0].strip("${}") != found[1]:
            return UNKNOWN
        value = self.known.get(found[1]) or (self.here() if found[1] == "PWD" else UNKNOWN)
        return UNKNOWN if bare and re.search(r"[\s*?[]", value) else value

    def go(self, words: list[str], *, sure: bool) -> bool:
        """Follows a call that changes the folder; False where it is in doubt whether it does."""
        while len(words) > 1 and words[0] in ("command", "builtin", "time"):
            words = words[1:]
        if words[:1] == ["eval"]:
            self.folders = [None]
        if words[:1] not in (["cd"], ["pushd"], ["popd"], ["chdir"]):
            return words[:1] != ["eval"]
        steps = [word for word in words[1:] if not re.fullmatch(r"-[A-Za-z]+|--", word)]
        to = native((steps or [self.known["HOME"]])[0].translate(SHOWN))
        if words[0] == "popd" or to.startswith(("-", "+")):
            self.folders = list(self.ever)
            return False
        found: list[str | None] = []
        for folder in self.folders:
            if UNKNOWN in to or "CDPATH" in self.text or (folder is None and not os.path.isabs(to)):
                found.append(None)
            else:
                path = os.path.join(folder or os.sep, to)
                found += [os.path.normpath(path), os.path.realpath(path)]
        self.folders = list(dict.fromkeys(found)) if len(found) < MANY else [None]
        self.ever += self.folders
        return sure and all(folder and os.path.isdir(folder) for folder in self.folders)
