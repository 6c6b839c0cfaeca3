"""Lists as Slurm has them: the nodes of ``n[1-3],m7``, and the task of an array that is a single one.

Source: ``hostlist.c`` of Slurm 24.05, ``opt.c`` of its sbatch, and the manual page of that.
"""

from __future__ import annotations

import re

_NODE = re.compile(r"([\w.-]+)(?:\[([\d,-]+)\])?(?:,|$)")
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_SINGLE = re.compile(r"(\d{1,9})(?:-\1(?::\d+)?)?(?:%\d+)?")
_MOST = 10_000


def nodes_in(text: str) -> int | None:
    """How many nodes a list names, each counted once; None where nobody knows, ``./hosts``."""
    found: set[str] = set()
    at = 0
    while at < len(text):
        one = _NODE.match(text, at)
        numbers = _numbers(one[2]) if one and one[2] else [""]
        if one is None or numbers is None or len(found) > _MOST:
            return None
        found |= {f"{one[1]}{number}" for number in numbers}
        at = one.end()
    return len(found) or None


def single_task(text: str) -> str:
    """The number of an array's only task, ``--array=3`` or ``3-3%1``; empty where it has several."""
    found = _SINGLE.fullmatch(text)
    return str(int(found[1])) if found else ""


def _numbers(text: str) -> list[str] | None:
    """Those of ``1-3,07``, as long as they are written."""
    found = [_RANGE.fullmatch(one) for one in text.split(",")]
    ranges = [(one[1], one[2] or one[1]) for one in found if one]
    if len(ranges) < len(found) or any(int(last) - int(first) > _MOST for first, last in ranges):
        return None
    return [
        str(number).zfill(len(first)) for first, last in ranges for number in range(int(first), int(last) + 1)
    ]
