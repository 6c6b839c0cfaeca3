"""The updates of a YOLO: its LR moves by batches, of which an update takes more and more in the warmup.

Source: ``BaseTrainer._do_train`` of ultralytics 8.0 to 8.4.190, ``train.py`` of YOLOv5 and YOLOv7.
"""

from __future__ import annotations

import bisect
import math
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value


MOST_EPOCHS = 10_000
"""Epochs that are looked at for the highest LR of a run."""


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

    ``each`` are the batches of an epoch. YOLOv7 steps in batches that are a multiple of ``accumulate``, the
    others so many after the last update.
    """

    epochs: int
    each: int
    warmup: int
    accumulate: float
    by_multiples: bool = False

    @property
    def batches(self) -> int:
        """Those of the run."""
        return self.epochs * self.each

    @property
    def formula(self) -> str:
        """How its updates come about, in words."""
        full = self._taken(self.warmup)
        grows = "from 1 up to " if full > 1 and self.warmup else ""
        return f"{self.batches} batches, {grows}{full} in an update"

    def updates(self) -> Updates:
        """Those of the whole run; batches after the last one are never stepped on."""
        found, last, gaps = Updates(0, 0, 0, ()), -1, []
        for start, end, taken in self._levels():
            first = ceil_div(start, taken) * taken if self.by_multiples else max(start, last + taken)
            steps = range(first, end, taken)
            if not steps:
                continue
            gaps += [(first - last, 1), (taken, len(steps) - 1)]
            in_warmup = found.in_warmup + len(range(first, min(end, self.warmup), taken))
            found = Updates(found.total + len(steps), in_warmup, found.lead if found.total else first, ())
            last = steps[-1]
        return found._replace(pace=_pieces([*gaps[1:], (self.batches - last, 1)])) if found.total else found

    def _levels(self) -> Iterator[tuple[int, int, int]]:
        """Where an update begins to take so many batches, where it takes more, and how many."""
        start = 0
        while start < self.batches:
            taken, end = self._taken(start), self.batches
            if start < self.warmup:
                rising = range(start, min(self.batches, self.warmup))
                end = start + bisect.bisect_right(rising, taken, key=self._taken)
            yield start, end, taken
            start = end

    def _taken(self, batch: int) -> int:
        """Batches of an update: numpy's ``interp`` between 1 and ``accumulate``, rounded."""
        if batch >= self.warmup:
            return max(1, round(self.accumulate))
        return max(1, round((self.accumulate - 1) / self.warmup * batch + 1))


def _pieces(gaps: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """``17x4`` for 17 updates with 4 batches after each, those of one gap together."""
    alike = groupby((gap for gap in gaps if gap[1]), key=lambda gap: gap[0])
    counted = ((gap, sum(count for _, count in same)) for gap, same in alike)
    return tuple(f"{count}x{gap}" for gap, count in counted)


def curve_of(run: Settings, cadence: Cadence, lr: float, bias: float, *, cosine: bool, **own: Value) -> Spec:
    """A warmup by batches, then a line or a cosine by epochs, at the batches that are updates.

    Raises:
        ConfigError: there are none.

    """
    updates = cadence.updates()
    if not updates.total:
        run.refuse("it makes no update", hint=run.longer("--given nbs=1"), at="nbs")
    run.line(run.TOTAL_STEPS, cadence.formula, updates.total)
    run.warmup = updates.in_warmup
    _say_warmup(run, cadence, lr, bias, cosine=cosine)
    return run.curve(
        "ultralytics.BaseTrainer",
        lr=lr,
        steps=updates.total,
        steps_per_epoch=cadence.each,
        epochs=cadence.epochs,
        lrf=run["lrf"],
        cos_lr=cosine,
        warmup_bias_lr=bias,
        **{"param_group": run["param_group"], **own},
        **updates.clock(),
    )


def _say_warmup(run: Settings, cadence: Cadence, lr: float, bias: float, *, cosine: bool) -> None:
    """What the warmup does to a short run, and to the biases."""
    if cadence.warmup >= cadence.batches:
        reached = _share_reached(cadence, run["lrf"], cosine=cosine)
        run.warn_of_warmup(f"{cadence.warmup} batches", cadence.batches, reached, at="warmup_epochs")
    if cadence.warmup and bias and lr and run["param_group"] == "weight":
        run.note(
            "biases-start-high",
            f"the biases start at warmup_bias_lr={lr_text(bias)}, {bias / lr:.3g} x the peak, and fall to the"
            " LR of the weights, which is this one",
            hint="--given param_group=bias shows theirs",
            at="warmup_bias_lr",
        )


def _share_reached(cadence: Cadence, lrf: float, *, cosine: bool) -> float:
    """The highest LR as a share of the peak in a run that is all warmup."""
    epochs = cadence.epochs

    def fall(done: float) -> float:
        left = (1 + math.cos(math.pi * done)) / 2 if cosine else 1 - done
        return left * (1 - lrf) + lrf

    looked_at = range(0, epochs, max(1, epochs // MOST_EPOCHS))
    ends = ((cadence.each * (epoch + 1) - 1) / cadence.warmup * fall(epoch / epochs) for epoch in looked_at)
    return max(ends, default=0.0)
