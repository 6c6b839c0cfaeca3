"""Any table with a column of steps or epochs and one of learning rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.curve_file import is_value_table
from lrviz.inputs.logs.delimited import column_names, table_of
from lrviz.inputs.logs.formats.trainer_state import offsets_of
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile


def _claims(file: LogFile) -> bool:
    names = column_names(file)
    is_asked_for = bool(file.column) and not is_value_table(file.raw)
    return any(map(is_rate, names)) or bool(names and is_asked_for)


def _read(file: LogFile) -> Recorded:
    return table_of(file, offsets=offsets_of(column_names(file)))


CSV_TABLE = LogFormat(
    "a table",
    known_by="a column of steps or epochs, and one called like an LR",
    row="the loop's own: x, x-1 or x+1",
    claims=_claims,
    read=_read,
    is_base=True,
)
