"""The known word that a wrong one was meant to be."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The known word most like it, or nothing."""
    return next(iter(alike(word, known, most=1, cutoff=cutoff)), "")


def alike(word: str, known: Iterable[str], *, most: int, cutoff: float) -> list[str]:
    """The known words most like it, the nearest first."""
    return difflib.get_close_matches(word, list(known), n=most, cutoff=cutoff)
