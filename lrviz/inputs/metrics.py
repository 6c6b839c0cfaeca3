"""A recorded metric, read from a column of a CSV file."""

from __future__ import annotations

import math
from functools import cache
from io import StringIO
from pathlib import Path

from lrviz.errors import LrvizError
from lrviz.inputs.files import read_file, reason
from lrviz.notation.numbers import read_number
from lrviz.notation.text import few

_WAY = "<metrics=FILE.csv:column>"


@cache  # one file may serve several schedules, and a pipe can be read only once
def read_metrics(place: str) -> tuple[float, ...]:
    """The numbers of one column of a CSV file, written ``FILE:COLUMN`` (or ``FILE``, if it has one column).

    Raises:
        LrvizError: no such file or column, or a cell that is no number.

    """
    import csv

    name, _, column = place.rpartition(":")
    path, column = (name, column) if name else (column, "")
    text = _text(path)
    if text.lstrip().startswith(("{", "[")):
        name = column or "column"
        hint = f"write {name} and below it one of its numbers in each line: <metrics=FILE.csv:{name}>"
        raise LrvizError(f"{path!r} is JSON, and metrics are read from a column of a CSV file", hint=hint)
    rows = csv.DictReader(StringIO(text, newline=""))
    try:
        chosen = _column(path, list(rows.fieldnames or ()), column)
        return tuple(_metric(f"{path}:{rows.line_num}", row[chosen]) for row in rows)
    except csv.Error as error:
        raise LrvizError(f"{path}:{rows.line_num}: {error}", hint=_WAY) from None


def _text(path: str) -> str:
    try:
        return read_file(Path(path)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LrvizError(f"cannot read {path!r}: it is not UTF-8 text", hint="save it as UTF-8") from None
    except OSError as error:
        raise LrvizError(f"cannot read {path!r}: {reason(error)}", hint=_WAY) from None


def _column(path: str, columns: list[str], wanted: str) -> str:
    """The column asked for, or the only one there is."""
    chosen = wanted or (columns[0] if len(columns) == 1 else "")
    if chosen not in columns:
        raise LrvizError(f"{path!r} has no column {chosen!r}", hint=f"it has {few(columns) or 'no columns'}")
    if columns.count(chosen) > 1:
        raise LrvizError(
            f"{path!r} has {columns.count(chosen)} columns {chosen!r}", hint="rename one of them"
        )
    return chosen


def _metric(place: str, cell: str | None) -> float:
    if cell is None:
        raise LrvizError(f"{place}: this row has no cell in this column", hint="every row needs one")
    value = math.nan if cell.strip().lower() == "nan" else read_number(cell)
    if value is None:
        raise LrvizError(f"{place}: {cell!r} is not a number", hint="a metric is a number; nan counts as bad")
    return float(value)
