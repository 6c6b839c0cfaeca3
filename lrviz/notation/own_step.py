"""Steps that are each curve's own: ``peak``, ``warmup``, and ``-1``, which counts from the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lrviz.errors import SpecError
from lrviz.notation.durations import Duration, parse_duration
from lrviz.notation.nearest import nearest
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS: Final[Mapping[str, int | str]] = {
    "first": 0,
    "warmup": "warmup",
    "peak": "peak_at",
    "low": "low_at",
    "last": -1,
}
"""Steps that have a name: which they are, or the fact of a curve that is their number."""
_FROM_THE_END = re.compile(r"-\d+(_\d+)*", re.ASCII)


class OwnStep(NamedTuple):
    """One of them, as it is typed."""

    text: str

    @property
    def place(self) -> int | str:
        """Its number, which may count from the end, or the fact that it stands at."""
        return STEPS[self.text] if self.text in STEPS else int(self.text)


def own_step(text: str) -> OwnStep | None:
    """The step that a text names so, if it does."""
    return OwnStep(text) if text in STEPS or _FROM_THE_END.fullmatch(text) else None


def parse_place(text: str, what: str) -> Duration | OwnStep:
    """Read a step of the run, or one that is each curve's own.

    Raises:
        SpecError: it is none; the hint has the name that is meant, or all.

    """
    if own := own_step(text):
        return own
    try:
        return parse_duration(text, what=what, expected="a step")
    except SpecError as error:
        near = nearest(text, STEPS) if text.isalpha() else ""
        error.template = f"did you mean {near}?" if near else f"{error.template}, or {listed(list(STEPS))}"
        raise
