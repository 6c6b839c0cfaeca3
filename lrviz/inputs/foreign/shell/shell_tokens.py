"""What the text of a shell script is made of: words, operators and redirections."""

from __future__ import annotations

from typing import NamedTuple

from lrviz.inputs.foreign.shell.segments import RawWord


class Operator(NamedTuple):
    """``;``, ``&&``, ``(`` or the end of a line."""

    text: str
    line: int


class Redirection(NamedTuple):
    """``> FILE``, or what a command is handed: behind ``<<<``, or from ``<<EOF`` to ``EOF``."""

    sign: str
    word: RawWord

    @property
    def is_input(self) -> bool:
        """Whether its word is a text that a command reads."""
        return self.sign in {"<<", "<<-", "<<<"}

    @property
    def is_output(self) -> bool:
        """Whether its word is the file that a command prints into."""
        return self.sign in {">", ">|", "1>", "&>"} or self.appends

    @property
    def appends(self) -> bool:
        """Whether what it holds stays."""
        return self.sign in {">>", "1>>", "&>>"}


Token = RawWord | Operator | Redirection
