"""Words and operators as simple commands, and the blocks around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.shell_lexer import Heredoc, Opaque, Operator, Parameter, RawWord, Text
from lrviz.inputs.foreign.shell.shell_variables import ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.inputs.foreign.shell.shell_lexer import Segment, Token


class Block(NamedTuple):
    """A loop, function or condition by its number, and which ``part`` of it: an ``if`` begins at 0.

    The parts of ``if A; then B; elif C; then D; else E; fi`` are 0, 1, 2, 3 and 5: conditions are even.
    """

    number: int
    closer: str
    part: int = 0


class Statement(NamedTuple):
    """A simple command in its blocks, from the outermost; ``joined`` is the ``&&`` or ``||`` before it."""

    words: tuple[RawWord, ...]
    blocks: tuple[Block, ...]
    in_function: bool
    may_be_skipped: bool
    joined: str = ""
    is_negated: bool = False
    at: int = 0  # its place among all

    @property
    def block(self) -> int:
        """The number of the outermost block, 0 is none."""
        return self.blocks[0].number if self.blocks else 0


_OPENERS = {
    "if": "fi",
    "case": "esac",
    "for": "done",
    "select": "done",
    "while": "done",
    "until": "done",
    "{": "}",
}
HEADED = {"case", "for", "select"}
"""Those that words follow which are no command."""
_FILLERS = {"then": 1, "else": 2, "elif": 1, "do": 0, "!": 0, "time": 0}
"""Words before a command, and by how many parts of its block they move on."""
_SURE = {"cd", "mkdir", "set", "source", ".", "pushd", "module", "conda", "echo"}
"""Commands whose success nobody doubts: what stands behind ``&&`` is done."""
_DECLARERS = {"export", "declare", "local", "readonly", "typeset"}
_SETTERS = {"read", "mapfile", "readarray", "getopts", "let", "printf", "unset"}
_NOTHING = ((Text("", quoted=True),),)
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)(\[[^]]*\])?(\+?)=")
_IN_SUM = re.compile(r"([A-Za-z_]\w*)\s*(?:[-+*/%]?=(?!=)|\+\+|--)")


@dataclass
class Parser:
    """Words and operators as simple commands in blocks."""

    blocks: list[Block] = field(default_factory=list)
    words: list[RawWord] = field(default_factory=list)
    opened: int = 0
    functions: int = 0  # how many blocks stood around the outermost function, plus one; 0 outside
    names_function: bool = False
    doubtful: bool = False
    joined: str = ""
    is_negated: bool = False

    def statements(self, stream: Iterable[Token]) -> Iterator[Statement]:
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
            self.words += [word] if word.plain in HEADED else []
        elif self.blocks and word.plain == self.blocks[-1].closer:
            self._close()
        elif word.plain not in _FILLERS:
            self.words.append(word)
        else:
            self._go_to(word.plain)

    def _go_to(self, filler: str) -> None:
        self.is_negated = filler == "!"
        if self._is_inside("fi"):
            last = self.blocks[-1]
            self.blocks[-1] = last._replace(part=last.part + _FILLERS[filler])

    def _open(self, closer: str) -> None:
        self.opened += 1
        self.blocks.append(Block(self.opened, closer))
        if self.names_function and not self.functions:
            self.functions = len(self.blocks)
        self.names_function = False

    def _close(self) -> None:
        if self.functions == len(self.blocks):
            self.functions = 0
        self.blocks.pop()

    def _end(self, operator: Operator) -> Iterator[Statement]:
        words, kind = tuple(self.words), operator.text
        self.words.clear()
        if kind == ")" and self._is_inside("esac"):
            return  # the pattern of a case
        if words and (kind == "(" or words[0].plain == "function"):
            self.names_function = True
        elif words:
            doubtful = self.doubtful or kind == "&"
            blocks, in_function = tuple(self.blocks), self.functions > 0
            yield Statement(words, blocks, in_function, doubtful, self.joined, self.is_negated)
            self.is_negated = False
        self._go_on(kind, words)

    def _is_inside(self, closer: str) -> bool:
        return bool(self.blocks) and self.blocks[-1].closer == closer

    def _go_on(self, kind: str, words: tuple[RawWord, ...]) -> None:
        if kind == "(" and not words:
            self._open(")")
        elif kind == ")" and self._is_inside(")") and not self.names_function:
            self._close()
        if kind == "\n" and not words:
            return  # a line may end behind && and ||
        self.joined = kind if kind in {"&&", "||"} else ""
        if self.joined:
            self.doubtful |= bool(words) and (kind == "||" or not is_sure(words))
        else:
            self.doubtful = False


def _read_into(words: list[RawWord], heredoc: Heredoc) -> list[RawWord]:
    """``read -r -d '' NAME <<EOF`` as ``NAME=…``; every other command keeps its words."""
    options = [word for word in words if word.plain.startswith("-")]
    is_whole = any(word.plain.endswith("d") and after.segments in _NOTHING for word, after in pairwise(words))
    if not words or words[0].plain != "read" or not is_whole or len(words) != len(options) + 3:
        return words
    named = Text(f"{words[-1].plain}=", quoted=False)
    return [RawWord((named, *heredoc.segments), words[0].line)]


def assignment(word: RawWord) -> re.Match[str] | None:
    """``NAME=``, ``NAME+=`` or ``NAME[1]=`` at the beginning of a word, without quotes."""
    match word.segments:
        case (Text(text, False), *_):
            return _ASSIGNED.match(text)
    return None


def is_literal(words: tuple[RawWord, ...]) -> bool:
    """Whether a command does nothing but set variables to what stands there."""
    return words[0].plain in {*_DECLARERS, ":"} or all(map(assignment, words))


def is_sure(words: tuple[RawWord, ...]) -> bool:
    """Whether nobody doubts that it succeeds."""
    return is_literal(words) or words[0].plain in _SURE


def assigned(words: tuple[RawWord, ...]) -> set[str]:
    """The names that a command sets, to whatever."""
    first = words[0]
    if is_literal(words) and first.plain != ":":
        return {found[1] for found in map(assignment, words) if found} | _set_within(words)
    if first.plain in HEADED - {"case"}:
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
