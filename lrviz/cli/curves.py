"""From the words of a command to definite schedules, and the notes that go with them."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import LrvizError, SpecError
from lrviz.notation import read_number
from lrviz.resolve import Resolved, resolve
from lrviz.spec import parse

if TYPE_CHECKING:
    from lrviz.cli.options import RunOptions
    from lrviz.rows import Row


def resolved(words: list[str], run: RunOptions) -> list[Resolved]:
    """Every spec, made definite by the options; notes go to stderr."""
    if not words:
        raise SpecError("no schedule named", hint="lrviz plot cosine --warmup 100")
    metrics = read_metrics(run.metrics) if run.metrics else None
    found = [resolve(parse(word), run.values(), examples=True, metrics=metrics) for word in words]
    if not run.quiet:
        notes(found)
    for one in found:
        for text in one.warnings:
            print(f"warning: {one.label}: {text}", file=sys.stderr)
    return found


def notes(found: Iterable[Resolved]) -> None:
    """Say once what was assumed and what is worth knowing, with the labels it is true of."""
    said: dict[str, list[str]] = {}
    for one in found:
        for origin in ("example", "assumed"):
            texts = [f"{a.key}={a.value}" for a in one.assumptions if a.origin == origin]
            if texts:
                said.setdefault(f"{', '.join(texts)} ({origin})", []).append(one.label)
        for text in one.notes:
            said.setdefault(text, []).append(one.label)
    for text, labels in said.items():
        about = "" if "(example)" in text else f"{', '.join(dict.fromkeys(labels))}: "
        print(f"note: {about}{text}", file=sys.stderr)


def warn(chosen: Iterable[Row]) -> None:
    """Say where the framework stops inside the run, and where extremes are no better than samples."""
    for row in chosen:
        if row.facts.stop:
            print(
                f"warning: {row.label} stops at step {row.facts.stop[0]}: {row.facts.stop[1]}",
                file=sys.stderr,
            )
        if row.facts.sampled:
            print(
                f"warning: {row.label}: {row.facts.sampled} of 1024 columns are sampled, not exact",
                file=sys.stderr,
            )


def read_metrics(place: str) -> list[float]:
    """The numbers of one column of a CSV file, written ``FILE:COLUMN`` (or ``FILE``, if it has one column).

    Raises:
        LrvizError: no such file or column, or a cell that is no number.

    """
    name, _, column = place.rpartition(":")
    path, column = (Path(name), column) if name else (Path(column), "")
    try:
        lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise LrvizError(
            f"cannot read {str(path)!r}: {_reason(error)}", hint="--metrics FILE.csv:column"
        ) from None
    columns = list(lines[0]) if lines else []
    chosen = column or (columns[0] if len(columns) == 1 else "")
    if chosen not in columns:
        raise LrvizError(
            f"{str(path)!r} has no column {chosen!r}", hint=f"it has {', '.join(columns) or 'no rows'}"
        )
    return [_metric(path, number, line[chosen]) for number, line in enumerate(lines, start=2)]


def _metric(path: Path, number: int, cell: str) -> float:
    value = math.nan if cell.strip().lower() == "nan" else read_number(cell)
    if value is None:
        raise LrvizError(
            f"{path}:{number}: {cell!r} is not a number", hint="a metric is a number; nan counts as bad"
        )
    return float(value)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"
