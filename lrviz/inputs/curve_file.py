"""Values of curves kept in a file, as ``lrviz values`` writes them: CSV, or JSON."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.errors import ConfigError
from lrviz.inputs.file_bytes import read_path
from lrviz.inputs.files import LARGE
from lrviz.inputs.revision import Revision
from lrviz.inputs.words import TABLE, is_at_revision
from lrviz.notation.numbers import LARGEST_WHOLE, counted, is_number, read_number
from lrviz.notation.text import brief, few

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_WAY = "lrviz values cosine > lr.csv writes one, with --format json another"
_STEPS = ("step", "epoch")
_CELL = re.compile(r"could not convert string (.*) to float64 at row (\d+), column (\d+)")
_KEYS = ("columns", "rows")


class KeptRun(NamedTuple):
    """How long the run of a column is, and how many of its steps have a value: fewer where it stops."""

    steps: int
    ran: int


@dataclass(frozen=True, eq=False)
class CurveFile:
    """The values of curves at some steps of a run, ascending; ``columns`` are by label.

    ``total_steps`` is the length of the longest run, None where the file does not tell; ``runs`` are those of
    the columns, where it tells.
    """

    name: str
    total_steps: int | None
    steps: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]
    output: tuple[str, ...] = ()  # as a job has it
    title: str | None = None
    runs: Mapping[str, KeptRun] = field(default_factory=dict)

    def column_of(self, label: str) -> str:
        """The column of a curve: that of its label, or the only one there is.

        Raises:
            ConfigError: there are several, and none of that label.

        """
        if len(self.columns) == 1:
            return next(iter(self.columns))
        if label not in self.columns:
            hint = f"it has {few(self.columns)}: give the curve that label"
            raise ConfigError(f"{self.name}: no values of {label!r}", hint=hint)
        return label


def read_curve_file(path: str) -> CurveFile:
    """Read a file of values, as it is or was at a revision.

    Raises:
        ConfigError: it cannot be read, or is no such file.

    """
    there = Revision.of(path) if is_at_revision(path) else None
    raw = there.read() if there else read_path(Path(path), LARGE)
    if Path(path).suffix.lower() == TABLE:
        return _from_table(raw, path)
    data = _loaded(raw)
    if data is None:
        raise _refusal(path, "no JSON")
    return _from_document(data, path)


def read_kept(raw: bytes, name: str, suffix: str) -> CurveFile | None:
    """The values in the bytes of a file, if that is what it holds.

    Raises:
        ConfigError: it does, and they cannot be read.

    """
    if suffix == TABLE or is_value_table(raw):
        return _from_table(raw, name)
    if suffix not in ("", ".json") or not all(b'"%s"' % key.encode() in raw for key in _KEYS):
        return None
    data = _loaded(raw)
    is_document = isinstance(data, dict) and data.keys() >= {*_KEYS}
    return _from_document(data, name) if is_document else None


def is_value_table(raw: bytes) -> bool:
    """Whether a table begins as ``lrviz values`` writes it."""
    return raw.startswith(b",".join(map(str.encode, _STEPS)))


def _loaded(raw: bytes) -> object:
    """What JSON holds; None where it is none."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _from_document(data: object, name: str) -> CurveFile:
    """The values in what JSON holds.

    Raises:
        ConfigError: there are none in it.

    """
    if not isinstance(data, dict) or not is_number(data.get("total_steps")):
        raise _refusal(name, "no total_steps in it")
    names, rows = data.get("columns"), data.get("rows")
    if not isinstance(names, list) or not _are_columns(names) or not isinstance(rows, list) or not rows:
        raise _refusal(name, "no columns and rows in it")
    if not all(_is_row(row, len(names)) for row in rows):
        raise _refusal(name, "a row is no list of numbers, one for each column")
    steps, _, *values = (
        np.array([math.nan if cell is None else cell for cell in cells], dtype=float)
        for cells in zip(*rows, strict=True)
    )
    kept = _file(name, int(data["total_steps"]), steps, dict(zip(names[2:], values, strict=True)))
    return replace(kept, runs=_runs(data.get("curves"), names[2:]))


