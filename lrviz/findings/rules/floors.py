"""Where the LR comes to rest: at 0, at its floor, below it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue.names import find_inner
from lrviz.catalogue.roles import Role
from lrviz.engine.sampling import last_tick
from lrviz.findings.rule import Said, of_curve
from lrviz.notation.numbers import is_number, lr_text
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.findings.look import Look

FEW, SHARE = 2, 0.01
"""So many updates, or that share of the run, may use an LR of 0: some frameworks begin or end with one."""
LONG, NEARLY_ALL = 0.1, 0.9
"""A share of the run at the floor that is worth a word, and one that is where stairs lead to it."""
ROUNDED = 1 - 1e-6
NOTHING = 1e-6


@of_curve(
    "zero-lr", "error", example="linear:warmup=0,num_training_steps=50 --steps 100", unless=("flat-line",)
)
def zero_lr(look: Look) -> Iterator[Said]:
    """The LR is 0 from some update on, to the end of the run.

    Those updates change nothing, and the run pays for them. Most often the schedule was told fewer steps than
    the run has, or is called several times per update.
    """
    left = look.ran - look.stays_from
    if look.facts.last == 0 and left > max(FEW, SHARE * look.ran):
        updates = f"{left} updates ({look.share(left)}) change nothing"
        yield Said(f"the LR is 0 from step {look.stays_from} on: {updates}")


@of_curve(
    "starts-at-zero",
    "warning",
    example="linear:warmup=5ep --interval epoch --steps-per-epoch 10 --epochs 50",
    unless=("flat-line",),
)
def starts_at_zero(look: Look) -> Iterator[Said]:
    """The first updates use an LR of 0.

    A warmup from 0 that moves once per epoch leaves the first epoch without training. Start it above 0, or
    call the scheduler after every update.
    """
    first = look.first_moves_at
    is_late = look.facts.first == 0 and not look.starts_later
    if is_late and max(FEW, SHARE * look.ran) < first < look.ran:
        yield Said(f"the LR is 0 up to step {first}: {first} updates ({look.share(first)}) change nothing")


@of_curve(
    "vanishes",
    "warning",
    example="torch.ExponentialLR:gamma=0.9 --steps 1000",
    unless=("flat-line", "zero-lr", "stops"),
)
def vanishes(look: Look) -> Iterator[Said]:
    """The LR falls to next to nothing long before the end.

    Updates of a millionth of the peak change nothing that counts. Most often a factor that is meant for each
    epoch is applied after every update: ``interval=epoch`` draws the other.
    """
    found = look.facts
    if look.moves_on_metric or not 0 < found.last < NOTHING * found.peak or any(_floors(look)):
        return
    last = last_tick(
        look.row.timeline, look.seen, 0, look.ran, lambda seen: seen.high >= NOTHING * found.peak
    )
    left = look.ran - (last or 0) - 1
    if left > max(FEW, LONG * look.ran):
        text = f"the LR is below a millionth of its peak from step {look.ran - left} on"
        yield Said(f"{text}: {left} updates ({look.share(left)}) change next to nothing")


@of_curve(
    "floor-early",
    "note",
    example="nanogpt:lr_decay_iters=50,warmup_iters=0,min_lr=1e-4 --steps 100",
    unless=("flat-line", "vanishes", "decay-ends-early", "decay-shorter-than-run"),
)
def floor_early(look: Look) -> Iterator[Said]:
    """The LR comes down to its least value long before the end.

    Training at the floor is often meant; where it is not, the schedule was told fewer steps than the run has.
    """
    start, found = look.stays_from, look.facts
    left = look.ran - start
    is_low = start > 0 and 0 < found.last < found.peak / 2
    if look.moves_on_metric or not is_low or left <= max(FEW, LONG * look.ran):
        return
    is_early = left > NEARLY_ALL * look.ran or look.row.timeline.jumps(start - 1, start + 1, 1) == []
    if is_early and look.phase_at(start - 1).kind == "decay":
        share = look.share(left)
        yield Said(f"the LR stays at {lr_text(found.last)} from step {start} on, for {share} of the run")


@of_curve(
    "below-floor",
    "note",
    example="fairseq.cosine:warmup_updates=10,min_lr=0.01,lr_period_updates=30,lr_shrink=0.5 --steps 100 "
    "--lr 0.1",
    unless=("floor-above-lr",),
)
def below_floor(look: Look) -> Iterator[Said]:
    """The LR falls below the floor that was asked for.

    Not every schedule stops at its floor: some only aim at it, and another schedule beside it goes on.
    """
    floors = [value for value in look.given(Role.FLOOR).values() if is_number(value) and value > 0]
    after = look.seen.low[look.firsts >= look.begins]
    low = float(np.fmin.reduce(after, initial=math.inf))  # passes over values that are no numbers
    is_scaled = look.row.run is not None and bool(look.row.run.groups)  # and its floor with it
    if floors and not is_scaled and low < min(floors) * ROUNDED:
        yield Said(f"the LR falls to {lr_text(low)}, below the floor of {lr_text(min(floors))}")


@of_curve(
    "floor-above-lr",
    "warning",
    example="torch.CosineAnnealingLR:eta_min=0.01 --lr 1e-4 --steps 100",
)
def floor_above_lr(look: Look) -> Iterator[Said]:
    """The floor is no lower than the LR.

    A decay towards it stays where it is, or rises. Floors are LRs in most schedules, and shares of the peak
    in some: one may have been given for the other.
    """
    floors = [value for value in _floors(look) if look.lr and value >= look.lr > 0]
    if floors and look.lr:
        yield Said(f"the floor of {lr_text(max(floors))} is not below the LR of {lr_text(look.lr)}")


def _floors(look: Look) -> Iterator[float]:
    """The floors that were given, those of the members of a list too."""
    if look.entry is None or look.row.run is None:
        return
    for value in look.given(Role.FLOOR).values():
        yield from _numbers(value, look.row.index)
    for value in look.given(Role.SCHEDULES).values():
        yield from _nested(look.entry, value)


def _nested(entry: Entry, value: Any) -> Iterator[float]:
    for call in value if isinstance(value, tuple) else (value,):
        if isinstance(call, Call):
            member, params = find_inner(entry, call.name), dict(call.params)
            for param in member.of_roles((Role.FLOOR,)):
                yield from _numbers(params.get(param.name), 0)


def _numbers(value: Any, index: int) -> Iterator[float]:
    one = value[min(index, len(value) - 1)] if isinstance(value, tuple) and value else value
    if is_number(one):
        yield float(one)
