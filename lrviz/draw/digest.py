"""What a picture shows, in a few letters that its file carries: whether it is still today's picture.

Values count to nine digits of the largest, so that two machines whose last bits differ agree.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw.formats import BEGINS
from lrviz.view.view import BY_STEP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.draw.scene import Picture
    from lrviz.view.view import View

MARK: Final = "lrviz curves "
_FINEST = 1e9
_FOUND = re.compile(rb"lrviz curves ([0-9a-f]{16})")


def digest(picture: Picture) -> str:
    """16 letters of the curves and of every text that stands beside them."""
    words = (picture.title, picture.subtitle, picture.quantity, *picture.steps, picture.steps_per_epoch)
    seen = hashlib.sha256(
        repr((*words, picture.log, *picture.footer, *picture.others, *_said(picture.view))).encode()
    )
    for line in picture.lines:
        seen.update(repr((line.label, line.stop, line.phases, *(["points"] if line.points else []))).encode())
        seen.update(np.rint(line.x / line.ruler.place(1.0)).astype("<i8").tobytes())  # whole steps
        seen.update(_rounded(line.y))
        for other in line.others:
            seen.update(_rounded(other.y) if other else b"")
    return seen.hexdigest()[:16]


def digest_in(content: bytes, fmt: str) -> str:
    """The digest that a picture's file carries; nothing where it has none, or is of another format."""
    found = _FOUND.search(content) if content.startswith(BEGINS[fmt]) else None
    return found[1].decode() if found else ""


def _said(view: View) -> list[tuple[str, object]]:
    """What was said of how to draw, but for what is drawn without it and what a picture says itself."""
    itself = {"title": view.title, "panels": ("log",), "quantities": view.quantities}
    values = ((one.name, getattr(view, one.name)) for one in fields(view))
    usual = ((name, value, (getattr(BY_STEP, name), itself.get(name))) for name, value in values)
    return [(name, value) for name, value, known in usual if value not in known]


def _rounded(y: NDArray[np.float64]) -> bytes:
    """The values as whole numbers, the largest being 10^9; what is not finite as itself."""
    finite = np.isfinite(y)
    largest = float(np.abs(y[finite]).max(initial=0.0)) or 1.0
    whole = np.rint(np.where(finite, y, 0.0) / largest * _FINEST).astype("<i8")
    return b"".join((f"{largest:.9e}".encode(), whole.tobytes(), y[~finite].astype("<f8").tobytes()))
