"""Logs as curves: held from row to row where a whole run is looked at, told at their rows alone."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.series import Logged, Series
from lrviz.engine.breakpoints import Listed
from lrviz.engine.facts import Facts, Jumps
from lrviz.engine.timeline import Phase, Timeline
from lrviz.errors import SpecError
from lrviz.inputs.logs.log import Log, LogColumn, Offset
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import LARGEST_WHOLE, counted
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.engine.breakpoints import Positions
    from lrviz.engine.envelope import Whole
    from lrviz.engine.timeline import Formula, Rates, TickArray
    from lrviz.inputs.curve_file import CurveFile

OWN = (Offset(0, "lrviz"),)
ENDS = "the log ends there"
SAME = 1e-9
"""Relatively; peaks that differ by rounding are one."""
NOWHERE = Jumps(0, ())


def log_of_values(kept: CurveFile) -> Log:
    """Values that lrviz wrote itself, as the log of a run: each curve as far as it has values."""
    columns = []
    for name, cells in kept.columns.items():
        is_there = ~np.isnan(cells)
        x, values = kept.steps[is_there].astype(float), cells[is_there]
        columns += [LogColumn(name, x, values, np.abs(values) * 2.0**-53, offsets=OWN, precision="float64")]
    return Log(kept.name, "values of lrviz", tuple(one for one in columns if one.x.size), kept.total_steps)


def series_of_log(log: Log, steps_per_epoch: float | None, quantity: str) -> list[Series]:
    """A series for each of its columns, those of epochs in updates where the length of one is known.

    Raises:
        SpecError: another quantity is asked for.
        ConfigError: it stands at fractions of epochs, and their length is not known.

    """
    if quantity != "lr":
        raise SpecError(f"{log.name}: a log, and its learning rates are read", hint="--quantity lr")
    family = log.label or PurePath(log.name).name
    length = steps_per_epoch or log.steps_per_epoch
    log = _noted(log.in_updates(length), steps_per_epoch)
    rows = [_series(log, column, family) for column in log.columns]
    if length and float(length).is_integer():
        rows = [replace(row, steps_per_epoch=int(length)) for row in rows]
    return rows


def _noted(log: Log, said: float | None) -> Log:
    """Say where its rows are placed by another length of an epoch than is said."""
    if not (said and log.steps_per_epoch) or abs(said - log.steps_per_epoch) < 1:
        return log
    text = f"its rows count {log.steps_per_epoch:.6g} updates in an epoch, not {said:g}"
    return replace(log, findings=(*log.findings, Finding("log-own-epochs", "note", text)))


def _series(log: Log, column: LogColumn, family: str) -> Series:
    steps = log.steps_of(column)
    if steps[0] < 0 or steps[-1] >= LARGEST_WHOLE:
        raise SpecError(f"{log.name}: {column.name} stands at step {steps[0]}", hint="steps count from 0 on")
    alone = len(log.columns) == 1
    end, rows = int(steps[-1]) + 1, steps.astype(float)
    held = Phase("free", 0.0, _held(rows, column.values), Listed(rows), label="log")
    known = Phase("free", 0.0, at_rows(rows, column.values), Listed(rows), label="log")
    return Series(
        label=family if alone else f"{family} {column.name}",
        timeline=Timeline((held,), float(end), ENDS, gives_out=True),
        steps=end,
        family=family,
        group="" if alone else column.name,
        logged=Logged(
            column,
            Timeline((known,), float(end), ENDS, gives_out=True),
            _facts(column, end),
            log.summary,
            (_about(log, column), *log.findings),
        ),
    )


def _held(rows: Positions, values: Rates) -> Formula:
    """The value of the last row; before the first one that of the first."""

    def rate(ticks: TickArray) -> Rates:
        return values[np.maximum(np.searchsorted(rows, ticks, side="right") - 1, 0)]

    return rate


def at_rows(rows: Positions | Whole, values: Rates) -> Formula:
    """The value of the row; nan where there is none."""

    def rate(ticks: TickArray) -> Rates:
        places = np.minimum(np.searchsorted(rows, ticks), rows.size - 1)
        return np.where(rows[places] == ticks, values[places], math.nan)

    return rate


def _facts(column: LogColumn, steps: int) -> Facts:
    """What can be said of its rows: nothing is known between them."""
    at, values = column.steps, column.values
    peak, low = float(np.fmax.reduce(values)), float(np.fmin.reduce(values))
    odd = np.flatnonzero(~np.isfinite(values))
    return Facts(
        steps=steps,
        first=float(values[0]),
        peak=peak,
        peak_at=int(at[np.argmax(values >= _by(peak, -SAME))]),
        low=low,
        low_at=int(at[np.argmax(values <= _by(low, SAME))]),
        last=float(values[-1]),
        after=None,
        mean=float(values.mean()),
        mean_exact=False,
        warmup_end=None,
        restarts=NOWHERE,
        drops=NOWHERE,
        stop=None,
        sampled=0,
        not_finite=int(at[odd[0]]) if odd.size else None,
    )


def _by(value: float, share: float) -> float:
    """A value moved by a share of itself."""
    return value + share * abs(value) if math.isfinite(value) else value


def _about(log: Log, first: LogColumn) -> Finding:
    """Whose log it is, how exactly it tells, and which update a row is about."""
    shift = f"x{first.offset:+}" if first.offset else "x"
    text = (
        f"{log.format}: {few([one.name for one in log.columns])} at {counted(log.rows, first.unit)}, "
        f"{first.precision}; row x has the LR of {first.unit} {shift}, counted from 0 "
        f"({first.offsets[0].writer})"
    )
    return Finding("log-read", "note", text)


def known_steps(rows: Sequence[Series]) -> Whole | None:
    """The steps at which a log among the curves has a row; None where there is no log."""
    found = [row.logged.column.steps for row in rows if row.logged]
    return np.unique(np.concatenate(found)) if found else None
