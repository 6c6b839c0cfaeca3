"""The script of a page: it lays out again what is in view, by the rules of the pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lrviz.draw import thinning, ticks
from lrviz.page import static_chart
from lrviz.page.squeezed import source, squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES: Final = ("numbers.js", "axes.js", "state.js", "plot.js", "controls.js")
"""In the order in which they need each other."""
RULES: Final[Mapping[str, object]] = {
    **{
        name: getattr(ticks, name)
        for name in ("MOST_TICKS", "MOST_DECADES", "ROUND", "FEWEST", "BROKEN", "GAP")
    },
    **{
        name: getattr(static_chart, name)
        for name in (
            "ACROSS",
            "UP",
            "HEADROOM",
            "MARGIN",
            "LETTER",
            "ALOUD",
            "LACK",
            "SPARSE",
            "EDGE",
            "BAND_OF",
        )
    },
    **{name: getattr(thinning, name) for name in ("BAND", "LINES_APART", "THINNEST")},
}
"""The numbers that it shares with what is written in Python."""


def script() -> str:
    """All of it, begun with these."""
    rules = ",".join(f"{name}={json.dumps(value)}" for name, value in RULES.items())
    return squeezed(f'"use strict";\nconst {rules};\n' + "".join(map(source, FILES)), "js")
