"""From the words of a command to curves with labels, and the notes that go with them."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import LrvizError, SpecError
from lrviz.notation import lr_text, read_number
from lrviz.resolve import Resolved, resolve
from lrviz.spec import parse

if TYPE_CHECKING:
    from lrviz.cli.options import RunOptions
    from lrviz.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Row:
    """One curve: one quantity of one param group of one spec."""

    label: str
    of: Resolved
    timeline: Timeline

    @property
    def steps(self) -> int:
        """Length of its run."""
        return self.of.plan.total_steps


def resolved(words: list[str], run: RunOptions) -> list[Resolved]:
    """Every spec, made definite by the options; notes go to stderr."""
    if not words:
        raise SpecError("no schedule named", hint="lrviz plot cosine --warmup 100")
    metrics = read_metrics(run.metrics) if run.metrics else None
    found = [resolve(parse(word), run.values(), examples=True, metrics=metrics) for word in words]
    if not run.quiet:
        notes(found)
    return found


def rows(found: list[Resolved], quantity: str) -> Iterator[Row]:
    """One row per spec and param group, with labels that tell them apart."""
    names = [one.label for one in found]
    for one in found:
        label = one.label if names.count(one.label) == 1 else one.long_label
        groups = one.schedule.timelines(quantity)
        lrs = one.lrs
        for i, group in enumerate(groups):
            suffix = f" [{i}] lr={lr_text(lrs[i])}" if len(groups) > 1 else ""
            yield Row(label + suffix, one, group[quantity])


def notes(found: Iterable[Resolved]) -> None:
    """Say once what was assumed and what is worth knowing."""
    said: dict[str, None] = {}
    for one in found:
        examples = [str(a).removesuffix(" (example)") for a in one.assumptions if a.origin == "example"]
        assumed = [str(a).removesuffix(" (assumed)") for a in one.assumptions if a.origin == "assumed"]
        if examples:
            said[f"note: {' '.join(examples)} (example)"] = None
        if assumed:
            said[f"note: {one.label}: {', '.join(assumed)} (assumed)"] = None
        said.update(dict.fromkeys(f"note: {one.label}: {text}" for text in one.notes))
    for line in said:
        print(line, file=sys.stderr)  # noqa: T201


def budget(one: Resolved) -> str:
    """The derivation of the run's length in one line, examples marked."""
    examples = [a.key for a in one.assumptions if a.origin == "example"]
    return one.plan.summary() + (f" (example: {', '.join(examples)})" if examples else "")


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
        raise LrvizError(f"cannot read {str(path)!r}: {_reason(error)}", hint="--metrics FILE.csv:column") from None
    columns = list(lines[0]) if lines else []
    chosen = column or (columns[0] if len(columns) == 1 else "")
    if chosen not in columns:
        raise LrvizError(f"{str(path)!r} has no column {chosen!r}", hint=f"it has {', '.join(columns) or 'no rows'}")
    return [_metric(path, number, line[chosen]) for number, line in enumerate(lines, start=2)]


def _metric(path: Path, number: int, cell: str) -> float:
    value = math.nan if cell.strip().lower() == "nan" else read_number(cell)
    if value is None:
        raise LrvizError(f"{path}:{number}: {cell!r} is not a number", hint="a metric is a number; nan counts as bad")
    return float(value)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"
