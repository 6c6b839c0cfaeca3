"""What the log that a word names is identified as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.curves.read import read_word
from lrviz.curves.wanted import is_log
from lrviz.errors import SpecError
from lrviz.identification.identified import identify

if TYPE_CHECKING:
    from lrviz.identification.identified import Identified


def identify_word(word: str, total: int | None = None, steps_per_epoch: int | None = None) -> Identified:
    """What has every row of its first learning rate, in updates where the length of an epoch is known.

    Raises:
        LrvizError: it is no log, or one that cannot be read.

    """
    log = read_word(word)
    if not is_log(log):
        raise SpecError(f"{word}: no log of a run", hint="lrviz identify trainer_state.json")
    column = log.columns[0]
    known = steps_per_epoch or (None if column.is_whole else log.steps_per_epoch)
    return identify(log, column.in_updates(known), total)
