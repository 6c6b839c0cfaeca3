"""webdataset: the shards that a text names, of which each worker of each process needs one.

Source: webdataset 1.0.2 ``shardlists.py``, braceexpand 0.1.7; open_clip_torch 3.3.0
``open_clip_train/data.py``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings

_GROUP = re.compile(r"\{([^{}]*)\}")
_NUMBERS = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?")


def check_shards(run: Settings, text: str, workers: int, world: int) -> None:
    """Warn of fewer shards than there are workers, where shards are shared out and not drawn: OpenCLIP stops.

    It is no refusal, as a name may stand in place of the real ones.
    """
    shards = shards_of(text)
    if shards is None or shards >= workers * world:
        return
    fitting = shards // world
    run.warn(
        "may-not-run",
        f"OpenCLIP stops, if its shards ({shards}) are fewer than {workers} workers * {world} processes",
        hint=f"--given workers={fitting}" if fitting else "--given dataset_resampled=true",
        at="train_data",
    )


def shards_of(text: str) -> int | None:
    """How many shards a text names, ``a/{000..099}.tar::b.tar``; None where that is not read."""
    return None if {*"{}$"} & {*_GROUP.sub("", text)} else _sum([_of_url(url) for url in text.split("::")])


def _of_url(url: str) -> int | None:
    found = [_alternatives(group) for group in _GROUP.findall(url)]
    known = [one for one in found if one is not None]
    return math.prod(known) if len(known) == len(found) else None


def _sum(found: list[int | None]) -> int | None:
    known = [one for one in found if one is not None]
    return sum(known) if len(known) == len(found) else None


def _alternatives(group: str) -> int | None:
    """What a group stands for: those between its commas, or from its first number to its last."""
    if "," in group:
        return group.count(",") + 1
    numbers = _NUMBERS.fullmatch(group)
    if numbers is None:
        return None if ".." in group else 1
    first, last, step = (int(one) if one else 1 for one in numbers.groups())
    return abs(last - first) // (abs(step) or 1) + 1
