"""A snippet: its parts, the text that is handed out, and the program that proves it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lrviz.snippets.number_tables import Tables
from lrviz.snippets.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.snippets.dialect import Dialect

UPDATE = "# Forward and backward passes of one update."
"""The line of a loop in place of which a proof prints what the update uses."""


@dataclass
class Definitions:
    """Functions of a snippet, one or several, and the tables that they share."""

    dialect: Dialect
    tables: Tables = field(default_factory=Tables)
    blocks: list[list[str]] = field(default_factory=list)

    def define(
        self, header: Sequence[str], formula: Any, *, variable: str, begins: str = "", indent: int = 1
    ) -> None:
        """Add a function that returns a formula; ``header`` are its lines up to the body.

        Raises:
            UntraceableError: the dialect cannot say it.

        """
        taken = {variable, self.dialect.module, "math", "lr"}
        body = Writer(self.dialect, variable, self.tables, taken, indent).body(formula)
        first = [f"{'    ' * indent}{begins}"] if begins else []
        self.blocks.append([*header, *first, *body])


@dataclass(frozen=True)
class Snippet:
    """A snippet in parts.

    ``library`` has to be there to run it. ``setup`` are the lines that make the optimizer, ``loop`` those
    that use it. ``printed`` is what a proof puts in place of the update in the loop or, without one, behind
    the setup: it prints a line for each step, with a number for each param group; STEPS are those asked for,
    of which there may be ``most``. ``alone`` prints the same by the functions, without the library.
    ``is_single``: it computes in float32; ``by_constructor``: the schedule's own one makes it.
    """

    library: str
    imports: Sequence[str]
    setup: Sequence[str]
    printed: str
    definitions: Definitions | None = None
    loop: Sequence[str] = ()
    is_single: bool = False
    by_constructor: bool = False
    proof_imports: Sequence[str] = ()
    alone: str = ""
    most: int = 1 << 16

    @property
    def is_stepped(self) -> bool:
        """Whether only the steps before tell what one uses."""
        return any(UPDATE in line for line in self.loop)

    def text(self, heading: Sequence[str]) -> str:
        """The whole of it, below comments."""
        return "\n".join([*(f"# {line}" for line in heading), *self._lines(self.imports, self.loop)]) + "\n"

    def proof(self, steps: Sequence[int]) -> str:
        """A program that prints what the snippet uses at these steps."""
        stepped = [line.replace(UPDATE, self.printed) for line in self.loop]
        end = stepped if self.is_stepped else [self.printed]
        lines = self._lines([*self.imports, *self.proof_imports], end)
        return "\n".join(lines).replace("STEPS", repr(list(steps))) + "\n"

    def without_library(self) -> Snippet:
        """The functions alone, to be run in Python."""
        return replace(self, library="", imports=(), setup=(), loop=(), printed=self.alone, proof_imports=())

    def _lines(self, imports: Iterable[str], loop: Sequence[str]) -> list[str]:
        found = self.definitions
        tables, blocks = (found.tables.lines, found.blocks) if found else ([], [])
        body = [*self.setup, *([""] if self.setup and loop else []), *loop]
        used = "\n".join([*tables, *(line for block in blocks for line in block), *body])
        lines = _import_lines(imports, used)
        lines += ["", *tables] if tables else []
        for block in blocks:
            lines += ["", "", *block]
        return [*lines, *(["", ""] if blocks else [""]), *body] if body else lines


def _import_lines(imports: Iterable[str], used: str) -> list[str]:
    """The imports, and before them those of the standard library that the text needs."""
    names = [name for name in ("bisect_left", "bisect_right") if f"{name}(" in used]
    own = ["import math"] if re.search(r"\bmath\.", used) else []
    own += [f"from bisect import {', '.join(names)}"] if names else []
    others = sorted(dict.fromkeys(imports), key=lambda line: (line.startswith("from"), line))
    return [*own, *([""] if own and others else []), *others]
