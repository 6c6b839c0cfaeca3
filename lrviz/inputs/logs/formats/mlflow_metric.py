"""A metric in MLflow's file store: time, value and step in each line, the metric's name that of the file."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_ROW = re.compile(r"(\d{12,14}) (\S+) (-?\d+)(?: \w*)*")


def _claims(file: LogFile) -> bool:
    return bool(file.head) and all(map(_ROW.fullmatch, file.head[:-1] or file.head))


def _read(file: LogFile) -> Recorded:
    rows = re.findall(r"^\d{12,14} (\S+) (-?\d+)[ \w]*\n", file.text.replace("\r\n", "\n"), re.MULTILINE)
    name = PurePath(file.name).name
    columns = {name: RawColumn([step for _, step in rows], [value for value, _ in rows])}
    return Recorded(columns, rates=(name,), precision=FLOAT64)


MLFLOW_METRIC = LogFormat(
    "a metric of MLflow",
    known_by="lines of time, value and step without a heading",
    row="the loop's own: x, x-1 or x+1",
    claims=_claims,
    read=_read,
)
