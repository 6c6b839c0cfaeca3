"""The lines that DeepSpeed's engine prints every ``steps_per_print`` updates: an LR for each param group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log import USED, Offset
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded, with_lines
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_LINE = re.compile(r"\bstep=(\d+), skipped=(\d+), lr=\[([^\]\n]*)\]")
_WRAPPED = re.compile(r"np\.float\d+\(([^)]*)\)")
OFFSETS = (Offset(0, "DeepSpeed"), USED)


def _read(file: LogFile) -> Recorded:
    rows = _LINE.findall(_WRAPPED.sub(r"\1", file.text))
    groups = max(text.count(",") for _, _, text in rows) + 1
    cells = [[one.strip() for one in text.split(",")] for _, _, text in rows]
    steps = [step for step, _, _ in rows]
    names = ["lr"] if groups == 1 else [f"lr[{group}]" for group in range(groups)]
    columns = {
        name: RawColumn(steps, [row[group] if group < len(row) else None for row in cells])
        for group, name in enumerate(names)
    }
    columns["skipped"] = RawColumn(steps, [skipped for _, skipped, _ in rows])
    return Recorded(columns, rates=tuple(names), offsets=OFFSETS, precision=FLOAT64)


DEEPSPEED_LINES = LogFormat(
    "lines of DeepSpeed",
    known_by="`step=5, skipped=0, lr=[…]`",
    row="x",
    claims=with_lines(_LINE),
    read=_read,
)
