"""The updates of a YOLO: its LR moves by batches, of which an update takes more and more in the warmup.

Source: ``BaseTrainer._do_train`` of ultralytics 8.0 to 8.4.190, ``train.py`` of YOLOv5 and YOLOv7.
"""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value


class Updates(NamedTuple):
    """How many there are, how many before batch ``warmup``, and the batches that each takes."""

    total: int
    in_warmup: int
    lead: int
    pace: tuple[str, ...]

    def clock(self) -> dict[str, Value]:
        """The keys of a run whose schedule counts batches; none where each is an update."""
        if not self.lead and len(self.pace) == 1 and self.pace[0].endswith("x1"):
            return {}
        return {"pace": self.pace, "lead": self.lead or None}


class Cadence(NamedTuple):
    """When the optimizer steps: ``accumulate`` batches in an update, from 1 on growing in the warmup.

    YOLOv7 steps in batches that are a multiple of it, the others so many after the last update.
    """

    batches: int
    warmup: int
    accumulate: float
    by_multiples: bool = False

    def updates(self) -> Updates:
        """Those of the whole run; batches after the last one are never stepped on."""
        found = self._in_warmup()
        full, begin = self._taken(self.warmup), min(self.batches, self.warmup + 1)
        first = ceil_div(begin, full) * full if self.by_multiples else max([*found[-1:], -1]) + full
        rest = range(max(first, begin), self.batches, full)
        ends = [*found, *rest[:1]]
        gaps = [(later - one, 1) for one, later in pairwise(ends)]
        gaps += [(full, len(rest) - 1)] * (len(rest) > 1)
        gaps += [(self.batches - one, 1) for one in (rest[-1:] or found[-1:])]
        warmup = sum(one < self.warmup for one in found)
        return Updates(len(found) + len(rest), warmup, ends[0] if ends else 0, _pieces(gaps))

    def _in_warmup(self) -> list[int]:
        """The batches up to ``warmup`` at which it steps."""
        found: list[int] = []
        last = -1
        for batch in range(min(self.batches, self.warmup + 1)):
            taken = self._taken(batch)
            if batch % taken == 0 if self.by_multiples else batch - last >= taken:
                found.append(batch)
                last = batch
        return found

    def _taken(self, batch: int) -> int:
        """Batches of an update: numpy's ``interp`` between 1 and ``accumulate``, rounded."""
        if batch >= self.warmup:
            return max(1, round(self.accumulate))
        return max(1, round((self.accumulate - 1) / self.warmup * batch + 1))


def _pieces(gaps: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """``17x4`` for 17 updates with 4 batches after each, those of one gap together."""
    alike = groupby(gaps, key=lambda gap: gap[0])
    return tuple(f"{sum(count for _, count in same)}x{gap}" for gap, same in alike)


def say_warmup(run: Settings, cadence: Cadence, lr: float, bias: float, *, cosine: bool) -> None:
    """What the warmup does to a short run, and to the biases."""
    if cadence.warmup >= cadence.batches:
        reached = _share_reached(cadence, run["epochs"], run["lrf"], cosine=cosine)
        run.warn(
            "warmup-longer-than-run",
            f"{cadence.batches} batches and a warmup of {cadence.warmup}: the run is all warmup, and the LR"
            f" reaches {reached:.0%} of its peak",
            at="warmup_epochs",
        )
    if cadence.warmup and bias and lr and run["param_group"] == "weight":
        run.note(
            "biases-start-high",
            f"the biases start at warmup_bias_lr={lr_text(bias)}, {bias / lr:.3g} x the peak, and fall to the"
            " LR of the weights, which is this one",
            hint="--given param_group=bias shows theirs",
            at="warmup_bias_lr",
        )


def _share_reached(cadence: Cadence, epochs: int, lrf: float, *, cosine: bool) -> float:
    """The highest LR as a share of the peak in a run that is all warmup."""
    batches = cadence.batches // epochs

    def fall(done: float) -> float:
        left = (1 + math.cos(math.pi * done)) / 2 if cosine else 1 - done
        return left * (1 - lrf) + lrf

    ends = ((batches * (epoch + 1) - 1) / cadence.warmup * fall(epoch / epochs) for epoch in range(epochs))
    return max(ends, default=0.0)
