"""OLMo-core's schedules that are put together: of stages, or of other schedules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from lrviz.catalogue.arguments import call
from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Schedules, Text, Ticks, Total
from lrviz.engine.compose import ahead, join
from lrviz.engine.timeline import Phase, Timeline, constant, trend, value_at_tick
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import cos01

if TYPE_CHECKING:
    from lrviz.catalogue.nested import Nested

SHAPES = {"linear": lambda u: 1.0 - u, "cosine": cos01}


def _stage(begin: float, duration: float, first: float, last: float, shape: str) -> Phase:
    """From one LR to another in so many steps.

    Raises:
        ScheduleError: in none, or in no shape that there is.

    """
    if not duration > 0:
        raise ScheduleError(f"a stage of {duration!r} steps", hint="<durations=10,90>")
    if shape not in SHAPES:
        raise ScheduleError(f"a stage is linear or cosine, got {shape!r}", hint="<shapes=linear,cosine>")
    falls, kind = SHAPES[shape], "warmup" if begin == 0 and first < last else trend(first, last)
    return Phase(kind, begin, lambda g: last + (first - last) * falls((g - begin) / duration))


@dataclass(frozen=True)
class Override:
    """A decay that takes the place of all else from a step on, to a share of B that holds."""

    override_start: Ticks | None = None
    override_duration: Ticks | None = None
    override_end_lr_fraction: Factor | None = None
    override_shape: Text = "linear"

    def over(self, main: Timeline, B: float) -> Timeline:
        """The schedule up to that step, and the decay.

        Raises:
            ScheduleError: one of the three is missing.

        """
        start, duration, share = self.override_start, self.override_duration, self.override_end_lr_fraction
        if start is None or duration is None or share is None:
            if (start, duration, share) == (None, None, None):
                return main
            raise ScheduleError(
                "an override has a start, a duration and an end", hint="<override_duration=10>"
            )
        first, last = value_at_tick(main, start), B * share
        before = tuple(phase for phase in main.phases if phase.start < start)
        decay = _stage(float(start), duration, first, last, self.override_shape)
        return Timeline((*before, decay, constant(last, kind="hold", start=float(start + duration))))


@schedule(
    example={
        "durations": (10, 60, 30),
        "end_lr_fractions": (1.0, 0.5, 0.0),
        "start_lr_fractions": (0.0, 1.0, 0.5),
        "shapes": ("linear", "cosine", "linear"),
    },
    starter={"durations": "6%,94%", "end_lr_fractions": "1.0,0.1", "start_lr_fractions": "0.0,1.0"},
)
def ComposableScheduler(
    group: Group,
    override: Override,
    durations: tuple[Ticks, ...],
    end_lr_fractions: tuple[Factor, ...],
    start_lr_fractions: tuple[Factor, ...] | None = None,
    shapes: tuple[Text, ...] | None = None,
) -> Timeline:
    """Stages, each from one LR to another, straight or as half a cosine.

    Formula: f(g) = e + (s - e) (1 - u), or e + (s - e) (1 + cos(pi u)) / 2, with u the part of the stage that
    is over, s and e its shares of B; a stage starts where the one before ended, the first at B, unless
    start_lr_fractions say otherwise. The last end holds. From g = override_start on a decay of
    override_duration steps to override_end_lr_fraction of B, which holds.
    Edges: the trainer takes f(t + 1) for update t (lead=1). The length of the run changes nothing. The
    fields of a stage are lists here, and an LR is said as its share of B.
    Source: olmo_core 3.0.0 ``ComposableScheduler``.

    Raises:
        ScheduleError: not as many of each, a stage of no step, no such shape, or half an override.

    """
    ends, kinds = end_lr_fractions, shapes or ("linear",) * len(durations)
    starts = start_lr_fractions or (1.0, *ends)[: len(durations)]
    if not durations or {len(ends), len(kinds), len(starts)} != {len(durations)}:
        raise ScheduleError(f"{len(durations)} durations need as many of each", hint="<durations=10,90>")
    begins = [0.0, *accumulate(map(float, durations))]
    stages = zip(begins, durations, starts, ends, kinds, strict=False)
    phases = [_stage(at, lasts, group.lr * s, group.lr * e, kind) for at, lasts, s, e, kind in stages]
    after = constant(group.lr * ends[-1], kind="hold", start=begins[-1])
    return override.over(Timeline((*phases, after)), group.lr)


@schedule(
    example={
        "schedulers": (
            {"schedule": "WSD", "params": {"warmup": 10, "decay_fraction": 0.2, "decay_min_lr": 0.02}},
            {"schedule": "CosWithWarmup", "params": {"warmup": 0}},
        ),
        "schedulers_max": (60,),
        "t_max": 100,
    },
)
def SequentialScheduler(
    group: Group, override: Override, schedulers: Schedules, schedulers_max: tuple[Ticks, ...], t_max: Total
) -> Timeline:
    """One schedule after another, each with the last LR of the one before as its B.

    Formula: f(g) = f_k(g - M_k) for g > M_k, the steps of all schedulers before k; each takes the
    schedulers_max of its own, or what is left of t_max, for the length of the run.
    Edges: the trainer takes f(t + 1) for update t (lead=1). The override is as ComposableScheduler's.
    Source: olmo_core 3.0.0 ``SequentialScheduler``.

    Raises:
        ScheduleError: not one length for each but the last, or what one of them raises.

    """
    if len(schedulers_max) + 1 != len(schedulers):
        text = f"{len(schedulers)} schedulers need {len(schedulers) - 1} schedulers_max"
        raise ScheduleError(text, hint="<schedulers_max=60>")
    positive("SequentialScheduler", **{f"schedulers_max[{i}]": one for i, one in enumerate(schedulers_max)})
    B, left, parts = group.lr, t_max, list[Timeline]()
    for one, lasts in zip(schedulers, (*schedulers_max, None), strict=True):
        length = left if lasts is None else min(left, lasts)
        parts.append(_part(one, replace(group, lrs=(B,), index=0), length))
        if lasts is not None:
            last = _part(one, replace(group, lrs=(B,), index=0), lasts)
            B, left = value_at_tick(last, lasts), left - lasts
    first, *others = parts
    begins = [end + 1 for end in accumulate(map(int, schedulers_max))]  # each still rules at its end
    return override.over(join([first, *(ahead(one, 1) for one in others)], begins), group.lr)


def _part(one: Nested, group: Group, length: float) -> Timeline:
    """A schedule in a run of that length, where it does not say its own."""
    length_of = {"t_max": length} if "t_max" in one.entry.params else {}
    return call(one._replace(params={**length_of, **one.params}), Timeline, group=group)
