"""What the script of a page reads: the exact values of every curve, as JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.page.plotted import axes_of, usual_width
from lrviz.view.place import AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lrviz.draw.scene import Picture
    from lrviz.page.dense import Band
    from lrviz.page.plotted import Plotted
    from lrviz.view.place import Ruler

TICKS = "each less the one before"
VALUES = "base64 of little-endian float64"
"""Exact, in a bit more than half of the letters that digits take, and the same bytes everywhere."""
_MARKUP = {ord(char): f"\\u{ord(char):04x}" for char in "<>&"}


def data_text(curves: Sequence[Plotted], whole: Picture, asked: Picture) -> str:
    """JSON in ASCII, without a letter that HTML takes for markup: all of the runs, and what is seen first."""
    ticks: dict[bytes, list[int]] = {}
    axes = axes_of(curves)
    drawn = [_curve(one, axes, ticks) for one in curves]
    document = {
        "quantities": [whole.quantity, *whole.others],
        "whole": whole.steps,
        "axes": {unit: AXES[unit].title for unit in axes},
        "x": asked.view.x or "step",
        "view": asked.steps if asked.view.start or asked.view.stop else None,
        "log": asked.log,
        "stairs": whole.stairs,
        "width": usual_width(whole),
        "phases": whole.phases,
        "joints": whole.joints,
        # Of several curves the table has them.
        "marks": [(name, step) for name, (step, _) in curves[0].line.marks] if len(curves) == 1 else [],
        "curves": drawn,
        "encoding": {"ticks": TICKS, "values": VALUES},
        "ticks": list(ticks.values()),
    }
    return json.dumps(document, separators=(",", ":")).translate(_MARKUP)


def _curve(one: Plotted, axes: Sequence[str], ticks: dict[bytes, list[int]]) -> dict[str, Any]:
    """Curves of the same ticks share them: ``ticks`` says whose they are."""
    key = one.embedded.ticks.tobytes()
    ticks.setdefault(key, np.diff(one.embedded.ticks, prepend=0).tolist())
    tracks = one.embedded.tracks
    return {
        "label": one.line.label,
        "steps": one.row.steps,
        "rulers": {unit: _ruler(one.rulers[unit]) for unit in axes},
        "look": [one.hue, one.dash, round(one.opacity, 2)],
        "points": one.line.points,
        "ticks": list(ticks).index(key),
        "jumps": [track.jumps.tolist() if track else [] for track in tracks],
        "bands": [_bands(track.bands) if track else [] for track in tracks],
        "values": [_encoded(track.values) if track else "" for track in tracks],
    }


def _bands(bands: Sequence[Band]) -> list[dict[str, Any]]:
    """Those of a curve that swings often in any of its stretches."""
    swings = any(one.starts.size or one.cycle for one in bands)
    return [{**one._asdict(), "starts": one.starts.tolist()} for one in bands if swings]


def _ruler(ruler: Ruler) -> list[float]:
    """Places in so many steps, and what the last of so many steps lacks of them."""
    each = ruler.per_step
    partial = [float(ruler.epoch), float(ruler.lacking)] if ruler.lacking else []
    return [each.numerator, each.denominator, *partial]


def _encoded(values: NDArray[np.float64]) -> str:
    return b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode()
