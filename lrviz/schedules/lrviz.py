"""lrviz's own: schedules of any frameworks, one after another; and a curve through points."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from lrviz.catalogue.arguments import bind, invoke
from lrviz.catalogue.group import Group
from lrviz.catalogue.nested import Nested, phase_end
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Phases, Points
from lrviz.engine.built import timelines
from lrviz.engine.compose import join_quantities
from lrviz.engine.timeline import Kind, Phase, Rates, TickArray, Timeline, constant, trend
from lrviz.engine.traced import look_up
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FRAMEWORK = Framework("lrviz", "")

ENDS = ("until", "for")


@schedule(
    example={
        "phase": (
            {"schedule": "torch.LinearLR", "params": {"start_factor": 0.1, "total_iters": 10}, "for": 10},
            {"schedule": "torch.ConstantLR", "params": {"factor": 1.0}, "until": 60},
            {
                "schedule": "transformers.linear",
                "params": {"num_warmup_steps": 0, "num_training_steps": 40},
            },
        )
    }
)
def phases(group: Group, phase: Phases) -> dict[str, Timeline]:
    """Schedules of any frameworks, one after another, each counting from its own 0.

    Formula: lr(t) = f_k(t - start_k) from start_k on; a phase ends at ``until``, or lasts ``for`` so many
    ticks; the last one goes on.
    Edges: each starts from the LR of its own formula, so the curve may jump where a phase begins. In a run, a
    phase's own length is filled from its stretch, and a percent inside it is of that stretch; there it may go
    on from the LR that it finds (start=last), come several times (times=3) and last a share of the rest.
    Source: lrviz; the frameworks' own ways to do it are torch.SequentialLR and optax.join_schedules.

    Raises:
        ScheduleError: no phase, one without an end before another, or what a phase raises.

    """
    if not phase:
        raise ScheduleError("phases needs at least one phase, got none", hint="lrviz info phases shows some")
    ends: list[int] = []
    for i, one in enumerate(phase[:-1], 1):
        said = {key: int(one.params[key]) for key in ENDS if one.params.get(key) is not None}
        ends.append(phase_end(f"phase {i} ({one.name})", ends[-1] if ends else 0, said))
    return join_quantities([_built(group, one) for one in phase], ends)


def _built(group: Group, one: Nested) -> dict[str, Timeline]:
    params = {name: value for name, value in one.params.items() if name not in ENDS}
    return timelines(invoke(one.entry, bind(one.entry, params), group=group, dtype=None))


Between = Literal["linear", "cosine", "log", "step"]
Point = tuple[float, float]
"""A tick and the LR at it."""


@schedule(
    example={"points": {0: 0.0, 10: 0.1, 60: 0.02, 100: 0.0}},
    starter={"points": "0:0,10%:1e-3,100%:0"},
)
def points(points: Points, between: Between = "linear") -> Timeline:
    """Through points: the LR at some steps, and a line, half a cosine or a stair from each to the next.

    Formula: at p = (t - t_k) / (t_(k + 1) - t_k) between two points: y_k + (y_(k + 1) - y_k) g(p), g(p) = p
    (linear) or (1 - cos(pi p)) / 2 (cosine); y_k (y_(k + 1) / y_k)^p (log); or y_k, to jump at the next point
    (step).
    Edges: before the first point it has the LR of that, after the last one the LR of that; 100% is the tick
    after the last update. ``file=lr.csv`` takes the rows of a log, or of a file that ``lrviz values`` wrote;
    ``file=lr.csv:wsd`` those of one curve in it.
    Source: lrviz; numpy's ``interp``, and the schedules of fastai's, fvcore's and optax's joined pieces.

    Raises:
        ScheduleError: no point, points that do not ascend, or an LR of 0 or below where ``between`` is log.

    """
    found = list(points.items())
    if not found:
        raise ScheduleError("points needs at least one point, got none", hint="<points=0:0,100:1e-3>")
    for (before, _), (after, _) in pairwise(found):
        if after <= before:
            text = f"points must ascend: {after:g} comes after {before:g}"
            raise ScheduleError(text, hint="<points=0:0,100:1e-3,1000:0>")
    lowest = min(rate for _, rate in found)
    if between == "log" and lowest <= 0:
        raise ScheduleError(f"between=log needs LRs above 0, got {lowest!r}", hint="<between=linear>")
    first, last = found[0], found[-1]
    held = [constant(first[1], kind="hold")] if first[0] > 0 else []
    pieces = [*_pieces(found, between)]
    end = constant(last[1], kind="hold" if pieces else "constant", start=last[0] if pieces or held else 0.0)
    return Timeline((*held, *pieces, end))


def _pieces(found: Sequence[Point], between: Between) -> Iterator[Phase]:
    """From each point to the next; what goes the same way is one phase, however many points it has."""
    kinds = [_kind(one, other, between) for one, other in pairwise(found)]
    for kind, same in groupby(range(len(kinds)), key=kinds.__getitem__):
        places = [*same]
        if kind == "stable":
            moved = (k for k in places if k == places[0] or found[k][1] != found[k - 1][1])
            yield from (constant(found[k][1], kind=kind, start=found[k][0]) for k in moved)
        else:
            yield _way(found[places[0] : places[-1] + 2], kind, between)


def _kind(one: Point, other: Point, between: Between) -> Kind:
    return "stable" if between == "step" or one[1] == other[1] else trend(one[1], other[1])


def _way(found: Sequence[Point], kind: Kind, between: Between) -> Phase:
    """Through points that all go up, or all down."""
    ticks, rates = np.array(found, dtype=np.float64).T

    def rate(t: TickArray) -> Rates:
        place = np.clip(np.searchsorted(ticks, t, side="right"), 1, len(ticks) - 1)
        start, end = look_up(ticks, place - 1), look_up(ticks, place)
        low, high = look_up(rates, place - 1), look_up(rates, place)
        done: Rates = (t - start) / (end - start)
        if between == "cosine":
            done = (1.0 - np.cos(np.pi * done)) / 2.0
        made: Rates = low * (high / low) ** done if between == "log" else low + (high - low) * done
        return made

    return Phase("warmup" if ticks[0] == 0 and kind == "rise" else kind, float(ticks[0]), rate)
