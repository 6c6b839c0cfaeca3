"""The known word that a wrong one was meant to be."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 200
"""Characters of a word that may be a slip: comparing takes as long as it is long."""
SLIP = 0.85
"""How like a known key one must be that is a slip of it, where it may as well be somebody's own."""


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The known word most like it, or nothing."""
    return next(iter(alike(word, known, most=1, cutoff=cutoff)), "")


def near_hint(word: str, known: Iterable[str], otherwise: str, *, cutoff: float = 0.6) -> str:
    """The hint that names the known word most like it, or what helps where none is."""
    near = nearest(word, known, cutoff=cutoff)
    return f"did you mean {near}?" if near else otherwise


def meant_text(word: str, near: str) -> str:
    """What is said of the known word that one is like: how it is written, where that is all that differs."""
    if near in ("", word):
        return ""
    is_same = _letters(near) == _letters(word)
    return f": it is written {near}" if is_same else f": did you mean {near}?"


def _letters(word: str) -> str:
    return "".join(filter(str.isalnum, word)).lower()


def alike(word: str, known: Iterable[str], *, most: int, cutoff: float) -> list[str]:
    """The known words most like it, the nearest first; a text of a page is like none of them."""
    if len(word) > LONGEST:
        return []
    return difflib.get_close_matches(word, list(known), n=most, cutoff=cutoff)
