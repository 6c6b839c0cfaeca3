"""The values of a run, each with where it comes from, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.draw.table import plain_table
from lrviz.notation.rendering import render_value
from lrviz.notation.text import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.notation.origin import Given

LONGEST = 60
"""Characters of a value; JSON has all of it."""


def origins_table(origins: Mapping[str, Given]) -> list[str]:
    """One line for each value."""
    rows = [(key, cut(render_value(value), LONGEST), str(origin)) for key, (value, origin) in origins.items()]
    return plain_table(("key", "value", "from"), rows, ("left", "left", "left"), width=None)
