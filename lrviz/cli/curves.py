"""From the words of a command to definite schedules, and the notes that go with them."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lrviz.errors import ConfigError, LrvizError, SpecError
from lrviz.files import is_config
from lrviz.notation import lr_text, read_number
from lrviz.resolve import resolve
from lrviz.resolved import Resolved
from lrviz.spec import Spec, Value, parse
from lrviz.timeline import Rough

if TYPE_CHECKING:
    from lrviz.cli.options import RunOptions
    from lrviz.config import Job, JobEntry
    from lrviz.rows import Row


Wanted: TypeAlias = "Job | Spec"


LONG_WALK = 20_000_000
"""Steps above which a walk is announced."""


def read_words(words: list[str]) -> list[Wanted]:
    """What each word asks for: a config (``-`` is stdin), or a spec."""
    if not words:
        raise SpecError("no schedule named", hint="lrviz plot cosine --warmup 100")
    return [_read(word) for word in words]


def _read(word: str) -> Wanted:
    if word != "-" and not is_config(word):
        return parse(word)
    from lrviz.config import load, loads

    if word == "-":
        return loads(sys.stdin.buffer.read(), "stdin")
    return load(word)


def resolved(words: list[str], run: RunOptions) -> list[Resolved]:
    """Every word, made definite by the options; notes go to stderr."""
    return definite(read_words(words), run)


def definite(wanted: Iterable[Wanted], run: RunOptions) -> list[Resolved]:
    """All that is wanted, made definite by the options; notes go to stderr."""
    flags = run.values()
    found = [one for item in wanted for one in each_of(item, flags)]
    if not run.quiet:
        notes(found)
    for one in found:
        _warn_of_walks(one)
        for text in one.warnings:
            print(f"warning: {one.label}: {text}", file=sys.stderr)
    return found


def _warn_of_walks(one: Resolved) -> None:
    """A schedule that must be walked step by step takes its time, and says so before."""
    steps = one.plan.total_steps
    walked = any(
        isinstance(phase.shape, Rough) and phase.shape.walk
        for group in one.schedule.groups
        for phase in group["lr"].phases
    )
    if walked and steps > LONG_WALK:
        text = f"each value needs the one before: {steps} steps take about {steps / 2e6:.0f} s"
        print(f"warning: {one.label}: {text}", file=sys.stderr)


def each_of(item: Wanted, flags: Mapping[str, Value]) -> list[Resolved]:
    """A spec may assume what is missing, a config never does."""
    if isinstance(item, Spec):
        return [_with_metrics(item, flags, examples=True)]
    found = []
    for entry in item.entries:
        with naming(entry):
            found.append(_with_metrics(*entry.under(flags), examples=False))
    return found


@contextmanager
def naming(entry: JobEntry) -> Iterator[None]:
    """Say in a refusal which schedule of which config it is about."""
    try:
        yield
    except LrvizError as error:
        raise ConfigError(f"{entry.place}: {error.message}", hint=error.hint) from error


def _with_metrics(spec: Spec, values: Mapping[str, Value], *, examples: bool) -> Resolved:
    place = spec.get("metrics", values.get("metrics"))
    metrics = None if place is None else read_metrics(str(place))
    return resolve(spec, values, examples=examples, metrics=metrics)


def notes(found: Sequence[Resolved]) -> None:
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
    for one in found:
        if one.groups:
            print(f"note: {one.label}: {len(one.groups)} param groups", file=sys.stderr)
            print(*_group_table(one), sep="\n", file=sys.stderr)


def _group_table(one: Resolved) -> list[str]:
    """The LR of every named group, and the scale it comes from."""
    from lrviz.draw.table import plain_table

    scales = ["" if group.scale is None else lr_text(group.scale) for group in one.groups]
    cells = [
        (group.label, scale, lr_text(lr))
        for group, scale, lr in zip(one.groups, scales, one.lrs, strict=True)
    ]
    return plain_table(
        ("  group", "scale", "lr"),
        [(f"  {name}", *rest) for name, *rest in cells],
        ["left", "right", "right"],
        width=None,
    )


def warn(chosen: Iterable[Row], *, quiet: bool) -> None:
    """Say where the framework stops inside the run, and where extremes are no better than samples."""
    from lrviz.curve import LOOKED_AT

    for row in chosen:
        if not quiet and _is_flat(row):
            print(f"note: {row.label} is a flat line at {lr_text(row.facts.peak)}", file=sys.stderr)
        if row.facts.stop:
            print(
                f"warning: {row.label} stops at step {row.facts.stop[0]}: {row.facts.stop[1]}",
                file=sys.stderr,
            )
        if row.facts.sampled:
            print(
                f"warning: {row.label}: {row.facts.sampled} of {LOOKED_AT} columns are sampled, not exact",
                file=sys.stderr,
            )


def _is_flat(row: Row) -> bool:
    """Whether a schedule moves nothing in its run, without being one that never does."""
    meant = all(phase.name == "constant" for phase in row.timeline.phases)
    return row.facts.peak == row.facts.low and row.steps > 1 and row.facts.stop is None and not meant


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
