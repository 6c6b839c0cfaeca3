"""``scalars.json`` of MMEngine, and the JSON lines of its logger: a line for each interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.logs.formats.json_rows import head_of, recorded
from lrviz.inputs.logs.log import Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

OFFSETS = (Offset(-1, "MMEngine"),)
_OWN = {"iter", "step", "data_time", "time"}


def _claims(file: LogFile) -> bool:
    return any(row.keys() >= _OWN for row in head_of(file))


def _read(file: LogFile) -> Recorded:
    # those of a validation count epochs
    return recorded(file, lambda row: "iter" in row, offsets=OFFSETS, precision=FLOAT64)


MMENGINE_SCALARS = LogFormat(
    "scalars.json of MMEngine",
    known_by="JSON lines with iter, step, time and data_time",
    row="x-1",
    claims=_claims,
    read=_read,
)
