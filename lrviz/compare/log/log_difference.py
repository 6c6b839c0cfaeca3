"""What sets a log apart from its plan, and what is to be said of both though nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.compare.difference import Difference
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.compare.cause import Cause
    from lrviz.compare.log.log_cause import LogCause
    from lrviz.inputs.logs.log import Offset


class Fitted(NamedTuple):
    """The offset behind which the rows are the plan's, but for the causes; ``others`` would do as well."""

    offset: int
    causes: tuple[LogCause, ...] = ()
    others: tuple[LogCause, ...] = ()


AS_PLANNED = Fitted(0)


@dataclass(frozen=True, eq=False)
class LogDifference(Difference):
    """A plan and a log of it; steps are those of the plan, the log is moved by the offset.

    ``usual`` are the offsets of those who write such logs, ``after`` what it does behind the end of the plan.
    """

    fitted: Fitted = AS_PLANNED
    usual: tuple[Offset, ...] = ()
    after: str = ""

    @property
    def lengths_differ(self) -> bool:
        """A log is judged on the part of the run that it has, and may go on where its plan does not."""
        return bool(self.after)

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What explains every row that differs, if anything does."""
        return self.fitted.causes

    @property
    def others(self) -> tuple[Cause, ...]:
        """What would explain every row as well."""
        return self.fitted.others

    @property
    def unexplained(self) -> str:
        """How far the log is as planned, where nothing explains the rest."""
        if not len(self.found) or self.causes:
            return ""
        up_to = self.agrees_to
        return "the first row differs" if up_to is None else f"the rows agree up to step {up_to}"

    @property
    def writers(self) -> tuple[str, ...]:
        """Who writes a log with the offset that it has."""
        named = (one.writer.rstrip(",") for one in self.usual if one.shift == self.fitted.offset)
        return tuple(dict.fromkeys(named))

    @property
    def agrees_to(self) -> int | None:
        """The step of the last row before the first that differs; None where there is none."""
        known = self.case.ticks
        if known is None or not len(self.found):
            return None
        before = known[known < self.found.first[0]]
        return int(before[-1]) if before.size else None

    @property
    def of_log(self) -> Mapping[str, object]:
        """The offset and who writes it so, the rows that are judged, and how exactly they are known."""
        rows, column = self._rows, self.other.column
        return {
            "offset": self.fitted.offset,
            "writers": list(self.writers),
            "first": None if rows is None else rows[0],
            "last": None if rows is None else rows[1],
            "precision": column.precision if column else "",
            "agrees_to": self.agrees_to,
        }

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth saying: the offset, and which part of the run the log has."""
        if self._epoch_hint:
            text = "its rows count epochs, and each is taken for a step"
            hint = "" if self._epoch_is_its_trainers else self._epoch_hint
            return (Finding("log-epochs", "note", text, hint, label=self.other.label),)
        found = (
            ("log-offset", self._offset_text),
            ("log-part", self._part_text),
            ("log-past-plan", self.after),
        )
        return tuple(Finding(name, "note", text, label=self.other.label) for name, text in found if text)

    @property
    def _epoch_hint(self) -> str:
        """How to say how long an epoch is, where the rows are no steps and may be epochs."""
        column, known = self.other.column, self.case.ticks
        if self.equal or column is None or column.unit != "epoch" or known is None:
            return ""
        cause = self.causes[0] if self.causes else None
        if cause is not None and cause.id != "epochs":
            return ""
        length = cause.there if cause else round((self.one.steps or 0) / (int(known[-1]) + 1))
        if not length or length <= 1:  # as it was planned, or as the log lends it
            return (
                "" if self.one.epoch else "<steps_per_epoch=100>, or what it is, where the plan counts steps"
            )
        return f"<steps_per_epoch={length:.0f}>{'' if cause else ', or what it is'}"

    @property
    def _epoch_is_its_trainers(self) -> bool:
        """Whether the length of an epoch is what a trainer makes of its file, and no option says another."""
        return self.one.run is not None and self.one.run.reading is not None

    @property
    def _offset_text(self) -> str:
        if any(cause.id == "shift" for cause in self.causes):
            return ""
        offset = self.fitted.offset
        step = f"step t {'+' if offset > 0 else '-'} {abs(offset)}" if offset else "step t"
        who = f", as with {' or '.join(self.writers)}" if self.writers else ""
        return f"row t {'is held against' if self.unexplained else 'has the LR of'} {step}{who}"

    @property
    def _part_text(self) -> str:
        steps, known = self.one.steps, self.case.ticks
        if steps is None or known is None:
            return ""
        apart = int(np.median(np.diff(known))) if known.size > 1 else 1
        if int(known[-1]) + apart >= steps:
            return ""
        first, last = self._rows or (0, 0)
        return f"rows {first} to {last} of {counted(steps, 'step')}: that part is judged"

    @property
    def _rows(self) -> tuple[int, int] | None:
        """The first and the last that is judged, as the log counts them."""
        known, offset = self.case.ticks, self.fitted.offset
        return None if known is None else (int(known[0]) - offset, int(known[-1]) - offset)
