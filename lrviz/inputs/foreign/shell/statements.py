"""The text of a shell script as simple commands, each with the blocks around it; nothing is run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import assignment
from lrviz.inputs.foreign.shell.printed import UNTOLD, ScriptFolders
from lrviz.inputs.foreign.shell.segments import Arithmetic, Opaque, RawWord, Text
from lrviz.inputs.foreign.shell.set_within import set_within
from lrviz.inputs.foreign.shell.shell_lexer import tokens
from lrviz.inputs.foreign.shell.shell_statement import Block, Inside, Statement
from lrviz.inputs.foreign.shell.shell_tokens import Operator, Redirection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.inputs.foreign.shell.shell_tokens import Token

HEADED = {"case", "for", "select"}
"""Blocks whose first words are no command."""
_OPENERS = {
    "if": "fi",
    "case": "esac",
    "for": "done",
    "select": "done",
    "while": "done",
    "until": "done",
    "{": "}",
}
_FILLERS = {"then", "else", "elif", "do", "!", "time", "coproc"}
_BUILTINS = {
    *("export", "declare", "typeset", "local", "readonly", "read", "mapfile", "printf", "unset"),
    *("eval", "source", ".", "shift", "set", "let"),
}
_SUM = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)(.+)")
_CASE_ENDS = {";;", ";&", ";;&"}


def read_statements(
    text: str, name: str, first_line: int = 1, folders: ScriptFolders = UNTOLD
) -> list[Statement]:
    """All simple commands of a script, in the order in which they stand there.

    Raises:
        ConfigError: a quote or bracket is never closed.

    """
    return list(_Parser().statements(tokens(text, name, first_line, folders)))


@dataclass
class _Parser:
    """Words and operators as simple commands in blocks."""

    blocks: list[Block] = field(default_factory=list)
    closers: list[str] = field(default_factory=list)
    words: list[RawWord] = field(default_factory=list)
    redirections: list[Redirection] = field(default_factory=list)
    function: str = ""  # the name of one whose body is to come
    before: str = ""
    in_pipe: bool = False
    is_negated: bool = False
    number: int = 0
    closed: Block | None = None

    def statements(self, stream: Iterable[Token]) -> Iterator[Statement]:
        for token in stream:
            if isinstance(token, RawWord):
                self._take(token)
            elif self.words and self.words[0].plain == "[[" and self.words[-1].plain != "]]":
                self._take_within(token)
            elif isinstance(token, Redirection):
                self.redirections.append(token)
            else:
                yield from self._end(token)
        yield from self._end(Operator("\n", 0))

    def _take_within(self, token: Operator | Redirection) -> None:
        """``<`` and ``&&`` in ``[[ … ]]``, which are words of it."""
        if isinstance(token, Redirection):
            self.words += [RawWord((Opaque(token.sign),), token.word.line), token.word]
        else:
            self.words.append(RawWord((Opaque(token.text),), token.line))

    def _take(self, word: RawWord) -> None:
        plain = word.plain
        if self._has_pattern_next() and not (self.words or plain == "esac"):
            self.words.append(word)
        elif self.words and not (self.words[0].plain == "function" and plain == "{"):
            self.words.append(word)
            self._close_head()
        elif plain in _OPENERS:
            self.function = self.function or (self.words[1].plain if self.words[1:] else "")
            self.words.clear()
            self._open(plain, _OPENERS[plain])
            self.words += [word] if plain in HEADED else []
        elif self.closers and plain == self.closers[-1]:
            self._close()
        elif plain in _FILLERS:
            self._fill(plain)
        else:
            self.words.append(word)

    def _has_pattern_next(self) -> bool:
        block = self.blocks[-1] if self.blocks else None
        return block is not None and block.opener == "case" and block.subject is not None and block.in_head

    def _close_head(self) -> None:
        """``case WORD in`` is whole: what follows are patterns."""
        match self.words:
            case [first, subject, last] if first.plain == "case" and last.plain == "in":
                self.blocks[-1].subject = subject
                self.blocks[-1].patterns.append([])
                self.words.clear()

    def _fill(self, plain: str) -> None:
        if plain == "!":
            self.is_negated = not self.is_negated
        elif plain == "coproc":
            self.in_pipe = True  # it runs beside the others
        elif self.blocks and self.blocks[-1].opener == "if":
            block = self.blocks[-1]
            block.branch += plain in {"elif", "else"}
            block.in_head = plain == "elif"

    def _open(self, opener: str, closer: str) -> None:
        is_choice = opener in {"if", "case"}
        is_piped = self.in_pipe and not self.function
        self.blocks.append(Block(opener, self.function, in_head=is_choice, is_piped=is_piped))
        self.closers.append(closer)
        self.function = ""
        self.in_pipe = False  # it is as a whole; what stands in it runs in one shell

    def _close(self) -> None:
        self.closed = self.blocks.pop()
        self.closers.pop()

    def _end(self, operator: Operator) -> Iterator[Statement]:
        words, kind = tuple(self.words), operator.text
        self.words.clear()
        if self._has_pattern_next():
            yield from self._within_pattern(words, operator)
            self._take_pattern(words, kind)
            return
        if kind in _CASE_ENDS and self.blocks and self.blocks[-1].opener == "case":
            self._end_branch(kind)
        if words and (kind == "(" or words[0].plain == "function"):
            self.function = words[-1].plain or "?"
        elif words:
            yield self._statement(words, kind)
        elif self.redirections:  # what those of a block set is set, as by a command that does nothing
            nothing = _nothing(self.redirections[0].word.line)
            yield self._statement((nothing, _closed(nothing)) if self.closed else (nothing,), kind)
        self.redirections.clear()
        self._go_on(kind, words)

    def _statement(self, words: tuple[RawWord, ...], kind: str) -> Statement:
        path = tuple(Inside(one, one.branch, one.in_head) for one in self.blocks)
        at = next((n for n, word in enumerate(words) if not assignment(word)), 0)
        is_condition = bool(path) and path[-1].in_head
        self.number += 1
        return Statement(
            words[at:] if is_condition else _as_sums(_bare(words[at:])),
            path,
            self.number - 1,
            self.before,
            self.is_negated,
            self.in_pipe or kind in {"|", "|&", "&"},
            words[:at],
            tuple(self.redirections),
        )

    def _within_pattern(self, words: tuple[RawWord, ...], operator: Operator) -> Iterator[Statement]:
        """What a pattern sets, and what the word does that it is for, as a command that does nothing."""
        subject = self.blocks[-1].subject
        if subject and set_within((subject, *words)):
            yield self._statement((_nothing(operator.line), subject, *words), operator.text)

    def _take_pattern(self, words: tuple[RawWord, ...], kind: str) -> None:
        block = self.blocks[-1]
        block.patterns[-1] += words
        block.in_head = kind != ")"

    def _end_branch(self, kind: str) -> None:
        block = self.blocks[-1]
        block.is_odd |= kind != ";;"
        block.patterns.append([])

    def _go_on(self, kind: str, words: tuple[RawWord, ...]) -> None:
        if kind == "(" and not words:
            self._open("(", ")")
        elif kind == ")" and self.closers[-1:] == [")"] and not self.function:
            self._close()
        if kind in _CASE_ENDS and self.blocks and self.blocks[-1].opener == "case":
            self.blocks[-1].branch += 1
            self.blocks[-1].in_head = True
        if self.closed and not words:
            self.closed.is_piped |= kind in {"|", "|&", "&"}
        self.closed = None
        if kind == "\n" and not words:
            return  # ``&&`` at the end of a line goes on in the next
        self.in_pipe = kind in {"|", "|&"}
        self.is_negated = False
        is_known = bool(words) and words[0].plain != "let"  # which fails at 0
        self.before = (kind if is_known else "?") if kind in {"&&", "||"} else ""


def _nothing(line: int) -> RawWord:
    return RawWord((Text(":", quoted=False),), line)


def _closed(nothing: RawWord) -> RawWord:
    """``}`` behind ``:``, which is then a block whose output is redirected."""
    return nothing._replace(segments=(Text("}", quoted=False),))


def _bare(words: tuple[RawWord, ...]) -> tuple[RawWord, ...]:
    """``builtin export A=1`` without its first word."""
    plain = [word.plain for word in words[:2]]
    return words[1:] if plain[0] in {"builtin", "command"} and plain[-1] in _BUILTINS else words


def _as_sums(words: tuple[RawWord, ...]) -> tuple[RawWord, ...]:
    """``let "X = 2 * 4"`` as ``X=$((2 * 4))``; every other command keeps its words."""
    sums = [_as_sum(word) for word in words[1:]] if words[0].plain == "let" else []
    found = tuple(one for one in sums if one)
    return found if found and len(found) == len(sums) else words


def _as_sum(word: RawWord) -> RawWord | None:
    match word.segments:
        case (Text(text),) if found := _SUM.fullmatch(text):
            name, expression = found.groups()
            made = Arithmetic(f"$(({expression}))", expression)
            return RawWord((Text(f"{name}=", quoted=False), made), word.line)
    return None
