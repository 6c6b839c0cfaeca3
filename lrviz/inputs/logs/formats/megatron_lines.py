"""The lines that Megatron-LM and what is built on it print for each interval of iterations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log import USED, Offset
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_LINE = re.compile(r"\biteration\s+(\d+)/\s*(\d+)\s*\|[^\n]*?\blearning rate: *([^ |\n]+) *\|")
OFFSETS = (Offset(0, "Megatron, which counts iterations that are done and names the LR of the next,"), USED)


def _claims(file: LogFile) -> bool:
    return _LINE.search(file.opening) is not None


def _read(file: LogFile) -> Recorded:
    rows = _LINE.findall(file.text)
    steps, rates = [step for step, _, _ in rows], [rate for _, _, rate in rows]
    total = int(rows[-1][1])
    return Recorded({"learning rate": RawColumn(steps, rates)}, offsets=OFFSETS, total=total or None)


MEGATRON_LINES = LogFormat("lines of Megatron", _claims, _read)
