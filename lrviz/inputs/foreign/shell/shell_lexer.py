"""The text of a shell script as words and operators: quotes, comments, heredocs; nothing is run."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.alterations import ALTERED
from lrviz.inputs.foreign.shell.printed import UNTOLD, ScriptFolders, printed_by
from lrviz.inputs.foreign.shell.segments import (
    Alteration,
    Arithmetic,
    Number,
    Opaque,
    Parameter,
    Printed,
    RawWord,
    Segment,
    Text,
)
from lrviz.inputs.foreign.shell.shell_text import ShellText
from lrviz.inputs.foreign.shell.shell_tokens import Operator, Redirection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.shell.shell_tokens import Token

_DEEPEST = 10
"""Defaults within defaults: ``${A:-${B:-…}}``."""
_OPERATOR = re.compile(r";;&|;;|;&|;|&&|\|\||\|&|\||&|\(|\)")
_REDIRECTION = re.compile(r"\d*(?:<<<|<<-?|<>|>>|>&|<&|&>>|&>|>\||[<>](?!\())")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^]]*\])?\+?=\Z")
_NAME = re.compile(r"\$([A-Za-z_]\w*|[0-9@*#?$!-])")
_OLD_SUM = re.compile(r"\$\[([^][]+)\]")
"""``$[…]``, which is ``$((…))``."""
_MADE_OF_WORDS = re.compile(r"(?:\$\(|`)\s*(?:/usr/bin/)?(getopt|seq)\s")
_CAT = re.compile(r"\$\(\s*cat\s*(?=<<-?[^<])")
"""``$(cat <<EOF …)``."""
_BRACED = re.compile(r"([A-Za-z_]\w*|[0-9]+|[@*])(?:\[([@*]|[^][]{1,60})\])?(?:(:?[-=?+])(.*))?", re.DOTALL)
_NUMBER_OF = re.compile(r"\$\{#([A-Za-z_]\w*)\[[@*]\]\}", re.ASCII)
_REST = re.compile(r"\$\{@:([1-9]\d{0,3})\}")
"""What a script is given from one word on."""
_FIRST_NAME = re.compile(r"[A-Za-z_]\w*")
_PLAIN_IN_WORD = re.compile(r"[^ \t\n;&|<>()$`'\"\\]+")
_PLAIN_IN_DEFAULT = re.compile(r"[^$`'\"\\]+")
_PLAIN_IN_QUOTES = re.compile(r"[^$`\"\\]+")
_PLAIN_IN_HEREDOC = re.compile(r"[^$`\"\\]+")
_QUOTE = re.compile(r'\\?"')
"""A letter of a heredoc like any other, and so is the stroke before it."""
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}


def tokens(text: str, name: str, first_line: int = 1, folders: ScriptFolders = UNTOLD) -> Iterator[Token]:
    """The words and operators of a script, or of a command that stands in one.

    Raises:
        ConfigError: a quote or bracket is never closed.

    """
    text = text.replace("\r\n", "\n")
    strokes = len(text) - len(text.rstrip("\\"))
    whole = text[: len(text) - strokes % 2]  # one that ends it goes on in no line
    return _Lexer(whole, name, folders, first_line=first_line).tokens()


@cache
def segments_of_sum(expression: str) -> tuple[Segment, ...]:
    """What stands in ``$((…))``, where quotes say nothing; all of it where a bracket is never closed."""
    text = expression.translate({ord('"'): None})
    try:
        return tuple(_Lexer(text, "sum").handed(is_literal=False))
    except ConfigError:
        return (Opaque(expression),)


class _Lexer(ShellText):
    def __init__(
        self,
        text: str,
        name: str,
        folders: ScriptFolders = UNTOLD,
        *,
        first_line: int = 1,
        depth: int = 0,
    ) -> None:
        super().__init__(text, name, first_line)
        self.folders = folders
        self.depth = depth
        self.behind_heredocs = 0
        self.is_in_array = False

    def _inner(self, text: str, first_line: int) -> _Lexer:
        return _Lexer(text, self.name, self.folders, first_line=first_line, depth=self.depth + 1)

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            if self.starts(" ", "\t", "\\\n"):
                self.at += 2 if self.starts("\\") else 1
            elif self.starts("#"):
                self.at = self.find("\n")
            elif self.starts("\n"):
                self.count()
                yield Operator("\n", self.line)
                self.at = max(self.at + 1, self.behind_heredocs)
            elif self.starts("((", "<(", ">("):
                yield self._command_in_brackets()
            elif found := _REDIRECTION.match(self.text, self.at):
                self.at = found.end()
                yield Redirection(found[0], self._target(found[0]))
            elif found := _OPERATOR.match(self.text, self.at):
                self.count()
                line, self.at = self.line, found.end()  # who asked may ask no more
                yield Operator(found[0], line)
            else:
                yield self._word()

    def _command_in_brackets(self) -> RawWord:
        start, line = self.at, self.line
        self.at = self.closing(self.text.index("(", start))
        return RawWord((Opaque(self.text[start : self.at]),), line)

    def _target(self, sign: str) -> RawWord:
        """What stands behind the sign, or in the lines below it."""
        while self.starts(" ", "\t"):
            self.at += 1
        start, line = self.at, self.line
        is_there = self.at < len(self.text) and not self.starts(*"\n;&|<>()")
        if self.starts("<(", ">("):
            word = self._command_in_brackets()
        else:
            word = self._word() if is_there else RawWord((), line)
        is_heredoc = sign.lstrip("0123456789") in {"<<", "<<-"}
        return self._heredoc(self.text[start : self.at]) if is_heredoc else word

    def _heredoc(self, written: str) -> RawWord:
        """What stands between the next line, or the end of the heredoc before, and its delimiter."""
        delimiter = written.translate({ord(mark): None for mark in "'\"\\"})
        lines: list[str] = []
        at = start = self.behind_heredocs if self.behind_heredocs > self.at else self.find("\n") + 1
        while at < len(self.text):
            end = self.text.find("\n", at) % (len(self.text) + 1)
            line = self.text[at:end]
            at = end + 1
            if line.lstrip("\t") == delimiter:
                break
            lines.append(line)
        self.behind_heredocs = at
        first = self.line_of(start)
        inner = self._inner("\n".join(lines), first)
        return RawWord(tuple(inner.handed(is_literal=written != delimiter)), first)

    def handed(self, *, is_literal: bool) -> Iterator[Segment]:
        """All of the text as a heredoc has it: quotes in it are letters."""
        while self.at < len(self.text) and not is_literal:
            if found := _QUOTE.match(self.text, self.at):
                self.at = found.end()
                yield Text(found[0], quoted=True)
            else:
                yield from self._segments(_PLAIN_IN_HEREDOC, quoted=True)
        if is_literal:
            yield Text(self.text, quoted=True)

    def default(self, *, quoted: bool) -> Iterator[Segment]:
        """All of the text as it stands behind ``${NAME:-``."""
        while self.at < len(self.text):
            yield from self._segments(_PLAIN_IN_DEFAULT, quoted=quoted)

    def _word(self) -> RawWord:
        line = self.line
        segments: list[Segment] = []
        while self.at < len(self.text) and not self.starts(*" \t\n;&|<>"):
            if self.starts("(", ")"):
                if self.starts(")") or not _is_assignment(segments):
                    break
                return RawWord(tuple(segments), line, self._array())
            segments += self._segments(_PLAIN_IN_WORD, quoted=False)
        return RawWord(tuple(segments), line)

    def _array(self) -> tuple[RawWord, ...]:
        opened = self.fault("a bracket that is never closed")
        if self.is_in_array:
            raise self.fault("an array within an array, at which bash stops")
        self.is_in_array = True
        self.at += 1
        words = []
        for token in self.tokens():
            if isinstance(token, RawWord):
                words.append(token)
            elif isinstance(token, Operator) and token.text == ")":
                self.is_in_array = False
                return tuple(words)
        raise opened

    def _segments(self, plain: re.Pattern[str], *, quoted: bool) -> list[Segment]:
        """The next piece of a word."""
        self.count()
        if self.starts("\\"):
            return self._escaped(quoted=quoted)
        if self.starts("$"):
            return self._dollar(quoted=quoted)
        if self.starts("`"):
            return [self._run_inside(f"`{self.up_to('`')}`", quoted=quoted)]
        if self.starts('"'):
            return self._in_quotes()
        if self.starts("'") and not quoted:
            return [Text(self.up_to("'"), quoted=True)]
        found = plain.match(self.text, self.at)
        text = found[0] if found else self.text[self.at]
        self.at += len(text)
        return [Text(text, quoted)]

    def _escaped(self, *, quoted: bool) -> list[Segment]:
        letter = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if letter == "\n":
            return []
        keeps = not letter or (quoted and letter not in '$`"\\')
        return [Text("\\" * keeps + letter, quoted=True)]

    def _in_quotes(self) -> list[Segment]:
        fault = self.fault("a quote that is never closed")
        self.at += 1
        segments: list[Segment] = []
        while not self.starts('"'):
            if self.at >= len(self.text):
                raise fault
            segments += self._segments(_PLAIN_IN_QUOTES, quoted=True)
        self.at += 1
        return segments or [Text("", quoted=True)]

    def _dollar(self, *, quoted: bool) -> list[Segment]:
        start = self.at
        if self.starts("$(", "${"):
            self.at = self.closing(start + 1)
            if _CAT.match(self.text, start) and self.depth < _DEEPEST:
                return self._printed(self.text[start : self.at], quoted=quoted)
            return [self._substitution(self.text[start : self.at], quoted=quoted)]
        if found := _OLD_SUM.match(self.text, start):
            self.at = found.end()
            return [Arithmetic(found[0], found[1])]
        if self.starts("$'", '$"') and not quoted:
            self.at += 1
            return [self._with_escapes()] if self.starts("'") else self._in_quotes()
        if found := _NAME.match(self.text, start):
            self.at = found.end()
            return [Parameter(found[0], found[1], found[1] if found[1] in "@*" else "", "", (), quoted)]
        self.at += 1
        return [Text("$", quoted)]

    def _with_escapes(self) -> Segment:
        fault = self.fault("a quote that is never closed")
        found = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL).match(self.text, self.at)
        if not found:
            raise fault
        self.at = found.end()
        if not _ESCAPES.keys() >= {*_ESCAPE.findall(found[1])}:
            return Opaque(f"${found[0]}")
        return Text(_ESCAPE.sub(lambda mark: _ESCAPES[mark[1]], found[1]), quoted=True)

    def _printed(self, written: str, *, quoted: bool) -> list[Segment]:
        """What ``$(cat <<EOF …)`` prints."""
        inner = self._inner(written[2:-1], self.line)
        match [token for token in inner.tokens() if not (isinstance(token, Operator) and token.text == "\n")]:
            case [RawWord(), Redirection(word=RawWord(segments))]:
                return [
                    one if isinstance(one, Opaque | Arithmetic | Number) else one._replace(quoted=quoted)
                    for one in segments
                ]
        return [Opaque(written)]

    def _substitution(self, written: str, *, quoted: bool) -> Segment:
        if written.startswith("$((") and written.endswith("))"):
            return Arithmetic(written, written[3:-2])
        if written.startswith("$("):
            return self._run_inside(written, quoted=quoted)
        return self._in_braces(written, quoted=quoted)

    def _run_inside(self, written: str, *, quoted: bool) -> Segment:
        """What another command prints, which only running it could tell of most."""
        if (found := _MADE_OF_WORDS.match(written)) and self.depth < _DEEPEST:
            text = written[found.start(1) : -1]
            inner = [*self._inner(text, self.line).tokens()]
            words = tuple(one for one in inner if isinstance(one, RawWord))
            if found[1] == "getopt" or len(words) == len(inner):
                return Printed(written, words, quoted)
        return printed_by(written, self.folders, quoted=quoted) or Opaque(written)

    def _in_braces(self, written: str, *, quoted: bool) -> Segment:
        if found := _REST.fullmatch(written):
            return Parameter(written, "@", f":{found[1]}", "", (), quoted)
        if found := ALTERED.fullmatch(written):
            return Alteration(written, found[1], found[2], found[3], quoted)
        if found := _NUMBER_OF.fullmatch(written):
            return Number(written, found[1])
        found = _BRACED.fullmatch(written[2:-1])
        if not found or self.depth == _DEEPEST:
            name = _FIRST_NAME.search(written)
            return Opaque(written, (name[0],) if name else ())
        inner = self._inner(found[4] or "", self.line)
        default = tuple(inner.default(quoted=quoted))
        subscript = found[2] or (found[1] if found[1] in "@*" else "")
        return Parameter(written, found[1], subscript, found[3] or "", default, quoted)


def _is_assignment(segments: list[Segment]) -> bool:
    match segments:
        case [Text(text, False)]:
            return _ASSIGNMENT.match(text) is not None
    return False
