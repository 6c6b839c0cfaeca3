"""A ``param_scheduler`` list: schedulers on epochs and iterations that share the LR."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lrviz.catalogue import arguments
from lrviz.catalogue.group import Group
from lrviz.catalogue.nested import Nested
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import EpochSteps, Schedules, Total
from lrviz.engine.chain import Chainable, Maps, Pairs, apply, chained_walk, in_turn
from lrviz.engine.compose import lead
from lrviz.engine.timeline import Kind, Phase, TickArray, Timeline
from lrviz.engine.walk import Walk
from lrviz.errors import ScheduleError
from lrviz.schedules.mmengine.plateau import Reducer


@schedule(
    name="list",
    example={
        "param_scheduler": (
            {"type": "LinearLR", "start_factor": 0.1, "begin": 0, "end": 10, "by_epoch": False},
            {"type": "CosineAnnealingLR", "T_max": 90, "begin": 10, "end": 100, "by_epoch": False},
        )
    },
)
def param_scheduler(
    group: Group,
    param_scheduler: Schedules,
    epoch_length: EpochSteps | None = None,
    default_end: Total | None = None,
) -> Timeline:
    """A ``param_scheduler`` list: all members step on, each inside its own window.

    Formula: the fold of the members' maps, in order. A tick is an epoch if all members count epochs, else an
    iteration: at the last one of an epoch those that count epochs step too, after the others, and at the very
    last any ReduceOnPlateauLR acts.
    Edges: in a gap between windows the LR holds; where windows overlap each works on the LR the ones before
    it left, which for PolyLR and CosineAnnealingLR is not the product of the two curves. As in the Runner,
    epoch_length (iterations in an epoch) serves convert_to_iter_based, and default_end, in ticks, is the end
    of members that have none; without it theirs is 1e9.
    Source: mmengine 0.10.7 ``Runner``, ``ParamSchedulerHook`` and ``_ParamScheduler``.

    Raises:
        ScheduleError: an empty list, an unknown type, epochs of unknown length, or what a member raises.

    """
    if not param_scheduler:
        raise ScheduleError("the param_scheduler list is empty", hint="param_scheduler=LinearLR(end=10)")
    runner = _Runner(epoch_length, default_end, all(map(_by_epoch, param_scheduler)))
    members, initial = [], group.lr
    for call in param_scheduler:
        lrs = tuple(initial if i == group.index else lr for i, lr in enumerate(group.lrs))
        member = runner.built(call, replace(group, lrs=lrs))
        members.append(member)
        if member.part.initial_lr is not None:
            initial = member.part.initial_lr
    return _together(group.lr, members)


def _in_epochs(call: Nested) -> bool:
    """Whether its parameters count epochs."""
    return bool(call.params.get("by_epoch", True))


def _by_epoch(call: Nested) -> bool:
    """Whether it steps once per epoch."""
    converted = call.params.get("convert_to_iter_based") or call.params.get("epoch_length")
    return _in_epochs(call) and not converted


@dataclass(frozen=True)
class _Runner:
    """What the Runner knows of the run."""

    epoch_length: int | None
    default_end: float | None
    in_epochs: bool  # the list's ticks, and default_end

    def built(self, call: Nested, group: Group) -> _Member:
        """The member on the group, with what the Runner adds to its arguments."""
        params = dict(call.params)
        mixed = _in_epochs(call) and not self.in_epochs
        own = call.params.get("epoch_length")
        length = own if isinstance(own, int) else self.epoch_length or 0
        if mixed and length <= 0:
            raise ScheduleError(
                f"{call.entry.name} has epochs in a list on iterations: epoch_length must be positive,"
                f" got {length!r}",
                hint="<epoch_length=100> (iterations in an epoch), or <steps_per_epoch=100>",
            )
        if self.default_end is not None:
            params.setdefault("end", math.ceil(self.default_end / length) if mixed else self.default_end)
        if _in_epochs(call) and not _by_epoch(call) and own is None:
            params["epoch_length"] = length
        part = arguments.call(call._replace(params=params), Chainable, group=group)
        return _Member(call.entry.name, part, length if mixed and _by_epoch(call) else 1, _by_epoch(call))


@dataclass(frozen=True)
class _Member:
    """A scheduler that steps at every ``size``-th tick of the list."""

    name: str
    part: Chainable
    size: int
    by_epoch: bool

    @property
    def timeline(self) -> Timeline:
        """What it does alone, in its own steps."""
        return self.part.timeline

    @property
    def inside(self) -> Phase:
        """The phase that begins its window."""
        return next((p for p in self.timeline.phases if p.kind != "hold"), self.timeline.phases[0])

    @property
    def start(self) -> float:
        """The tick at which its window begins."""
        return self.inside.start * self.size

    @property
    def turn(self) -> float:
        """The tick at which a warmup of its own is over, as that of a OneCycleLR; never without one."""
        falls = (p.start for p in self.timeline.phases if p.kind == "decay")
        start = next(falls, math.inf) if self.inside.kind == "warmup" else math.inf
        return start * self.size

    @property
    def stop(self) -> float:
        """The tick from which it leaves the LR alone."""
        after = (p.start for p in self.timeline.phases if p.kind == "hold" and p.start > self.inside.start)
        return next(after, math.inf) * self.size

    def maps(self, g: TickArray) -> Pairs:
        """The maps of the ticks at which it steps."""
        now = g % self.size == 0
        own = self.part.maps(np.where(now, g // self.size, 0.0))
        return [(np.where(now, a, 1.0), np.where(now, b, 0.0)) for a, b in own]


def _together(lr: float, members: list[_Member]) -> Timeline:
    """All members on one LR: those on iterations step before those on epochs, metrics come last."""
    first = in_turn(member.part.first for member in members)
    start = apply(first, lr)
    stepping = sorted(members, key=lambda member: member.by_epoch)

    def maps(g: TickArray) -> Pairs:
        return [pair for member in stepping for pair in member.maps(g)]

    soonest = min(members, key=lambda member: member.timeline.end * member.size)
    end = soonest.timeline.end * soonest.size
    lowered = _lowered(start, maps, members, end)

    def maps_and_metrics(g: TickArray) -> Pairs:
        levels = np.array([lowered.get(tick, math.nan) for tick in g.tolist()])
        kept = np.isnan(levels)
        return [*maps(g), (np.where(kept, 1.0, 0.0), np.where(kept, 0.0, levels))]

    why, acting = soonest.timeline.why, maps_and_metrics if lowered else maps
    walked = chained_walk(start, acting, _phases(members), end=end, why=why)
    return lead(replace(walked, gives_out=soonest.timeline.gives_out))


def _lowered(start: float, maps: Maps, members: list[_Member], end: float) -> dict[float, float]:
    """The LR after each tick at which a metric lowers it."""
    acting = [
        (float(tick * member.size), member.part.lower)
        for member in members
        if isinstance(member.part, Reducer)
        for tick in member.part.at
    ]
    lr, at, found = start, 0.0, {}
    for tick, lower in sorted(acting, key=lambda item: item[0]):
        if tick >= end:
            break
        walk = Walk(lr, partial(_later, maps, at))
        lr, at = lower(float(walk(np.array([tick - at]))[0])), tick
        found[tick] = lr
    return found


def _later(maps: Maps, at: float, k: TickArray) -> Pairs:
    return maps(k + at)


def _phases(members: list[_Member]) -> list[tuple[Kind, float, str]]:
    """A phase from every tick at which a window begins or ends, called after the members inside."""
    edges = {0.0, *(edge for one in members for edge in (one.start, one.turn, one.stop))}
    return [_phase(members, edge) for edge in sorted(edges - {math.inf})]


def _phase(members: list[_Member], tick: float) -> tuple[Kind, float, str]:
    acting = [member for member in members if member.start <= tick < member.stop]
    if not acting:
        return "hold", tick, "held" if tick else "before"
    last = acting[-1]
    kind: Kind = "decay" if tick >= last.turn else last.inside.kind
    return kind, tick, " · ".join(member.name for member in acting)
