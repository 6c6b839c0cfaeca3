"""Stochastic weight averaging: SWALR."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import PerGroup, Ticks
from lrviz.engine.chain import KEEP, Chainable, Pairs, stepped_to_zero
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError


@schedule(example={"swa_lr": 0.05, "anneal_epochs": 20}, starter={"swa_lr": "lr/10"}, aliases=("swa",))
def SWALR(
    group: Group,
    swa_lr: PerGroup,
    anneal_epochs: Ticks = 10,
    anneal_strategy: Literal["cos", "linear"] = "cos",
) -> Chainable:
    """From the LR to ``swa_lr`` in ``anneal_epochs`` ticks, then ``swa_lr``.

    Formula: lr(t) = swa_lr a + B (1 - a), a = u (linear) or (1 - cos(pi u)) / 2 (cos), u = min(1, t / N).
    Edges: N = 0 is ``swa_lr`` from the start. It works on the LR that stands in the group, whoever wrote it,
    and ``swa_lr`` stands in the group too: of two SWALRs on one optimizer the later one's counts for both.
    Source: torch 2.13.0 ``torch.optim.swa_utils.SWALR``.

    Raises:
        ScheduleError: ``anneal_epochs`` is no whole number >= 0.

    """
    if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
        raise ScheduleError(
            f"SWALR: anneal_epochs must be a whole number >= 0, got {anneal_epochs!r}",
            hint="<anneal_epochs=10>",
        )
    B, N = group.lr, anneal_epochs
    group.state["swa_lr"] = (group.pick("swa_lr", swa_lr),)

    def alpha(t: TickArray) -> Rates:
        u = np.clip((np.maximum(1.0, t) if N == 0 else t) / max(1, N), 0.0, 1.0)
        return u if anneal_strategy == "linear" else (1.0 - np.cos(math.pi * u)) / 2.0

    def maps(k: TickArray) -> Pairs:
        (to,) = group.state["swa_lr"]
        before, now = alpha(np.maximum(1.0, k) - 1.0 if N == 0 else k - 1.0), alpha(k)
        left = np.where(before == 1, 0.0, (1.0 - now) / (1.0 - before))
        return [(left, np.where(before == 1, to * now + to * (1.0 - now), to * now - before * to * left))]

    def rate(t: TickArray) -> Rates:
        (to,) = group.state["swa_lr"]
        return to * alpha(t) + B * (1.0 - alpha(t))

    anneal, held = Phase("decay", 0.0, rate, label="anneal"), Phase("stable", float(N), rate)
    phases = (anneal, held) if N else (held,)

    def part(ahead: int) -> Chainable:
        """It counts its step() calls, which nobody takes back: ``ahead`` of them came before its tick 0."""
        own = Chainable(Timeline(phases), KEEP, lambda k: maps(k + ahead), KEEP)
        again, stepped = partial(part, 0), partial(part, ahead + 1)
        return replace(
            own, first=stepped_to_zero(own), enter=partial(stepped_to_zero, own), again=again, stepped=stepped
        )

    return part(0)
