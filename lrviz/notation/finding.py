"""Something worth saying about a run, made where the fact is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from lrviz.notation.origin import Place

Level = Literal["note", "warning", "error"]


class Finding(NamedTuple):
    """``id`` is stable (``warmup-longer-than-run``), ``text`` one line, ``hint`` a way out.

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
