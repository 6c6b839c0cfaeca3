"""The lines that Megatron-LM and what is built on it print for each interval of iterations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log import USED, Offset
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded, with_lines

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_LINE = re.compile(r"\biteration\s+(\d+)/\s*(\d+)\s*\|[^\n]*?\blearning rate: *([^ |\n]+) *\|")
_STEP = re.compile(r"iteration\s+(\d+)/")
_RATE = re.compile(r"learning rate: *([^ |\n]+) *\|")
OFFSETS = (Offset(0, "Megatron"), USED)


def _read(file: LogFile) -> Recorded:
    steps, rates = _STEP.findall(file.text), _RATE.findall(file.text)  # faster than both in one pattern
    if len(steps) != len(rates):
        rows = _LINE.findall(file.text)
        steps, rates = [step for step, _, _ in rows], [rate for _, _, rate in rows]
    total = int(_LINE.findall(file.opening)[-1][1])
    return Recorded({"learning rate": RawColumn(steps, rates)}, offsets=OFFSETS, total=total or None)


MEGATRON_LINES = LogFormat(
    "lines of Megatron",
    known_by="`iteration 5/ 100`, then `learning rate: 3.0E-04`",
    row="x",
    claims=with_lines(_LINE),
    read=_read,
)
