"""A format of logs: how a file of it is known, and what a reader returns of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.logs import formats
from lrviz.inputs.logs.log import ANYBODY
from lrviz.notation.finding import Finding
from lrviz.notation.modules import instances_of

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Container, Iterable, Mapping
    from typing import Any

    from lrviz.inputs.logs.log import Offset, Unit
    from lrviz.inputs.logs.log_file import LogFile
    from lrviz.inputs.logs.precision import Cells, Precision


class RawColumn(NamedTuple):
    """The cells of one column, their places, and where they are numbers ``texts`` of some."""

    x: Cells
    cells: Cells
    texts: Cells | None = None


def columns_of(x: Cells, rows: Iterable[Mapping[str, Any]], but: Container[str] = ()) -> dict[str, RawColumn]:
    """The columns of rows at some places, in the order in which they are named; a row may lack some."""
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row if name not in but)
    return {name: RawColumn(x, [row.get(name) for row in rows]) for name in names}


RECORD_TORN = Finding("log-torn", "note", "its last record is cut short, and is left out")
"""Of a file of records, whose writer may still be at work."""


@dataclass(frozen=True)
class Recorded:
    """What a reader finds in a file.

    Attributes:
        columns: all it has, by name.
        unit: what their places count.
        rates: those that are learning rates; None where only their names tell.
        offsets: the conventions of who writes it.
        precision: how exactly it is known to write; None where digits are to be counted.
        total: updates of the whole run, where it says that.
        steps_per_epoch: updates in an epoch, where it says that.
        batches: where places are epochs and the batch in them, the batch is the fraction times so many.
        findings: what is worth saying of the file.
        elsewhere: where the learning rates are, of a file that has none.

    """

    columns: Mapping[str, RawColumn]
    unit: Unit = "update"
    rates: tuple[str, ...] | None = None
    offsets: tuple[Offset, ...] = ANYBODY
    precision: Precision | None = None
    total: int | None = None
    steps_per_epoch: float | None = None
    batches: int | None = None
    findings: tuple[Finding, ...] = ()
    elsewhere: str = ""


class LogFormat(NamedTuple):
    """Whose files they are, what tells them, and the LR of which update the row of step x has.

    Only what no other format claims is of one that ``is_base``.
    """

    name: str
    known_by: str
    row: str
    claims: Callable[[LogFile], bool]
    read: Callable[[LogFile], Recorded]
    is_base: bool = False


def with_lines(line: re.Pattern[str]) -> Callable[[LogFile], bool]:
    """Claims files that have such a line where they begin."""
    return lambda file: line.search(file.opening) is not None


@cache
def all_formats() -> tuple[LogFormat, ...]:
    """Those that stand in the modules of ``formats/``, under any name."""
    return instances_of(LogFormat, formats)
