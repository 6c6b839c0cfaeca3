"""``….log.json`` of MMCV's runners: JSON lines, whose iterations may be those of an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.logs.formats.json_rows import head_of, recorded
from lrviz.inputs.logs.log import Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.precision import Precision

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

OFFSETS = (Offset(-1, "MMCV"),)
_OWN = {"mode", "epoch", "iter", "lr"}
_ROUNDED = Precision(5, fixed=True)


def _is_row(row: dict[str, Any]) -> bool:
    """Those of a validation count its own batches."""
    return row.keys() >= _OWN and row["mode"] == "train"


def _claims(file: LogFile) -> bool:
    return any(map(_is_row, head_of(file)))


def _read(file: LogFile) -> Recorded:
    is_one = not any(isinstance(row["lr"], dict) for row in head_of(file) if _is_row(row))
    return recorded(file, _is_row, offsets=OFFSETS, precision=_ROUNDED if is_one else None)


MMCV_LOG = LogFormat(
    "log.json of MMCV",
    known_by="JSON lines with mode, epoch, iter and lr",
    row="x-1, its epochs and iterations put together",
    claims=_claims,
    read=_read,
)
