"""What a curve may be: one module for each shape, found by walking.

``guesses(seen, total)`` of each yields schedules that may have made what is seen, the simplest first: the
first that has every row is taken, and the later ones, which are more general, are left. ``total`` is the
length of the run where it is known.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.modules import modules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.identification.guess import Guess
    from lrviz.identification.seen import Seen


class Shape(NamedTuple):
    """A module of this folder; one that ``is_general`` is asked where no other has an answer."""

    guesses: Callable[[Seen, int | None], Iterator[Guess]]
    is_general: bool


@cache
def shapes() -> tuple[Shape, ...]:
    """All of them, the general ones last."""
    modules = modules_of(sys.modules[__name__])
    found = [Shape(module.guesses, getattr(module, "IS_GENERAL", False)) for module in modules]
    return tuple(sorted(found, key=lambda shape: shape.is_general))