def _runs(curves: object, names: Sequence[str]) -> dict[str, KeptRun]:
    """The run of each column, where a baseline tells of its curves."""
    if not isinstance(curves, list) or len(curves) != len(names):
        return {}
    found = {}
    for name, curve in zip(names, curves, strict=True):
        steps, stop = (curve.get("steps"), curve.get("stop")) if isinstance(curve, dict) else (None, None)
        ran = stop[0] if isinstance(stop, list) and stop else steps
        if is_number(steps) and is_number(ran):
            found[name] = KeptRun(int(steps), int(ran))
    return found


def _from_table(raw: bytes, name: str) -> CurveFile:
    """The values in a table; its run is as long as it, where it has every step from 0 on.

    Raises:
        ConfigError: there are none in it.

    """
    try:
        text = raw.decode("utf-8-sig")
        head = next(csv.reader([text.partition("\n")[0]]), [])
    except UnicodeDecodeError:
        raise _refusal(name, "not UTF-8 text") from None
    except (ValueError, csv.Error) as error:
        raise _refusal(name, brief(str(error))) from None
    if not (_are_columns(head) and "\n" in text.rstrip()):
        as_log = f"; of a log, {_as_log(name, head)}" if len(head) > 1 else ""
        raise _refusal(name, f"no columns {', '.join(_STEPS)} and values in it, with rows", as_log)
    kinds = ",".join("U1" if column == "epoch" else "f8" for column in head)  # epochs may be blank
    try:
        table = np.loadtxt(
            StringIO(text), kinds, delimiter=",", comments=None, skiprows=1, ndmin=1, quotechar='"'
        )
    except ValueError as error:
        raise _bad_row(name, head, text, brief(str(error)).rstrip(".")) from None
    steps, _, *columns = (table[column] for column in table.dtype.names or ())
    is_whole = np.array_equal(steps, np.arange(steps.size))
    return _file(name, steps.size if is_whole else None, steps, dict(zip(head[2:], columns, strict=True)))


def _bad_row(name: str, head: Sequence[str], text: str, said: str) -> ConfigError:
    """A row with more or fewer cells than the head, or one with the cell that numpy says is no number."""
    if found := _CELL.match(said):
        return _refusal(f"{name}:{int(found[2]) + 2}", f"{head[int(found[3]) - 1]}: {found[1]} is no number")
    for number, row in enumerate(StringIO(text), start=1):
        if number > 1 and row.strip() and row.count(",") != len(head) - 1:
            cells = counted(row.count(",") + 1, "cell")
            return _refusal(f"{name}:{number}", f"{cells} below {len(head)} columns")
    return _refusal(name, said)


def _as_log(name: str, head: Sequence[str]) -> str:
    """How a table is read as a log: by a column, if its first line names any."""
    if any(read_number(cell) is not None for cell in head):
        return "the first line names the columns: step,lr"
    return f"{name}:{head[-1]} reads a column"


def _file(
    name: str, total: int | None, steps: NDArray[np.float64], columns: dict[str, NDArray[np.float64]]
) -> CurveFile:
    """The file, its rows in the order of their steps."""
    order = np.argsort(steps, kind="stable")
    steps = steps[order]
    with np.errstate(invalid="ignore"):
        whole = (steps == np.floor(steps)) & (steps >= 0) & (steps <= LARGEST_WHOLE)
    if not whole.all():
        raise _refusal(name, f"step {steps[~whole][0]:g} is no whole number")
    if not np.diff(steps).all():
        raise _refusal(name, f"step {steps[1:][np.diff(steps) == 0][0]:g} stands there twice")
    ordered = {label: column[order] for label, column in columns.items()}
    return CurveFile(name, total, steps.astype(np.int64), ordered)


def _are_columns(names: Sequence[object]) -> bool:
    are_texts = all(isinstance(name, str) for name in names)
    return are_texts and tuple(names[:2]) == _STEPS and len({*names}) == len(names) > len(_STEPS)


def _is_row(row: object, width: int) -> bool:
    return isinstance(row, list) and len(row) == width and is_number(row[0]) and _are_cells(row[1:])


def _are_cells(cells: Iterable[object]) -> bool:
    return all(cell is None or is_number(cell) for cell in cells)


def _refusal(name: str, why: str, more: str = "") -> ConfigError:
    return ConfigError(f"{name}: {why}: not written by lrviz values", hint=f"{_WAY}{more}")
