"""What TensorBoard downloads of one tag: CSV, or JSON with a list for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.logs.delimited import column_names, table_of
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_HEADER = ("wall time", "step", "value")
_WIDTH = len(_HEADER)


def _claims(file: LogFile) -> bool:
    if isinstance(file.data, list):
        return bool(file.data) and all(isinstance(row, list) and len(row) == _WIDTH for row in file.data[:50])
    return tuple(name.lower() for name in column_names(file)) == _HEADER


def _read(file: LogFile) -> Recorded:
    names = column_names(file)
    if names:
        return table_of(file, rates=names[-1:])
    rows: Any = file.data
    raw = RawColumn([row[1] for row in rows], [row[2] for row in rows])
    return Recorded({"Value": raw}, rates=("Value",))


TENSORBOARD_DOWNLOAD = LogFormat(
    "a download of TensorBoard",
    known_by="Wall time, Step, Value; or JSON with lists of three",
    row="the loop's own: x, x-1 or x+1",
    claims=_claims,
    read=_read,
)
