"""Lines of MMEngine, MMCV and timm, which name epoch and batch: ``Epoch(train) [2][ 50/100]``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log import AS_GIVEN, Offset
from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded, with_lines

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_HEAD = r"(?:\(train\) *| (?=\S+\tlr: ))"
_ITER = re.compile(rf"\bIter{_HEAD}\[ *(\d+)/ *(\d+)\][^\n]*?\blr: *([^\s,]+)")
_EPOCH = re.compile(rf"\bEpoch{_HEAD}\[(\d+)\]\[ *(\d+)/ *(\d+)\][^\n]*?\blr: *([^\s,]+)")
_EITHER = re.compile(f"{_ITER.pattern}|{_EPOCH.pattern}")
_TIMM = re.compile(r"Train: (\d+) \[ *(\d+)/(\d+) [^\n]*?\bLR: *([^\s,]+)")
DONE = Offset(-1, "MMEngine or MMCV")
BATCH = Offset(0, "timm")


def _read_mmengine(file: LogFile) -> Recorded:
    by_epoch = _EPOCH.findall(file.text)
    if by_epoch:
        return _recorded(by_epoch, 1, DONE)
    rows = _ITER.findall(file.text)
    raw = RawColumn([step for step, _, _ in rows], [rate for _, _, rate in rows])
    return Recorded({"lr": raw}, offsets=(DONE,), total=int(rows[-1][1]))


def _read_timm(file: LogFile) -> Recorded:
    return _recorded(_TIMM.findall(file.text), 0, BATCH)


def _recorded(rows: list[tuple[str, str, str, str]], first: int, offset: Offset) -> Recorded:
    """Rows of epoch, batch, batches in an epoch and LR; epochs count from ``first`` on."""
    steps = [(int(epoch) - first) * int(size) + int(batch) for epoch, batch, size, _ in rows]
    raw = RawColumn(steps, [rate for _, _, _, rate in rows])
    return Recorded({"lr": raw}, offsets=(offset, AS_GIVEN), steps_per_epoch=float(rows[0][2]))


MMENGINE_LINES = LogFormat(
    "lines of MMEngine",
    known_by="`Iter(train) [ 5/100]  lr: …`, or Epoch(train); MMCV leaves (train) out",
    row="x-1",
    claims=with_lines(_EITHER),
    read=_read_mmengine,
)
TIMM_LINES = LogFormat(
    "lines of timm",
    known_by="`Train: 0 [ 5/100 (  5%)]  LR: …`",
    row="x, its epochs and batches put together",
    claims=with_lines(_TIMM),
    read=_read_timm,
)
