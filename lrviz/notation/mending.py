"""What a text that cannot be read was meant to be: typed on another keyboard, or with a unit in full."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 100
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("'\"\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u00a0\u202f\u2009 ", "")
)
"""Hyphens, dashes and the minus sign; quotes and spaces."""
_POWER = r"(?:([\d.]+)[*\u00b7\u00d7x])?10(?:\^|\*\*)([-+]?\d+)"
_UNITS = {"%": "percent|pct", "ep": "-?epochs?|e", "st": "-?(?:steps?|iters?|iterations?|updates?)"}


def mended(text: str) -> Iterator[str]:
    """The text as lrviz would have it typed, and a percent as a number too; none of one nobody types."""
    if len(text) > LONGEST:
        return
    plain = text.translate(_TYPOGRAPHY).lower()
    plain = re.sub(_POWER, lambda found: f"{found[1] or 1}e{found[2]}", plain)
    for unit, names in _UNITS.items():
        plain = re.sub(rf"(?<=[\dkm.])(?:{names})$", unit, plain)
    yield plain
    if re.fullmatch(r"\d{1,2}%", plain):
        yield f"0.{plain[:-1]:0>2}"


def ascii_dashes(text: str) -> str:
    """An option whose hyphens an editor has made dashes: ``\u2014lr`` is ``--lr``."""
    plain = text.translate(_TYPOGRAPHY)
    return f"--{plain.lstrip('-')}" if plain.startswith("-") and plain != text else text
