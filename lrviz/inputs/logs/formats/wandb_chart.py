"""The CSV download of a chart of Weights & Biases: each run with what the chart has of its range."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.logs.delimited import Header, header_of, table_of
from lrviz.inputs.logs.formats.trainer_state import offsets_of
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_RANGE = ("__MIN", "__MAX")


def _names(header: Header) -> dict[str, str]:
    """The columns of runs, and what to call them: the metric alone, where there is one run."""
    names = [name for name in header.names if not name.endswith(_RANGE) and f"{name}__MIN" in header.names]
    runs = {name.rpartition(" - ")[0] for name in names}
    return {name: name if len(runs) > 1 else name.rpartition(" - ")[2] for name in names}


def _claims(file: LogFile) -> bool:
    header = header_of(file)
    return header is not None and bool(_names(header))


def _read(file: LogFile) -> Recorded:
    header = header_of(file)
    if header is None:
        return Recorded({})
    names = _names(header)
    found = table_of(file, header, offsets=offsets_of(names))
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
