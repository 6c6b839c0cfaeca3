"""The values of a run, each with where it comes from, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.draw.table import words_table
from lrviz.notation.rendering import render_value
from lrviz.notation.text import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.origin import Given

LONGEST = 60
"""Characters of a value; JSON has all of it."""


def origins_table(origins: Mapping[str, Given], width: int | None = None) -> list[str]:
    """One line for each value, if that has room."""
    rows = [(key, cut(_text(value), LONGEST), str(origin)) for key, (value, origin) in origins.items()]
    return words_table(("key", "value", "from"), rows, width)


def _text(value: Any) -> str:
    """A value as a spec has it; a table and a list of a trainer's file as Python has them."""
    return str(value) if isinstance(value, (dict, list)) else render_value(value)
