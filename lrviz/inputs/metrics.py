"""A recorded metric, read from a column of a CSV file."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from lrviz.errors import LrvizError
from lrviz.notation.numbers import read_number


@cache  # one file may serve several schedules, and a pipe can be read only once
def read_metrics(place: str) -> tuple[float, ...]:
    """The numbers of one column of a CSV file, written ``FILE:COLUMN`` (or ``FILE``, if it has one column).

    Raises:
        LrvizError: no such file or column, or a cell that is no number.

    """
    import csv

    name, _, column = place.rpartition(":")
    path, column = (Path(name), column) if name else (Path(column), "")
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        lines = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise LrvizError(
            f"cannot read {str(path)!r}: {_reason(error)}", hint="--metrics FILE.csv:column"
        ) from None
    columns = list(reader.fieldnames or [])
    chosen = column or (columns[0] if len(columns) == 1 else "")
    if chosen not in columns:
        raise LrvizError(
            f"{str(path)!r} has no column {chosen!r}", hint=f"it has {', '.join(columns) or 'no columns'}"
        )
    return tuple(_metric(path, number, line[chosen]) for number, line in enumerate(lines, start=2))


def _metric(path: Path, number: int, cell: str) -> float:
    if cell is None:
        raise LrvizError(f"{path}: a row has no cell in this column", hint="every row needs one")
    value = math.nan if cell.strip().lower() == "nan" else read_number(cell)
    if value is None:
        raise LrvizError(
            f"{path}:{number}: {cell!r} is not a number", hint="a metric is a number; nan counts as bad"
        )
    return float(value)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"
