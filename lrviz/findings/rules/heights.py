"""How high the LR gets and ends."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING

from lrviz.catalogue.roles import Role
from lrviz.engine.opaque import Opaque
from lrviz.errors import ScheduleError
from lrviz.findings.look import EQUAL
from lrviz.findings.rule import Said, of_curve
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.engine.timeline import Phase
    from lrviz.findings.look import Look

SAME = 1e-3
"""A curve that moves by a smaller share of its peak is flat."""
REACHED = 0.9
"""A peak of this share of the LR has reached it: a decay may begin under the warmup."""
HIGH = 0.5
OWN_LENGTHS = {"length-differs", "last-phase-cut"}
"""What says that a schedule is of another length than its run."""
MEANT_FLAT = {"constant", "stable", "hold"}
MEANT_KINDS = {*MEANT_FLAT, "cycle"}
"""What has a top of its own."""
LATER = (1.5, 2.0, 3.0, 5.0, 10.0)
"""How many times as far as the run it is looked whether a curve goes on."""
TEN = 10
FAR = (TEN, 1e2, 1e3, 1e4, 1e5, 1e6)
"""How many times as far something has grown that grows without end."""
AT_REST = (100.0, 200.0)
"""How many times as far a decay with an end has come to it; one without goes on."""


@of_curve(
    "flat-line", "warning", "note", "error", example="step:step_size=500 --steps 100", any_quantity=True
)
def flat_line(look: Look) -> Iterator[Said]:
    """A schedule that is to move does not, its warmup aside.

    Its first drop lies behind the end, its floor is its LR, or its power is next to 0. At an LR of 0 nothing
    is learned.
    """
    found, row, after = look.facts, look.row, look.firsts >= look.begins
    meant = all(phase.kind in MEANT_FLAT for phase in row.timeline.phases if phase.kind != "warmup")
    if row.steps < 2 or found.stop or found.not_finite is not None or meant or not after.any():
        return
    high, low = float(look.seen.high[after].max()), float(look.seen.low[after].min())
    if high - low > SAME * abs(high) or found.peak > high + SAME * abs(high):
        return
    behind = f" behind the warmup, from step {look.begins} on" if look.begins else ""
    is_open = look.moves_on_metric or look.is_free
    yield Said(
        f"a flat line at {lr_text(high)}{behind}", "error" if not high else "note" if is_open else None
    )


@of_curve(
    "never-reaches-lr",
    "warning",
    "note",
    example="list:param_scheduler=[LinearLR(start_factor=0.01,end=50,by_epoch=false),"
    "MultiStepLR(milestones=[20],by_epoch=false)] --steps 100",
    unless=("flat-line", "warmup-longer-than-run", "warmup-fills-run"),
)
def never_reaches_lr(look: Look) -> Iterator[Said]:
    """The LR that was given is never reached.

    A decay or a drop begins under the warmup, or the rise is longer than the run. Where the peak is the end
    of the warmup, the schedule itself may have another one than the LR.
    """
    lr, found = look.lr, look.facts
    is_meant = (
        look.is_free
        or look.starts_later
        or all(phase.kind in MEANT_KINDS for phase in look.row.timeline.phases)
    )
    reached = max(found.peak, found.after or 0.0)  # a rise as long as the run is there with its last call
    if not lr or is_meant or not 0 < reached < REACHED * lr:
        return
    is_own = found.warmup_end is not None and abs(found.peak_at - found.warmup_end) <= 1
    text = (
        f"the LR of {lr_text(lr)} is never reached: the peak is {lr_text(found.peak)} at step {found.peak_at}"
    )
    yield Said(text, "note" if is_own else None)


@of_curve(
    "ends-high",
    "warning",
    example="torch.CosineAnnealingLR:T_max=1000 --steps 100",
    unless=(
        "flat-line",
        "rises-again",
        "decay-rises",
        "floor-above-lr",
        "decay-longer-than-run",
        "drop-behind-end",
    ),
)
def ends_high(look: Look) -> Iterator[Said]:
    """The decay is cut off above half of the peak.

    The schedule was told more steps than the run has, or counts epochs where it is called per update. The end
    of a decay is where a model gains most.
    """
    found, kind = look.facts, look.phase_at(look.ran - 1).kind
    moves = look.stays_from > look.ran / 2
    if not found.stop and kind == "decay" and found.last > HIGH * found.peak and moves and _is_cut(look):
        share = f"{100 * found.last / found.peak:.3g} %"
        yield Said(f"the run ends at {lr_text(found.last)}, {share} of the peak: the decay is cut off")


def _is_cut(look: Look) -> bool:
    """Whether a length of its own says so, or it goes on falling behind the end and comes to rest there."""
    run, entry = look.row.run, look.entry
    if run is None or entry is None:
        return False
    if not OWN_LENGTHS.isdisjoint(finding.id for finding in run.findings):
        return True
    if look.row.timeline.walks or math.isfinite(look.row.timeline.end):
        return False
    low, (rest, still) = HIGH * look.facts.last, look.later(AT_REST)
    return rest == still < low or (entry.by_role(Role.SCHEDULES) is not None and min(look.later(LATER)) < low)


@of_curve(
    "grows", "warning", "note", example="torch.ExponentialLR:gamma=1.1 --steps 100", unless=("not-finite",)
)
def grows(look: Look) -> Iterator[Said]:
    """The LR grows to the end of the run and would grow on.

    A factor above 1 that is applied again and again diverges. A decay has one below 1. A formula of one's own
    may be the ladder of an LR range test.
    """
    found, phase = look.facts, look.phase_at(look.ran - 1)
    grows_on = found.after is not None and found.after > found.last > 0 and found.peak == found.last
    if found.stop or not grows_on or phase.kind not in {"decay", "cycle", "free"}:
        return
    values = _by_factor(look) if look.row.timeline.walks else _beyond(look, phase)
    if values and values[0] > found.last / HIGH and values == sorted({*values}):
        text = f"{lr_text(found.last)} at the last step, {lr_text(values[0])} at {TEN * look.row.steps}"
        yield Said(f"the LR grows without end: {text}", "note" if phase.kind == "free" else None)


def _beyond(look: Look, phase: Phase) -> list[float]:
    """The LR at ten times the run; of a formula of anybody's own, which may be a warmup, further too."""
    times: tuple[float, ...] = (TEN,)
    if phase.kind == "free":  # what nobody can read is not asked beyond the run
        times = FAR if isinstance(phase.shape, Opaque) and phase.shape.bounds else ()
    values: list[float] = []
    for one in times:
        if math.inf not in values:
            values += _later(look, one)
    return values


def _later(look: Look, times: float) -> list[float]:
    """The LR so many times as far as the run; what is too large a number is infinite."""
    try:
        return look.later((times,))
    except ScheduleError:
        return [math.inf]


def _by_factor(look: Look) -> list[float]:
    """The LR at ten times the run, where each is the one before times a factor that stays."""
    ran, found = look.ran, look.facts
    first, second, middle, after, before = look.at(0, 1, ran // 2, ran // 2 + 1, ran - 2)
    factors = [second / first, after / middle, found.last / before] if min(first, middle, before) > 0 else []
    if not factors or max(factors) > (1 + EQUAL) * min(factors):
        return []
    with suppress(OverflowError):
        return [found.last * factors[-1] ** ((TEN - 1) * look.row.steps)]
    return [math.inf]
