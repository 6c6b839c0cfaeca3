"""Something worth saying about a run, made where the fact is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Container

    from lrviz.errors import Style
    from lrviz.notation.origin import Place

Level = Literal["note", "warning", "error"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""The least first."""


class Finding(NamedTuple):
    """``id`` is stable (``warmup-longer-than-run``), ``text`` one line, ``hint`` a way out as in a refusal.

    ``label`` is that of the curve it is about, ``place`` where a file asks for it; ``details`` are further
    lines for people.
    """

    id: str
    level: Level
    text: str
    hint: str = ""
    label: str = ""
    place: Place | None = None
    details: tuple[str, ...] = ()

    def write_hint(self, style: Style, *, but: Container[str] = ()) -> Finding:
        """With the keys in its hint as one edge has them, but those that came by another."""
        return self._replace(hint=style.render(self.hint, but=but))
