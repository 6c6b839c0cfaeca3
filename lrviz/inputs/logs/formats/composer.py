"""A CSV of Composer's LRMonitor, ``lr-DecoupledAdamW/group0``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.logs.delimited import column_names, table_of
from lrviz.inputs.logs.log import USED, Offset
from lrviz.inputs.logs.log_format import LogFormat, Recorded

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_GROUP = re.compile(r"lr-\w+/group\d+")
MONITOR = Offset(0, "Composer's LRMonitor")


def is_composers(file: LogFile) -> bool:
    """Whether a column is called as LRMonitor calls it."""
    return any(map(_GROUP.search, column_names(file)))


def _read(file: LogFile) -> Recorded:
    return table_of(file, offsets=(MONITOR, USED))


COMPOSER = LogFormat(
    "a table of Composer",
    known_by="a column `lr-Adam/group0`",
    row="x",
    claims=is_composers,
    read=_read,
)
