"""``summary.csv`` of timm's train.py: one row for each epoch, the LR the mean of the param groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.logs.delimited import column_names, table_of
from lrviz.inputs.logs.log import Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

OFFSETS = (Offset(0, "timm"), Offset(1, "timm with --sched-on-updates", in_epochs=True))


def _claims(file: LogFile) -> bool:
    names = column_names(file)
    is_own = names[:1] == ("epoch",) and names[1].startswith("train_")
    return is_own and any(name.startswith("eval_") for name in names)


def _read(file: LogFile) -> Recorded:
    elsewhere = "it was written without lr: the console has it, as LR: 1.000e-04"
    return table_of(file, offsets=OFFSETS, precision=FLOAT64, elsewhere=elsewhere)


TIMM_SUMMARY = LogFormat(
    "summary.csv of timm",
    known_by="`epoch`, `train_…` and `eval_…` columns",
    row="epoch x; the next one with --sched-on-updates",
    claims=_claims,
    read=_read,
)
