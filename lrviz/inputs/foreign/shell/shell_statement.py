"""A simple command as it stands in a shell script, and the blocks around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_tokens import Redirection


@dataclass(eq=False)
class Block:
    """An ``if``, a ``case``, a loop, a group or a function, by the word that opens it.

    ``function`` is the name of the function whose body it is. A ``case`` has its ``subject`` and the patterns
    of each branch; ``is_odd`` where they run into each other, ``is_piped`` where it runs beside others.
    """

    opener: str
    function: str = ""
    subject: RawWord | None = None
    patterns: list[list[RawWord]] = field(default_factory=list)
    branch: int = 0
    in_head: bool = False
    is_odd: bool = False
    is_piped: bool = False


class Inside(NamedTuple):
    """A place in a block: which of its branches, and whether in the condition of that."""

    block: Block
    branch: int
    in_head: bool


class Statement(NamedTuple):
    """A simple command in its blocks, the outermost first.

    The ``prefix`` are variables that are set for it alone, where there is more of it.
    ``before`` is the operator that makes it depend on the command before, ``&&`` or ``||``, and ``?`` where
    that is a whole block; ``is_piped`` where it runs beside others.
    """

    words: tuple[RawWord, ...]
    path: tuple[Inside, ...]
    number: int
    before: str
    is_negated: bool
    is_piped: bool
    prefix: tuple[RawWord, ...] = ()
    redirections: tuple[Redirection, ...] = ()

    @property
    def line(self) -> int:
        """The number of the line that it begins in."""
        return self.all_words[0].line

    @property
    def all_words(self) -> tuple[RawWord, ...]:
        """Its own, what stands in front of them, and what is redirected."""
        return (*self.prefix, *self.words, *(one.word for one in self.redirections))

    @property
    def stdin(self) -> RawWord | None:
        """The text that it is handed, by ``<<EOF`` or ``<<<``."""
        return next((one.word for one in reversed(self.redirections) if one.is_input), None)

    @property
    def source(self) -> RawWord | None:
        """The file that it is handed, by ``< FILE``."""
        return next((one.word for one in reversed(self.redirections) if one.sign in {"<", "0<"}), None)

    @property
    def output(self) -> Redirection | None:
        """What says which file it prints into."""
        return next((one for one in reversed(self.redirections) if one.is_output), None)

    @property
    def functions(self) -> set[str]:
        """The names of the functions in whose bodies it stands."""
        return {one.block.function for one in self.path} - {""}

    @property
    def in_function(self) -> bool:
        """Whether it is run when its function is called."""
        return bool(self.functions)
