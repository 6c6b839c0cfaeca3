"""The schedules that made a log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import expect
from lrviz.export.identify_lines import identify_lines
from lrviz.identification.identified import ranked
from lrviz.identification.of_word import identify_word
from lrviz.plan.budget_keys import PlanKeys

if TYPE_CHECKING:
    from lrviz.identification.candidate import Candidate
    from lrviz.identification.identified import Identified


class Identification(NamedTuple):
    """What a log may be made by: ``candidates``, one for each curve that has every row, the likeliest first.

    A candidate has its ``spec``, and it as ``text``; the value at row x is that of update x + ``shift``;
    ``ranges`` are numbers that may have other values, ``same`` other specs of its curve.
    """

    identified: Identified

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """None where nothing that is looked for reproduces the log."""
        return self.identified.found

    def __repr__(self) -> str:
        """The lines that the command line prints."""
        return "\n".join(identify_lines(self.identified, ranked(self.identified, None)))


def identify(
    log: str | Path, *, steps: int | None = None, steps_per_epoch: int | None = None
) -> Identification:
    """Which schedules, with which numbers, have every row of a log as exactly as it is written.

    ``log`` is its path, or ``"LOG:column"``; ``steps`` is the length of the run where it is known,
    ``steps_per_epoch`` that of an epoch, for a log of epochs.

    Raises:
        LrvizError: it is no log, or one that cannot be read.

    """
    expect(log, (str, Path), "a log is a path", hint='lrviz.identify("trainer_state.json")')
    known = PlanKeys(steps=steps, steps_per_epoch=steps_per_epoch)
    return Identification(identify_word(str(log), known.steps, known.steps_per_epoch))
