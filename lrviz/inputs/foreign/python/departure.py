"""A place in which the training loop of a script is not that of the examples whose options it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ast


class Departure(NamedTuple):
    """A place that is not as in the examples.

    ``option`` is the one that tells its value, if one does; the script's ``own`` option has it, or it is a
    ``value`` that stands in a ``line``. ``needs`` is an option without which, or at 1, it changes
    nothing. A warmup's or total's ``formula`` computes it, a ``call`` is a scheduler's that lrviz shows
    alone, and what ``is_end`` may end the run.
    """

    text: str
    line: int
    option: str = ""
    needs: str = ""
    own: str = ""
    value: int | float | str | None = None
    formula: ast.expr | None = None
    call: str = ""
    is_end: bool = False

    @property
    def what(self) -> str:
        """Its text without its line."""
        return self.text.removesuffix(f" in line {self.line}")

    @property
    def reading(self) -> tuple[str, int | float | str | None]:
        """What has its value: an option of the script's own, or itself."""
        return self.own, self.value

    @property
    def is_read(self) -> bool:
        """Whether it can be known."""
        return self.reading != ("", None)


def at(text: str, node: ast.expr | ast.stmt, option: str = "", needs: str = "") -> Departure:
    """A place in a line."""
    return Departure(f"{text} in line {node.lineno}", node.lineno, option, needs)
