"""What the Trainer of transformers prints: a dict at each logging step, maybe among progress bars."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from lrviz.inputs.logs.formats.trainer_state import AFTER, BEFORE, ends_after
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded, with_lines
from lrviz.inputs.logs.precision import FLOAT64, Precision

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_NUMBER = r"'?(\d{1,15}(?:\.\d*)?(?:e[+-]?\d{1,2})?)'?"
_ROW = re.compile(
    rf"\{{'[^{{}}\n]*'learning_rate': ('?)([^',}}\n]+)'?[^{{}}\n]*?'epoch': {_NUMBER}[^{{}}\n]*\}}"
)
_BAR = re.compile(r"\b(\d{1,15})/(\d{1,15}) \[")
_EITHER = re.compile(rf"{_ROW.pattern}|{_BAR.pattern}")
_RUNTIME = re.compile(rf"'train_runtime': {_NUMBER}")
_SPEED = re.compile(rf"'train_steps_per_second': {_NUMBER}")
_END = re.compile(rf"\{{'train_runtime'[^{{}}\n]*'epoch': {_NUMBER}")
LATE = 1.5
"""Intervals of the logger behind which the first row of a whole run does not stand."""
_PRINTED = Precision(4)
"""Digits of every number from 5.0 on."""


def _read(file: LogFile) -> Recorded:
    rows = _ROW.findall(file.text)
    rates, epochs = [rate for _, rate, _ in rows], [epoch for _, _, epoch in rows]
    is_new = bool(rows[0][0])
    total, steps = _by_bars(file.text, len(rows))
    end = _END.search(file.text)
    total = total or (_by_speed(file.text) if end and _is_from_the_beginning(epochs) else None)
    length = total / float(end[1]) if total and end and float(end[1]) else None
    after = ends_after([(0.0, float(rate.strip("0.") != "")) for rate in rates[-2:]], is_over=end is not None)
    return Recorded(
        {"learning_rate": RawColumn(steps or epochs, rates)},
        unit="update" if steps else "epoch",
        offsets=(AFTER, BEFORE) if after and not is_new else (BEFORE, AFTER),
        precision=_PRINTED if is_new else FLOAT64,
        total=total,
        steps_per_epoch=length if length and abs(length - round(length)) < 0.01 else None,
    )


def _by_bars(text: str, count: int) -> tuple[int | None, list[int]]:
    """The length of the run, and the update of each row: a bar is drawn anew below what is written."""
    total: int | None = None
    steps: list[int] = []
    waiting = 0
    for found in _EITHER.finditer(text):
        if found[2] is not None:
            waiting += 1
            continue
        done, of = int(found[4]), int(found[5])
        total = total or of
        if of == total:
            steps += [done] * waiting
            waiting = 0
    is_known = len(steps) == count and all(one < other for one, other in pairwise(steps))
    return total, steps if is_known else []


def _is_from_the_beginning(epochs: list[str]) -> bool:
    """Whether the run began there and not at a checkpoint, of which its speed has the new updates alone."""
    first, last = float(epochs[0]), float(epochs[-1])
    return len(epochs) == 1 or first <= LATE * (last - first) / (len(epochs) - 1)


def _by_speed(text: str) -> int | None:
    """The length of a run that is over, where its time and its speed leave one whole number."""
    time, speed = _RUNTIME.search(text), _SPEED.search(text)
    if not (time and speed):
        return None
    low, high = (_beyond(time[1], way) * _beyond(speed[1], way) for way in (-1, 1))
    whole = round((low + high) / 2)
    return whole if whole - 1 < low <= whole <= high < whole + 1 else None


def _beyond(text: str, way: int) -> float:
    """A printed number less or more half of its last digit."""
    decimals = len(text.partition("e")[0].partition(".")[2])
    return float(text) + way * 0.5 * 10.0**-decimals


TRAINER_CONSOLE = LogFormat(
    "console of transformers",
    known_by="dicts with learning_rate and epoch, also among progress bars",
    row="x-1 from 4.51 on; x up to 4.50",
    claims=with_lines(_ROW),
    read=_read,
)
