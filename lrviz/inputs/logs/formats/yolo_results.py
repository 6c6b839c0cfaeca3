"""``results.csv`` of Ultralytics, and of YOLOv5: one row for each epoch, one column for each param group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.delimited import column_names, table_of
from lrviz.inputs.logs.log import Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.precision import Precision

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_GROUP = re.compile(r"lr/pg\d+")
_OLD_GROUP = re.compile(r"x/lr\d+")
LAST = Offset(-1, "Ultralytics")
FIRST = Offset(0, "YOLOv5")
_NEW, _OLD = Precision(6), Precision(5)
"""%.6g, and before 8.3 %23.5g with names as wide."""


def _claims(file: LogFile) -> bool:
    names = column_names(file)
    return "epoch" in names and any(_GROUP.fullmatch(name) or _OLD_GROUP.fullmatch(name) for name in names)


def _read(file: LogFile) -> Recorded:
    is_padded = file.head[0].startswith("  ")
    offsets = (LAST, FIRST) if any(map(_GROUP.fullmatch, column_names(file))) else (FIRST, LAST)
    return table_of(file, offsets=offsets, precision=_OLD if is_padded else _NEW)


YOLO_RESULTS = LogFormat(
    "results.csv of Ultralytics",
    known_by="columns `lr/pg0` or `x/lr0`",
    row="epoch x-1; epoch x of YOLOv5",
    claims=_claims,
    read=_read,
)
