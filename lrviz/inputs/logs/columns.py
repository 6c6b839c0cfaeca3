"""From the cells of a log to its curves: numbers, each place once, in the order of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.errors import ConfigError
from lrviz.inputs.logs.log import Log, LogColumn
from lrviz.inputs.logs.names_of_columns import is_rate
from lrviz.inputs.logs.precision import precision_of, rounding
from lrviz.inputs.logs.row_order import ascending
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted
from lrviz.notation.shell import shell_word
from lrviz.notation.text import brief, few

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lrviz.inputs.logs.log_format import RawColumn, Recorded
    from lrviz.inputs.logs.precision import Cells

_BLANK = {"", "na", "n/a", "none", "null", "-", "--"}
_MOST_SHOWN = 12
LATER = "look again when the run has logged something"


def log_of(name: str, kind: str, found: Recorded, wanted: str = "") -> Log:
    """The curves of a log: those of its learning rates, or the column that is ``wanted``.

    Raises:
        ConfigError: there is none, or a cell is no number.

    """
    names = _chosen(name, kind, found, wanted)
    columns = []
    said: dict[Finding, list[str]] = {}
    for one in names:
        column, own = _column(name, one, found)
        columns.append(column)
        for finding in own:
            said.setdefault(finding, []).append(one)
    findings = [
        finding if len(of) == len(names) else finding._replace(text=f"{few(of)}: {finding.text}")
        for finding, of in said.items()
    ]
    findings = [*found.findings, *findings]
    return Log(name, kind, tuple(columns), found.total, found.steps_per_epoch, tuple(findings))


def _chosen(name: str, kind: str, found: Recorded, wanted: str) -> list[str]:
    there = {key for key, raw in found.columns.items() if _has_numbers(raw.cells)}
    if wanted:
        if wanted not in there:
            hint = f"it has {few(sorted(there), _MOST_SHOWN)}" if there else "it has no column of numbers"
            raise ConfigError(f"{name}: no column {wanted!r} with numbers", hint=hint)
        return [wanted]
    rates = found.rates if found.rates is not None else [key for key in found.columns if is_rate(key)]
    chosen = [key for key in rates if key in there]
    if not chosen:
        raise _no_rate(name, kind, found, sorted(there))
    return chosen


def _no_rate(name: str, kind: str, found: Recorded, there: list[str]) -> ConfigError:
    """The refusal of a log without a learning rate, or without a row of one."""
    empty = [key for key in found.columns if is_rate(key)]
    if empty:
        return ConfigError(
            f"{name}: {kind}, and no row has a value of {empty[0]}", hint=found.elsewhere or LATER
        )
    columns = there or list(found.columns)
    if not columns:
        return ConfigError(f"{name}: {kind}, and no row in it", hint=LATER)
    naming = f"if one of them is, name it: lrviz show {shell_word(f'{name}:{columns[0]}')}"
    has = f"no learning rate in it: it has {few(columns, _MOST_SHOWN)}"
    return ConfigError(f"{name}: {kind}, and {has}", hint=found.elsewhere or naming)


def _column(name: str, key: str, found: Recorded) -> tuple[LogColumn, list[Finding]]:
    raw = found.columns[key]
    x, values, cells = _numbers(name, key, raw)
    if not np.isfinite(x).all():
        text = f"{name}: {key} stands at {found.unit} {x[~np.isfinite(x)][0]:g}"
        raise ConfigError(text, hint="take out that row, or write its place as a number")
    precision = precision_of(cells if raw.texts is None else raw.texts, values, found.precision)
    x, values, findings = ascending(x, values)
    findings += _of_values(x, values)
    least = precision.least(values)
    rounded = 0.0 if found.unit == "update" or found.batches else rounding(raw.x)
    made = LogColumn(key, x, values, least, found.unit, found.offsets, precision.text, rounded, found.batches)
    return made.in_updates(found.steps_per_epoch), findings


def _numbers(name: str, key: str, raw: RawColumn) -> tuple[NDArray[np.float64], NDArray[np.float64], Cells]:
    """The places and values of the rows that have both."""
    try:  # most logs have no blank cell
        return _floats(raw.x), _floats(raw.cells), raw.cells
    except (TypeError, ValueError):
        pass
    rows = [
        (place, cell)
        for place, cell in zip(raw.x, raw.cells, strict=True)
        if not (_is_blank(cell) or _is_blank(place))
    ]
    places, cells = [place for place, _ in rows], [cell for _, cell in rows]
    try:
        return _floats(places), _floats(cells), cells
    except (TypeError, ValueError):
        at, cell = next(row for row in rows if not all(map(_is_number_like, row)))
        message = f"{name}: {key} at {brief(str(at))} is {brief(repr(cell))}, which is no number"
        raise ConfigError(message, hint="take out that row, or name another column: LOG:column") from None


def _floats(cells: Cells) -> NDArray[np.float64]:
    if isinstance(cells, np.ndarray):
        return cells
    if any(isinstance(cell, bool) for cell in cells[:1]):
        raise ValueError("true and false are no numbers")
    return np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _BLANK)


def _has_numbers(cells: Cells) -> bool:
    return isinstance(cells, np.ndarray) or any(map(_is_number_like, cells))


def _is_number_like(cell: Any) -> bool:
    if isinstance(cell, (bool, type(None), list, dict)):
        return False
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _of_values(x: NDArray[np.float64], values: NDArray[np.float64]) -> Iterator[Finding]:
    odd = np.flatnonzero(~np.isfinite(values))
    if odd.size:
        text = f"{counted(odd.size, 'value')} nan or infinite, the first at {x[odd[0]]:g}"
        yield Finding("log-not-finite", "warning", text)
