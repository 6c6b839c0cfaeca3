"""Which columns of a log are learning rates, and which one says where a row stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.logs.log import Unit

_RATE = re.compile(r"(?<![a-z])(?:lrs?|learning[ _-]?rates?)(?![a-z])", re.IGNORECASE)
_NO_RATE = re.compile(
    r"__(?:min|max)$|(?<![a-z])(?:val|scheduler|sched|mult|multiplier|ratio|scale|loss|decay|momentum|betas?)(?![a-z])",
    re.IGNORECASE,
)
_PLACES: tuple[tuple[Unit, tuple[str, ...]], ...] = (
    (
        "update",
        (
            *("global_step", "trainer/global_step", "train/global_step", "step", "steps", "_step"),
            *("update", "updates", "num_updates", "iteration", "iterations", "iter", "iter_num", "batch"),
            *("global step", "training_step", "train_step", "step_num", "it", "t"),
        ),
    ),
    ("epoch", ("epoch", "train/epoch", "epochs", "trainer/epoch")),
)
"""What the column of places is called, the surest first."""


def is_rate(name: str) -> bool:
    """Whether a column of that name is a learning rate: ``lr-Adam/pg1``, ``train/learning_rate``, ``LR``."""
    return bool(_RATE.search(name.strip())) and not _NO_RATE.search(name.strip())


def place_column(names: Iterable[str]) -> tuple[str, Unit] | None:
    """The column that says where a row stands, and what it counts."""
    there = {name.strip().lower(): name for name in reversed([*names])}
    for unit, known in _PLACES:
        for name in known:
            if name in there:
                return there[name], unit
    return None
