"""What lies at the end of the run, and behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.findings.look import MOST_PHASES
from lrviz.findings.rule import Said, of_curve
from lrviz.notation.numbers import LARGEST_WHOLE, counted, lr_text
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.engine.timeline import Phase
    from lrviz.findings.look import Look

LISTED = 4
"""Places that are named."""
CYCLE_LEFT = 0.1
"""A share of the height of the cycles, at which one has come down."""
MOST_JUMPS = 4096
LEFT = {"hold", "constant"}
"""What lies behind the end of most schedules."""


@of_curve("drop-behind-end", "warning", example="torch.MultiStepLR:milestones=30,500,800 --steps 100")
def drop_behind_end(look: Look) -> Iterator[Said]:
    """A drop of the LR lies at the end of the run, or behind it.

    It never comes. Milestones are counted in calls of the scheduler: epochs where it is called once per
    epoch, updates otherwise.
    """
    late = sorted(set(_drops(look)))
    if late and not look.facts.stop:
        places = few([str(place) for place in late], LISTED)
        text = f"{counted(len(late), 'drop')} behind the end of the run, at step {places}"
        yield Said(f"{text}: the run has {look.row.steps} steps")


def _drops(look: Look) -> Iterator[int]:
    """Where listed drops lie that the run does not reach; what repeats has always one more."""
    phases, run = look.row.timeline.phases[:MOST_PHASES], look.row.steps
    for phase, following in zip(phases, [*(p.start for p in phases[1:]), math.inf], strict=True):
        if phase.kind not in {"decay", "constant"} or look.moves_on_metric:
            continue
        for turns in phase.breaks():
            if turns.period is None and turns.count(run, LARGEST_WHOLE) <= MOST_PHASES:
                late = [math.ceil(at) for at in turns.positions(run, LARGEST_WHOLE) if at < following]
                yield from (at for at in late if phase.kind == "decay" or _falls(look, at))


def _falls(look: Look, at: int) -> bool:
    """Whether a listed value is lower than the one before; those of a warmup are not."""
    before, after = look.at(at - 1, at)
    return after < before


@of_curve(
    "phase-behind-end",
    "warning",
    example="wsd:warmup=0,num_stable_steps=200,num_decay_steps=20 --steps 100",
    unless=("warmup-longer-than-run", "warmup-fills-run"),
)
def phase_behind_end(look: Look) -> Iterator[Said]:
    """A stretch of the schedule begins at the end of the run, or behind it.

    The decay, or the next schedule of a sequence, never begins: the stretches before it are together as long
    as the run.
    """
    phases, end = look.row.timeline.phases[:MOST_PHASES], look.row.steps
    known = {phase.name for phase in phases if phase.start < end or phase.kind in LEFT}
    late = [phase for phase in phases if phase.start >= end and phase.name not in known]
    if late and not look.facts.stop and not look.row.timeline.walks:
        start = late[0].start  # beyond float32 it is infinite
        begins = "never begins" if start > LARGEST_WHOLE else f"would begin at step {math.ceil(start)}"
        yield Said(f"{late[0].name} {begins}, and the run has {end} steps")


@of_curve(
    "cycle-cut", "note", example="torch.CosineAnnealingWarmRestarts:T_0=40 --steps 100", unless=("grows",)
)
def cycle_cut(look: Look) -> Iterator[Said]:
    """The run ends in the middle of a cycle.

    A cycle is best at its end, where the LR is least: a run of whole cycles ends there.
    """
    found, phase = look.facts, look.phase_at(look.ran - 1)
    is_first = found.restarts.count == 0 and phase.shape.jumps
    low = 0.0 if is_first else found.low
    if phase.kind == "cycle" and not found.stop and found.last - low > CYCLE_LEFT * (found.peak - low):
        start = _cycle_start(look, phase)
        where = "the middle of a cycle" if start is None else f"a cycle that began at step {start}"
        yield Said(f"the run ends at {lr_text(found.last)}, in {where}")


def _cycle_start(look: Look, phase: Phase) -> int | None:
    """Where the last cycle began, which is known of those that begin with a jump."""
    if phase.jumps or not phase.shape.jumps:
        return None
    first, width = max(math.ceil(phase.start), 0), 1
    while True:
        low = max(first, look.ran - width)
        jumps = look.row.timeline.jumps(low - 1, look.ran, MOST_JUMPS)
        if jumps is None or jumps or low == first:
            return None if jumps is None else max([first, *jumps])
        width *= 2
