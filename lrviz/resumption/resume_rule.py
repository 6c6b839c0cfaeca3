"""What a resume makes of the LR, as one framework does it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Base = Literal["old", "new"]
Place = Literal["calls", "step", "epoch"]


class Rule(NamedTuple):
    """What an update uses after a resume, and whose code says so.

    ``first`` is the LR until the scheduler is called again: the one ``stored`` with the optimizer, or already
    the new curve's. ``later`` is the curve from then on: the old one, the new one; ``chained``, the stored LR
    with the new factors; ``kept``, the new one with what the checkpoint has; or ``run``, what the user's code
    says. ``base`` is whose base LR the new curve has. A scheduler knows its ``place`` by the calls that it
    has counted, by the step, or by the epochs that are done.
    """

    source: str
    first: Literal["stored", "new"] = "stored"
    later: Literal["old", "new", "chained", "kept", "run"] = "new"
    base: Base = "old"
    place: Place = "calls"

    @property
    def has_state(self) -> bool:
        """Whether more than the LR comes back from the checkpoint."""
        return self.later not in ("new", "chained")

    @property
    def text(self) -> str:
        """It in words."""
        words = {
            "old": "all values of the scheduler come back from the checkpoint",
            "chained": "the new factors go on from the stored LR",
            "kept": "the curve with the values of the checkpoint at once",
            "run": "the stored LR, then what the new scheduler makes of the old one's state",
            "new": f"{_FIRST[self.first]} on the {self.base} base LR",
        }
        return f"{words[self.later]} ({self.source})"


_FIRST = {"stored": "the stored LR, then the new curve", "new": "the new curve at once,"}


def of_state(source: str) -> Rule:
    """The checkpoint has every value of the scheduler."""
    return Rule(source, later="old")


def of_step(source: str, *, base: Base = "new", place: Place = "step") -> Rule:
    """The LR is computed from the step and the values of the new run, but maybe the base LR."""
    return Rule(source, first="new", base=base, place=place)
