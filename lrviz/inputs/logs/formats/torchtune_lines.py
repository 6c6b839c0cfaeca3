"""The lines of torchtune's loggers to disk and to the terminal: ``Step 5 | loss:0.4 lr:0.00015``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log import USED, Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded, columns_of, with_lines
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_LINE = re.compile(r"\bStep (\d+) \|((?: [^\s:]+:\S+)+)")
_PAIR = re.compile(r" ([^\s:]+):(\S+)")
OFFSETS = (Offset(0, "torchtune"), USED)


def _read(file: LogFile) -> Recorded:
    rows = [(step, dict(_PAIR.findall(pairs))) for step, pairs in _LINE.findall(file.text)]
    columns = columns_of([step for step, _ in rows], [row for _, row in rows])
    return Recorded(columns, offsets=OFFSETS, precision=FLOAT64)


TORCHTUNE_LINES = LogFormat(
    "lines of torchtune",
    known_by="`Step 5`, then `loss:0.4 lr:0.0001`",
    row="x",
    claims=with_lines(_LINE),
    read=_read,
)
