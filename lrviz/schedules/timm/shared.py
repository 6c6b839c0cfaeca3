"""What the schedulers share: the warmup, its prefix, noise, who steps them, the scale of the group."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lrviz.catalogue.group import Group
from lrviz.catalogue.roles import LR, ByEpoch, GroupScale, Number, Ticks, Warmup, WholeCount
from lrviz.engine.breakpoints import beside
from lrviz.engine.compose import scale, shift
from lrviz.engine.distinct import distinct
from lrviz.engine.timeline import LARGEST_TICK, Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.timm.noise import Noise

Caller = Literal["step", "step_update"]
NoiseRange = Ticks | tuple[Ticks, ...]

SAME = 1e-3
"""A first value this near the formula's, relative to it, is no phase of its own."""


@dataclass(frozen=True)
class Main:
    """What comes after the warmup, in ticks of its own.

    ``refused`` tells at which ticks timm raises, or leaves no number; the first of them is one of the first
    ticks or lies beside one of ``suspects``. ``length`` is what ``get_cycle_length`` returns without a
    prefix.
    """

    phases: tuple[Phase, ...]
    refused: Callable[[TickArray], NDArray[np.bool_]] = lambda t: np.zeros(t.shape, dtype=bool)
    suspects: Iterable[float] = ()
    why: str = ""
    length: float | None = None

    def at(self, t: float) -> float:
        """The value at one tick.

        Raises:
            ScheduleError: timm raises there.

        """
        tick = np.array([float(t)])
        with np.errstate(all="ignore"):
            if self.refused(tick)[0]:
                raise ScheduleError(self.why, hint="give the parameter another value", step=0)
        return float(Timeline(self.phases)(tick)[0])


@dataclass(frozen=True)
class Shared:
    """What every scheduler takes beside its formula.

    ``stepped_by`` is None where the training script calls ``step`` after each epoch and ``step_update`` after
    each update, as train.py does.
    """

    warmup_t: Warmup = 0
    warmup_lr_init: LR = 0.0
    noise_range_t: NoiseRange | None = None
    noise_pct: Number = 0.67
    noise_std: Number = 1.0
    noise_seed: WholeCount | None = 42
    initialize: bool = True
    stepped_by: Caller | None = None
    lr_scale: GroupScale = 1.0

    @property
    def noise(self) -> Noise:
        """The noise on its LR."""
        return Noise(self.noise_range_t, self.noise_pct, self.noise_std, self.noise_seed)

    @property
    def moved_by(self) -> Caller:
        """The one call that moves it."""
        return "step"


@dataclass(frozen=True)
class Timed(Shared):
    """A scheduler that counts epochs or updates."""

    t_in_epochs: ByEpoch = True

    @property
    def moved_by(self) -> Caller:
        """The one call that moves it."""
        return "step" if self.t_in_epochs else "step_update"


@dataclass(frozen=True)
class Scheduler:
    """Everything about a scheduler but its formula; ``prefix``: it begins behind its warmup."""

    name: str
    group: Group
    shared: Shared
    prefix: bool

    def __post_init__(self) -> None:
        """Refuse what timm's base class refuses.

        Raises:
            ScheduleError: initialize=False, which needs a scheduler before this one.

        """
        if not self.shared.initialize:
            message = (
                f"{self.name}: initialize=False needs an initial_lr in the param group, and there is none"
            )
            raise ScheduleError(message, hint="<initialize=true>")

    @property
    def start(self) -> float:
        """What the constructor leaves in the group, but for the group's scale."""
        return float(self.shared.warmup_lr_init if self.shared.warmup_t else self.group.lr)

    @property
    def frozen(self) -> bool:
        """Whether the one call that is made moves nothing."""
        return self.shared.stepped_by not in (None, self.shared.moved_by)

    @property
    def first(self) -> float:
        """The first tick that is computed and not warmup."""
        return max(1.0, float(np.ceil(float(self.shared.warmup_t))))

    def warmup(self, target: float | None = None) -> Phase:
        """The line from warmup_lr_init to ``target``, the LR where it is None."""
        aim, first, W = target, self.shared.warmup_lr_init, self.shared.warmup_t
        slope = ((self.group.lr if aim is None else aim) - first) / W if W else 0.0
        return Phase("warmup", 0.0, lambda t: first + t * slope)

    def timeline(self, main: Main, target: float | None = None) -> Timeline:
        """The whole schedule; the warmup aims at ``target``, or at the LR."""
        length = main.length if main.length is None or not self.prefix else main.length + self.shared.warmup_t
        if self.frozen:
            return self.of_group(Timeline((constant(self.start),), length=length))
        late = float(self.shared.warmup_t) if self.prefix else 0.0
        moved = shift(Timeline(main.phases), late) if late else Timeline(main.phases)
        line = Timeline(self._led(moved, target), self._end(main, late), main.why, length)
        return self.of_group(self.shared.noise.on(line))

    def _led(self, main: Timeline, target: float | None) -> tuple[Phase, ...]:
        """The phases, led by the warmup or by what the constructor wrote at tick 0."""
        start, W, (first, *others) = self.start, self.shared.warmup_t, main.phases
        usual = float(first.rate(np.zeros(1))[0])
        if W == 0 and abs(start - usual) <= SAME * abs(start):
            return replace(first, rate=lambda t: np.where(t < 1, start, first.rate(t))), *others
        lead = self.warmup(target) if W > 0 else constant(start, kind="hold", label="start")
        entry = float(W) if W > 0 else 1.0
        stops = [phase.start for phase in others] + [math.inf]
        later = [phase for phase, stop in zip(main.phases, stops, strict=True) if stop > entry]
        if math.isinf(entry):
            return (lead,)
        return lead, replace(later[0], start=max(later[0].start, entry)), *later[1:]

    def _end(self, main: Main, late: float) -> float:
        """The first tick that timm refuses."""
        places = np.array([p + late for p in main.suspects if abs(p) < LARGEST_TICK], dtype=np.float64)
        ticks = distinct(np.append(beside(places), [self.first, self.first + 1.0]))
        with np.errstate(all="ignore"):
            bad = ticks[(ticks >= self.first) & main.refused(np.where(ticks < 0, 0.0, ticks) - late)]
        return float(bad[0]) if bad.size else math.inf

    def of_group(self, line: Timeline) -> Timeline:
        """The timeline times the group's ``lr_scale``."""
        own = self.group.pick("lr_scale", self.shared.lr_scale)
        return line if own == 1.0 else scale(line, own)


def power(base: float, exponent: Rates) -> Rates:
    """``base ** exponent``, infinite or nan where Python raises."""
    value: Rates = np.float64(base) ** exponent
    return value


def overflow(base: float, sign: int = 1) -> float:
    """The smallest n at which ``abs(base) ** (sign n)`` leaves float64, infinite where none does."""
    growth = sign * math.log(abs(base)) if base else 0.0
    if growth <= 0:
        return math.inf
    n = max(1.0, math.floor(1024 * math.log(2) / growth) - 1.0)
    try:
        while abs(float(base)) ** (sign * n) < math.inf:
            n += 1.0
    except OverflowError:
        return n
    return n
