"""The CSV download of a chart of Weights & Biases: each run with what the chart has of its range."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.logs.delimited import column_names, table_of
from lrviz.inputs.logs.formats.trainer_state import offsets_of
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_RANGE = ("__MIN", "__MAX")


def _names(file: LogFile) -> dict[str, str]:
    """The columns of runs, and what to call them: the metric alone, where there is one run."""
    known = column_names(file)
    names = [name for name in known if not name.endswith(_RANGE) and f"{name}__MIN" in known]
    runs = {name.rpartition(" - ")[0] for name in names}
    return {name: name if len(runs) > 1 else name.rpartition(" - ")[2] for name in names}


def _claims(file: LogFile) -> bool:
    return bool(_names(file))


def _read(file: LogFile) -> Recorded:
    names = _names(file)
    found = table_of(file, offsets=offsets_of(names))
    columns = {names[name]: found.columns[name] for name in names if name in found.columns}
    rates = tuple(filter(is_rate, columns)) or tuple(columns)
    return replace(found, columns=columns, rates=rates)


WANDB_CHART = LogFormat(
    "a chart of Weights & Biases",
    known_by="`run - metric` beside `run - metric__MIN`",
    row="the loop's own; x-1 of train/learning_rate",
    claims=_claims,
    read=_read,
)
