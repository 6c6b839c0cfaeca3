"""Values kept in a file, as ``lrviz values … --format json`` writes them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.errors import ConfigError
from lrviz.inputs.config.job import read_path
from lrviz.notation.numbers import is_number
from lrviz.notation.text import few

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WAY = "lrviz values SPEC --format json > baseline.json"


@dataclass(frozen=True, eq=False)
class Baseline:
    """The values of curves at some steps of a run; ``columns`` are by label."""

    name: str
    total_steps: int
    steps: NDArray[np.float64]
    columns: dict[str, NDArray[np.float64]]

    def column(self, label: str) -> NDArray[np.float64]:
        """The values of a curve: those of its label, or the only ones there are.

        Raises:
            ConfigError: there are several, and none of that label.

        """
        if len(self.columns) == 1:
            return next(iter(self.columns.values()))
        if label not in self.columns:
            hint = f"it has {few(self.columns)}: give the curve that label"
            raise ConfigError(f"{self.name}: no values of {label!r}", hint=hint)
        return self.columns[label]


def read_baseline(path: str) -> Baseline:
    """Read a file of values.

    Raises:
        ConfigError: it cannot be read, or is no such file.

    """
    raw = read_path(Path(path))
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _refusal(path, "no JSON") from None
    if not isinstance(data, dict) or not is_number(data.get("total_steps")):
        raise _refusal(path, "no total_steps in it")
    names, rows = data.get("columns"), data.get("rows")
    if not isinstance(names, list) or not _are_columns(names) or not isinstance(rows, list) or not rows:
        raise _refusal(path, "no columns and rows in it")
    if not all(_is_row(row, len(names)) for row in rows):
        raise _refusal(path, "a row is no list of numbers, one for each column")
    steps, _, *values = (
        [math.nan if cell is None else cell for cell in cells] for cells in zip(*rows, strict=True)
    )
    columns = {name: np.array(column, dtype=float) for name, column in zip(names[2:], values, strict=True)}
    return Baseline(path, int(data["total_steps"]), np.array(steps, dtype=float), columns)


def _are_columns(names: list[Any]) -> bool:
    are_texts = all(isinstance(name, str) for name in names)
    return are_texts and names[:2] == ["step", "epoch"] and len({*names}) == len(names) > 2


def _is_row(row: Any, width: int) -> bool:
    if not isinstance(row, list) or len(row) != width or not is_number(row[0]):
        return False
    return all(cell is None or is_number(cell) for cell in row)


def _refusal(path: str, why: str) -> ConfigError:
    return ConfigError(f"{path}: {why}: not written by lrviz values", hint=_WAY)
