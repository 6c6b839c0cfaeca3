"""The commands of a shell script, with the variables they can be told without running anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.sbatch import allocated
from lrviz.inputs.foreign.shell.shell_lexer import (
    Heredoc,
    Opaque,
    Operator,
    Parameter,
    RawWord,
    Text,
    tokens,
)
from lrviz.inputs.foreign.shell.shell_variables import ARGUMENTS, Variables
from lrviz.inputs.foreign.source import Launch, Unknown, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.inputs.foreign.shell.shell_lexer import Segment, Token


class Command(NamedTuple):
    """The words of a command, variables set before it among them, and ``env``, what was exported before.

    ``defaults`` are those taken up to here for what nothing sets, and ``unread`` a file that may set it;
    ``choices`` are the values that loops give to their variables.
    """

    words: tuple[Word, ...]
    env: Mapping[str, Word] = {}
    defaults: Mapping[str, str] = {}
    unread: str = ""
    choices: Mapping[str, tuple[str, ...]] = {}


class Invocation(NamedTuple):
    """How a script is started: by which launcher, and with which words; None where nobody says."""

    launch: Launch = Launch()
    arguments: tuple[Word, ...] | None = None


UNSAID = Invocation()


def read_commands(
    text: str,
    name: str,
    given: Mapping[str, str] | None = None,
    call: Invocation = UNSAID,
    first_line: int = 1,
) -> tuple[Command, ...]:
    """All commands of a script in order, also those inside loops and functions.

    A variable that is set inside one, or by a command, is Unknown, unless it is ``given``.

    Raises:
        ConfigError: a quote or bracket is never closed, or the variables stand for too much.

    """
    statements = list(_Parser().statements(tokens(text, name, first_line)))
    env = allocated(text) | {key: Word((one.value,)) for key, one in call.launch.env.items()}
    variables = Variables(name, given or {}, {key: (word,) for key, word in env.items()})
    if call.arguments is not None:
        variables.values[ARGUMENTS] = call.arguments
    run = _Run(variables, exported=dict.fromkeys(env))
    run.read(statements)
    return tuple(run.commands)


class _Statement(NamedTuple):
    """A simple command; ``block`` numbers the outermost loop, condition or function around it, 0 is none."""

    words: tuple[RawWord, ...]
    block: int
    in_function: bool
    may_be_skipped: bool


_OPENERS = {
    "if": "fi",
    "case": "esac",
    "for": "done",
    "select": "done",
    "while": "done",
    "until": "done",
    "{": "}",
}
_HEADED = {"case", "for", "select"}
"""Those that words follow which are no command."""
_FILLERS = {"then", "else", "elif", "do", "!", "time"}
_SURE = {"cd", "mkdir", "set", "source", ".", "pushd", "module", "conda", "echo"}
"""Commands whose success nobody doubts: what stands behind ``&&`` is done."""
_READERS = {"source", "."}
_DECLARERS = {"export", "declare", "local", "readonly", "typeset"}
_SETTERS = {"read", "mapfile", "readarray", "getopts", "let", "printf", "unset"}
_NOTHING = ((Text("", quoted=True),),)
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)(\[[^]]*\])?(\+?)=")
_IN_SUM = re.compile(r"([A-Za-z_]\w*)\s*(?:[-+*/%]?=(?!=)|\+\+|--)")


@dataclass
class _Parser:
    """Words and operators as simple commands in blocks."""

    closers: list[str] = field(default_factory=list)
    words: list[RawWord] = field(default_factory=list)
    block: int = 0
    functions: int = 0  # how many blocks stood around the outermost function, plus one; 0 outside
    names_function: bool = False
    doubtful: bool = False

    def statements(self, stream: Iterable[Token]) -> Iterator[_Statement]:
        for token in stream:
            if isinstance(token, RawWord):
                self._take(token)
            elif isinstance(token, Heredoc):
                self.words = _read_into(self.words, token)
            elif self.words and self.words[0].plain == "[[" and self.words[-1].plain != "]]":
                continue
            else:
                yield from self._end(token)
        yield from self._end(Operator("\n", 0))

    def _take(self, word: RawWord) -> None:
        if self.words and not (self.words[0].plain == "function" and word.plain == "{"):
            self.words.append(word)
        elif word.plain in _OPENERS:
            self.names_function |= bool(self.words)
            self.words.clear()
            self._open(_OPENERS[word.plain])
            self.words += [word] if word.plain in _HEADED else []
        elif self.closers and word.plain == self.closers[-1]:
            self._close()
        elif word.plain not in _FILLERS:
            self.words.append(word)

    def _open(self, closer: str) -> None:
        if not self.closers:
            self.block += 1
        self.closers.append(closer)
        if self.names_function and not self.functions:
            self.functions = len(self.closers)
        self.names_function = False

    def _close(self) -> None:
        if self.functions == len(self.closers):
            self.functions = 0
        self.closers.pop()

    def _end(self, operator: Operator) -> Iterator[_Statement]:
        words, kind = tuple(self.words), operator.text
        self.words.clear()
        if kind == ")" and self.closers[-1:] == ["esac"]:
            return  # the pattern of a case
        if words and (kind == "(" or words[0].plain == "function"):
            self.names_function = True
        elif words:
            block = self.block if self.closers else 0
            yield _Statement(words, block, self.functions > 0, self.doubtful or kind == "&")
        self._go_on(kind, words)

    def _go_on(self, kind: str, words: tuple[RawWord, ...]) -> None:
        if kind == "(" and not words:
            self._open(")")
        elif kind == ")" and self.closers[-1:] == [")"] and not self.names_function:
            self._close()
        if kind in {"&&", "||"}:
            self.doubtful |= bool(words) and (kind == "||" or not _is_sure(words))
        else:
            self.doubtful = False


@dataclass
class _Run:
    """Goes through the statements once, and never around."""

    variables: Variables
    hidden: set[str] = field(default_factory=set)  # set in a function, which may be called at any time
    commands: list[Command] = field(default_factory=list)
    exported: dict[str, None] = field(default_factory=dict)
    env: dict[str, Word] | None = None
    unread: str = ""
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, statements: list[_Statement]) -> None:
        for at, one in enumerate(statements):
            names = _assigned(one.words)
            self.variables.last_set.update(dict.fromkeys(names, at))
            if one.in_function and one.words[0].plain != "local":
                self.hidden |= names
        at = 0
        while at < len(statements):
            end = at + 1
            while (
                statements[at].block
                and end < len(statements)
                and statements[end].block == statements[at].block
            ):
                end += 1
            self._read_block(statements[at:end], end)
            at = end

    def _read_block(self, statements: list[_Statement], end: int) -> None:
        """A block may be run again: what it sets is unknown in it, in a function also what is set later."""
        first = statements[0]
        self.variables.run_from = end if first.in_function else None
        if first.block:
            self._forget({name for one in statements for name in _assigned(one.words)}, first)
        for one in statements:
            self._read_one(one)

    def _forget(self, names: Iterable[str], statement: _Statement) -> None:
        for name in names:
            self.variables.forget(name, statement.words[0].line)
        self.env = None if names else self.env

    def _read_one(self, statement: _Statement) -> None:
        words, names = statement.words, _assigned(statement.words)
        is_sure = not statement.block and not statement.may_be_skipped
        known = is_sure and (_is_literal(words) or ARGUMENTS in names)
        if known and ARGUMENTS in names:
            self._set_arguments(words)
        for word in words if known and ARGUMENTS not in names else ():
            self._set(word)
        is_unset = is_sure and words[0].plain == "unset"
        for name in names if is_unset else ():
            self.variables.values.pop(name, None)
        self._forget(names & self.hidden if known or is_unset else names, statement)
        if words[0].plain == "for" and words[3:] and words[2].plain == "in":
            values = [word for raw in words[3:] for word in self.variables.expand(raw)]
            is_known = not any(isinstance(word.value, Unknown) for word in values)
            self.choices[words[1].plain] = tuple(word.text for word in values if is_known)
        if words[0].plain == "export":
            self.exported.update(dict.fromkeys([*sorted(names), *(word.plain for word in words[1:])]))
            self.env = None
        elif not _is_literal(words) and words[0].plain not in _HEADED:
            texts = [word for raw in words for word in self.variables.expand(raw)]
            if words[0].plain in _READERS and texts[1:]:
                self.unread = texts[1].text
                self.variables.keep_arguments()
            defaults = dict(self.variables.defaults)
            made = Command(tuple(texts), self._env(), defaults, self.unread, dict(self.choices))
            self.commands += [made] if texts else []

    def _set(self, raw: RawWord) -> None:
        found = _assignment(raw)
        if not found:
            self.variables.expand(raw)  # ${X:=default}
            return
        name, subscript, appends = found.groups()
        value = Text(found.string[found.end() :], quoted=False)
        if subscript:
            self.variables.forget(name, raw.line)
        elif raw.array is None:
            word = self.variables.value(raw._replace(segments=(value, *raw.segments[1:])))
            self.variables.assign(name, [word], appends=bool(appends), is_array=False)
        else:
            words = [word for one in raw.array for word in self.variables.expand(one)]
            self.variables.assign(name, words, appends=bool(appends), is_array=True)

    def _set_arguments(self, words: tuple[RawWord, ...]) -> None:
        """``set -- WORD…``, or ``shift``."""
        if words[0].plain == "set":
            new = [word for raw in words[2:] for word in self.variables.expand(raw)]
            self.variables.assign(ARGUMENTS, new, appends=False, is_array=True)
        else:
            self.variables.shift(words[1].plain if words[1:] else "1", words[0].line)

    def _env(self) -> Mapping[str, Word]:
        if self.env is None:
            found = {name: self.variables[name] for name in self.exported}
            self.env = {name: words[0] for name, words in found.items() if words}
            self.variables.charge(list(self.env.values()))
        return self.env


def _read_into(words: list[RawWord], heredoc: Heredoc) -> list[RawWord]:
    """``read -r -d '' NAME <<EOF`` as ``NAME=…``; every other command keeps its words."""
    options = [word for word in words if word.plain.startswith("-")]
    is_whole = any(word.plain.endswith("d") and after.segments in _NOTHING for word, after in pairwise(words))
    if not words or words[0].plain != "read" or not is_whole or len(words) != len(options) + 3:
        return words
    named = Text(f"{words[-1].plain}=", quoted=False)
    return [RawWord((named, *heredoc.segments), words[0].line)]


def _assignment(word: RawWord) -> re.Match[str] | None:
    """``NAME=``, ``NAME+=`` or ``NAME[1]=`` at the beginning of a word, without quotes."""
    match word.segments:
        case (Text(text, False), *_):
            return _ASSIGNED.match(text)
    return None


def _is_literal(words: tuple[RawWord, ...]) -> bool:
    """Whether a command does nothing but set variables to what stands there."""
    return words[0].plain in {*_DECLARERS, ":"} or all(map(_assignment, words))


def _is_sure(words: tuple[RawWord, ...]) -> bool:
    return _is_literal(words) or words[0].plain in _SURE


def _assigned(words: tuple[RawWord, ...]) -> set[str]:
    """The names that a command sets, to whatever."""
    first = words[0]
    if _is_literal(words) and first.plain != ":":
        return {found[1] for found in map(_assignment, words) if found} | _set_within(words)
    if first.plain in _HEADED - {"case"}:
        return {words[1].plain, *_set_within(words)} if words[1:] else set()
    if first.plain == "shift" or (first.plain == "set" and words[1:] and words[1].plain == "--"):
        return {ARGUMENTS} | _set_within(words)
    if first.plain in _SETTERS:
        return {word.plain for word in words[1:] if word.plain.isidentifier()}
    return _set_within(words)


def _set_within(words: Iterable[RawWord]) -> set[str]:
    return {name for word in words for one in word.segments for name in _set_inside(one)}


def _set_inside(segment: Segment) -> list[str]:
    """``X`` of ``${X:=default}`` and ``((X = 8))``."""
    match segment:
        case Parameter(name=name, operator="=" | ":="):
            return [name]
        case Opaque(written) if written.startswith("(("):
            return _IN_SUM.findall(written)
    return []
