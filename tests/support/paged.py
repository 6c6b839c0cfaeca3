"""What is read off a page in a browser."""

from __future__ import annotations

import re

PHONE = {"width": 400, "height": 800, "phone": True}


def texts(tab, kind):
    """Those that are seen."""
    seen = "one => getComputedStyle(one).display !== 'none'"
    return tab.run(
        f"[...document.querySelectorAll('text.{kind}')].filter({seen}).map(one => one.textContent)"
    )


def said(tab):
    """All that is written at the axes."""
    caption = tab.run("document.querySelector('figcaption').textContent")
    return [*(texts(tab, kind) for kind in ("value", "step", "phase")), caption]


def points(path):
    """The corners of a path of M, L and H."""
    at = [0.0, 0.0]
    for command, numbers in re.findall(r"([MLH])([^MLHh]*)", path):
        at = [float(numbers), at[1]] if command == "H" else [*map(float, numbers.split())]
        yield tuple(at)


def corners(path):
    """The heights of all corners of a band."""
    return [float(y) for y in re.findall(r"[V ](-?[\d.]+)", path)]
