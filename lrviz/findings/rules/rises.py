"""Where the LR goes up and nobody asked it to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.findings.look import EQUAL
from lrviz.findings.rule import Said, of_curve
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.findings.look import Look

MUCH = 0.05
"""A rise of a smaller share of the peak is none."""
MOST = 0.75
"""A jump of a larger share of a rise is a restart, not a stair."""
ROUNDING = 1e-6
AT_THE_TOP = 0.99
"""Where a rise ends that goes to the peak."""
MOST_STAIRS = 4096


@of_curve("rises-again", "warning", example="torch.CosineAnnealingLR:T_max=60 --steps 100")
def rises_again(look: Look) -> Iterator[Said]:
    """A decay that has come down rises again, though no restart is asked for.

    A cosine is a wave: told fewer steps than the run has, it turns at its lowest place. Tell it the length of
    the run, in the unit in which it is called.
    """
    after = look.firsts >= look.facts.peak_at
    if not after.any() or look.facts.stop:
        return
    slack = EQUAL * abs(look.facts.peak)
    low = np.where(after, look.seen.low, np.inf)
    bottom = int(np.argmax(low <= low.min() + slack))
    high = np.where(np.arange(low.size) > bottom, look.seen.high, -np.inf)
    top = int(np.argmax(high >= high.max() - slack))
    start, end = int(look.seen.low_at[bottom]), int(look.seen.high_at[top])
    kinds = {look.phase_at(start).kind, look.phase_at(end).kind}
    rise = float(high[top] - low[bottom])
    if rise > MUCH * look.facts.peak and kinds == {"decay"} and _climbs(look, start, end, rise):
        ends = lr_text(float(low[bottom])), lr_text(float(high[top]))
        yield Said(f"the LR falls to {ends[0]} at step {start} and rises again, to {ends[1]} at step {end}")


def _climbs(look: Look, start: int, end: int, rise: float) -> bool:
    """Whether it goes up by and by, or by stairs, and no one jump is most of the rise."""
    jumps = look.row.timeline.jumps(start, end + 1, MOST_STAIRS)
    if not jumps:
        return jumps == []
    after = np.array(jumps, dtype=float)
    return bool((look.row.timeline(after) - look.row.timeline(after - 1) <= MOST * rise).all())


@of_curve(
    "warmup-falls",
    "warning",
    example="keras.CosineDecay:initial_learning_rate=0.01,decay_steps=80,warmup_target=0.001,warmup_steps=20 "
    "--steps 100",
    unless=("warmup-starts-high",),
)
def warmup_falls(look: Look) -> Iterator[Said]:
    """The warmup goes down.

    It begins above the LR that it leads to: the two were mixed up, or one has the unit of another schedule.
    """
    falls = [text for change, text in _changes(look, "warmup") if change < 1 - ROUNDING]
    yield from (Said(f"the warmup falls, {text}") for text in falls[:1])


@of_curve(
    "decay-rises",
    "warning",
    example="keras.PolynomialDecay:initial_learning_rate=0.001,decay_steps=100,end_learning_rate=0.01 "
    "--steps 100",
    unless=("rises-again", "grows", "floor-above-lr", "not-finite"),
)
def decay_rises(look: Look) -> Iterator[Said]:
    """A decay ends above where it began, at the top.

    Its end is above its start, or its factor above 1: an LR that grows while the loss comes down diverges.
    """
    rises = [text for change, text in _changes(look, "decay") if change > 1 + ROUNDING]
    yield from (Said(f"the decay rises, {text}") for text in rises[:1])


def _changes(look: Look, kind: str) -> Iterator[tuple[float, str]]:
    """By what factor each phase of a kind changes the LR, and from where to where; a rise goes to the top."""
    before, lr = "", look.lr or 0.0
    for phase, first, last in look.stretches():
        begun, ended = look.at(first, last) if phase.kind == kind else (0.0, 0.0)
        goes_on = before == "warmup" and begun < ended <= (1 + ROUNDING) * lr  # beside a decay that has begun
        before = phase.kind
        is_one_way = begun > 0 and _top(look, first, last) <= (1 + ROUNDING) * max(begun, ended)
        if is_one_way and not goes_on and not begun < ended < AT_THE_TOP * look.facts.peak:
            yield ended / begun, f"from {lr_text(begun)} at step {first} to {lr_text(ended)} at step {last}"


def _top(look: Look, first: int, last: int) -> float:
    """The highest LR from one update to another; a cycle as a whole has it between its ends."""
    within = (look.firsts >= first) & (look.firsts <= last)
    return float(np.fmax.reduce(look.seen.high[within], initial=0.0))


@of_curve(
    "jump-up",
    "warning",
    "note",
    example="torch.SequentialLR:schedulers=[LinearLR(total_iters=50),CosineAnnealingLR(T_max=90)],"
    "milestones=[10] --steps 100",
    unless=("resume-jump",),
)
def jump_up(look: Look) -> Iterator[Said]:
    """The LR jumps up where one stretch ends and the next begins, and no cycle explains it.

    A ramp that is cut off, or does not lead to where the next schedule begins; or one schedule that decayed
    before another starts again at the top, which may be meant.
    """
    for tick in look.facts.restarts.ticks:
        before, after = look.at(tick - 1, tick)
        left, right = look.phase_at(tick - 1), look.phase_at(tick)
        if left is right or after - before <= 2 * MUCH * look.facts.peak:
            continue
        text = f"the LR jumps from {lr_text(before)} to {lr_text(after)} at step {tick}"
        if left.kind == "warmup" and _is_ramp(look, math.ceil(max(left.start, 0.0)), tick):
            yield Said(f"{text}, where the warmup ends")
        elif left.kind == "decay" and right.kind != "cycle":
            yield Said(text, "note")


def _is_ramp(look: Look, start: int, end: int) -> bool:
    """Whether a warmup rises, and not by stairs."""
    first, last = look.at(start, end - 1)
    return first < last and look.row.timeline.jumps(start, end, MOST_STAIRS) == []
