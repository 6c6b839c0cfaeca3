"""The lines of nanoGPT's train.py, which have no learning rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_LINE = re.compile(r"^iter (\d+): loss ([\d.]+|nan), time ([\d.]+)ms", re.MULTILINE)


def _claims(file: LogFile) -> bool:
    return _LINE.search(file.opening) is not None and not re.search(r"\blr\b", file.opening)


def _read(file: LogFile) -> Recorded:
    rows = _LINE.findall(file.text)
    steps = [step for step, _, _ in rows]
    columns = {"loss": RawColumn(steps, [loss for _, loss, _ in rows])}
    columns["time"] = RawColumn(steps, [time for _, _, time in rows])
    return Recorded(columns, elsewhere="nanoGPT logs it with wandb_log=True, as lr at each evaluation")


NANOGPT_LINES = LogFormat(
    "lines of nanoGPT",
    known_by="`iter 0: loss 2.5, time 100.00ms`",
    row="none: W&B has them",
    claims=_claims,
    read=_read,
)
