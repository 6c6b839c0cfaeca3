"""``metrics.csv`` of Lightning's CSVLogger: a row for each call, blank where that said nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.logs.delimited import header_of, table_of
from lrviz.inputs.logs.formats.composer import is_composers
from lrviz.inputs.logs.log import NEXT, USED, Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.precision import FLOAT64

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

MONITOR = Offset(0, "Lightning's LearningRateMonitor")


def _claims(file: LogFile) -> bool:
    header = header_of(file)
    if header is None or "step" not in header.names or header.between != "," or is_composers(file):
        return False
    is_sorted = list(header.names) == sorted(header.names)
    return any(name.startswith("lr-") for name in header.names) or (is_sorted and "epoch" in header.names)


def _read(file: LogFile) -> Recorded:
    return table_of(file, offsets=(MONITOR, USED, NEXT), precision=FLOAT64)


LIGHTNING_CSV = LogFormat(
    "metrics.csv of Lightning",
    known_by="a column `lr-Adam`, or step and epoch in sorted columns",
    row="x",
    claims=_claims,
    read=_read,
)
