"""What a log says: learning rates at some places of a run that has happened, and how exactly it says them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from lrviz.errors import ConfigError
from lrviz.notation.numbers import LARGEST_WHOLE, counted, is_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.notation.finding import Finding

Unit: TypeAlias = Literal["update", "epoch"]
"""What the rows of a column are counted in."""


class Offset(NamedTuple):
    """A convention: the value at x is the LR of update x + ``shift``, counted from 0, as ``writer`` says.

    One ``in_epochs`` is so many epochs later, however long they are.
    """

    shift: int
    writer: str
    in_epochs: bool = False


AS_GIVEN = Offset(0, "a loop that logs before scheduler.step()")
USED = Offset(-1, "a loop that counts updates that are done and logs before scheduler.step()")
NEXT = Offset(1, "a loop that counts from 0 and logs after scheduler.step()")
ANYBODY = (AS_GIVEN, USED, NEXT)
"""What loops of one's own do."""


@dataclass(frozen=True, eq=False)
class LogColumn:
    """One learning rate, ascending in ``x``, each place once.

    Attributes:
        name: what the log calls it.
        x: the places of its rows, in the unit of ``unit``; epochs may be fractions.
        values: the learning rates; some may be nan or infinite.
        least: how far each may be from what was used: half its last printed digit, or its share of a float.
        unit: what ``x`` counts.
        offsets: the conventions of those who write such logs, the likeliest first.
        precision: how its numbers are written, in words.
        place_least: how far each place may be from what it was, where epochs are printed rounded.
        batches: where its places are epochs and the batch in them, the batch is the fraction times so many.

    """

    name: str
    x: NDArray[np.float64]
    values: NDArray[np.float64]
    least: NDArray[np.float64]
    unit: Unit = "update"
    offsets: tuple[Offset, ...] = (AS_GIVEN,)
    precision: str = ""
    place_least: float = 0.0
    batches: int | None = None

    @property
    def offset(self) -> int:
        """The value at x is the LR of update x + offset, as the likeliest writer has it."""
        return self.offsets[0].shift

    @property
    def is_whole(self) -> bool:
        """Whether its places are whole numbers."""
        return bool(np.all(self.x == np.floor(self.x)))

    @property
    def steps(self) -> NDArray[np.int64]:
        """Its places as whole numbers, which they are where the log has ``steps_of`` it."""
        return self.x.astype(np.int64)

    @property
    def likely_epoch(self) -> int:
        """Updates in an epoch, were each row one of them; some number where that tells nothing."""
        apart = float(np.median(np.diff(self.x))) if self.x.size > 1 else 1.0
        return round(1 / apart) if 0 < apart < 0.5 else 50

    def in_updates(self, steps_per_epoch: float | None) -> LogColumn:
        """It counted in updates, where the length of an epoch is known."""
        if self.unit == "update" or not steps_per_epoch:
            return self
        offsets = [
            one._replace(shift=round(one.shift * steps_per_epoch)) if one.in_epochs else one
            for one in self.offsets
        ]
        return replace(self, x=self._updates(steps_per_epoch), unit="update", offsets=tuple(offsets))

    def _updates(self, steps_per_epoch: float) -> NDArray[np.float64]:
        """The updates of its places."""
        if self.batches:
            epochs = np.floor(self.x)
            return epochs * steps_per_epoch + np.round((self.x - epochs) * self.batches)
        x = self.x * steps_per_epoch
        every = np.round((x[-1] - x[0]) / (x.size - 1)) if x.size > 1 else np.round(x[0])
        before = np.round(x[0] / every) - 1 if every else 0.0
        even = every * (before + np.arange(1, x.size + 1))
        near = self.place_least * steps_per_epoch + 0.5
        is_even = every and np.all(np.abs(even - x) <= near)  # the interval of the logger tells it exactly
        return even if is_even else np.round(x)


@dataclass(frozen=True, eq=False)
class Log:
    """A log that was read.

    Attributes:
        name: the file.
        format: who writes such a file.
        columns: its learning rates: one, or one for each param group.
        total: updates of the whole run, where it says that.
        steps_per_epoch: updates in an epoch, where it says that.
        findings: what is worth saying of it.

    """

    name: str
    format: str
    columns: tuple[LogColumn, ...]
    total: int | None = None
    steps_per_epoch: float | None = None
    findings: tuple[Finding, ...] = ()
    label: str = ""  # that somebody gave it
    output: tuple[str, ...] = ()  # as a job has it
    title: str | None = None

    @property
    def total_steps(self) -> int | None:
        """Updates of the run, as far as it is known: all that it says, or those up to its last row.

        Whole epochs of an unknown length are taken for steps, as in every comparison.
        """
        is_counted = all(column.unit == "update" or column.is_whole for column in self.columns)
        last = max(int(column.x[-1]) + column.offset for column in self.columns)
        return self.total or (max(last + 1, 1) if is_counted else None)

    @property
    def counts_epochs(self) -> bool:
        """Whether its places are epochs, of a length that it does not say."""
        return any(column.unit == "epoch" for column in self.columns)

    def in_updates(self, steps_per_epoch: object) -> Log:
        """It with its columns counted in updates, where the length of an epoch is known."""
        length = steps_per_epoch if is_number(steps_per_epoch) else None
        return replace(self, columns=tuple(column.in_updates(length) for column in self.columns))

    def steps_of(self, column: LogColumn) -> NDArray[np.int64]:
        """The places of a column as whole numbers.

        Raises:
            ConfigError: they are fractions, or beyond what is counted.

        """
        stands = f"{self.name}: {column.name} stands at"
        if np.any(np.abs(column.x) > LARGEST_WHOLE):
            text = f"{stands} {column.unit} {np.abs(column.x).max():g}"
            raise ConfigError(text, hint=f"steps are at most {LARGEST_WHOLE}")
        if not column.is_whole and column.unit == "update":
            part = column.x[column.x != np.floor(column.x)][0]
            raise ConfigError(
                f"{stands} update {part:g}, which is no whole number", hint="count whole updates"
            )
        if not column.is_whole:
            text = f"{stands} fractions of epochs, and the log does not say how long one is"
            raise ConfigError(text, hint=f"<steps_per_epoch={column.likely_epoch}>, or what it is")
        again = np.flatnonzero(np.diff(column.x) == 0)
        if again.size:
            text = f"{stands} update {column.x[again[0]]:g} twice, so an epoch has more of them"
            raise ConfigError(text, hint="<steps_per_epoch=1000>, or what it is")
        return column.steps

    @property
    def rows(self) -> int:
        """The rows of its longest column."""
        return max(column.x.size for column in self.columns)

    @property
    def summary(self) -> str:
        """What it is, in one line."""
        return f"{counted(self.rows, 'row')} of {self.format}, {self.columns[0].precision}"
