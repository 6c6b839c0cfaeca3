"""SpeechBrain: schedulers that its recipes call after each update, 1.1.2.

The first update is made before the first call, at the optimizer's own LR, which is the group's here. What a
scheduler is given itself, ``lr_initial`` or ``lr``, is the group's LR as well unless it is said.
LinearScheduler is a straight line over epochs, as optax.linear_schedule with epoch_count - 1 steps.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import LR, Factor, FloorRate, Number, Ticks, Total, Warmup
from lrviz.engine.chain import chained_walk
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import cos01, half_waves
from lrviz.schedules.shapes.multiplied import times
from lrviz.schedules.shapes.ramps import rise

if TYPE_CHECKING:
    from lrviz.engine.chain import Pairs

FRAMEWORK = Framework("speechbrain", "1.1.2")


def _called(group: Group, *phases: Phase, end: float = math.inf, why: str = "") -> Timeline:
    """The optimizer's LR at the first update, then the phases by calls made before, up to ``end``."""
    stops = [*(phase.start for phase in phases), math.inf][1:]
    later = [
        replace(phase, start=max(phase.start, 1.0))
        for phase, stop in zip(phases, stops, strict=True)
        if max(phase.start, 1.0) < stop
    ]
    first = constant(group.lr, kind="hold", label="before the first call")
    return Timeline((first, *later), max(end, 1.0), why)


def _peak(group: Group, own: float | None) -> float:
    return group.lr if own is None else own


@schedule(example={"n_warmup_steps": 20}, starter={"n_warmup_steps": "6%"})
def NoamScheduler(
    group: Group, n_warmup_steps: Warmup, lr_initial: LR | None = None, model_size: Number | None = None
) -> Timeline:
    """The Transformer's schedule, scaled to its peak, behind one update at the optimizer's LR.

    Formula: lr(0) = B; lr(t) = P k min(t^-0.5, t W^-1.5) from t = 1 on, W = n_warmup_steps, P = lr_initial or
    B, k = model_size^-0.5 or sqrt(W).
    Edges: the first update has the full peak, unless the optimizer has another LR. The peak is P at t = W,
    with a model_size P / sqrt(model_size W). Without a warmup the first call divides by zero.
    Source: speechbrain 1.1.2 ``NoamScheduler``.

    Raises:
        ScheduleError: model_size is not above 0.

    """
    W = n_warmup_steps
    if not W > 0:
        return _called(group, end=1.0, why=f"division by zero (n_warmup_steps={W})")
    if model_size is not None:
        positive("NoamScheduler", model_size=model_size)
    scale = _peak(group, lr_initial) * (W**0.5 if model_size is None else model_size**-0.5)
    decay = Phase("decay", W, lambda t: scale * np.maximum(t, 1.0) ** -0.5)
    return _called(group, *rise(0.0, scale * W**-0.5, W), decay)


@schedule(example={"n_warmup_steps": 10, "n_keep_steps": 20}, starter={"n_warmup_steps": "6%"})
def LinearNoamScheduler(
    group: Group, n_warmup_steps: Warmup, n_keep_steps: Ticks = 0, lr_initial: LR | None = None
) -> Timeline:
    """A linear warmup, the LR for a while, then one over the step (Squeezeformer's schedule).

    Formula: lr(0) = B; then P t / W for t < W, P for t < W + K, P W / (t - K); W = n_warmup_steps,
    K = n_keep_steps, P = lr_initial or B.
    Edges: the first update has the optimizer's own LR. Without a warmup it is 0 from the first call on, or
    divides by zero at t = K.
    Source: speechbrain 1.1.2 ``LinearNoamScheduler``.
    """
    W, K, P = n_warmup_steps, max(n_keep_steps, 0), _peak(group, lr_initial)
    decay = Phase("decay", W + K, lambda t: P * W / (t - K))
    end = K if K > 0 and W == 0 else math.inf
    phases = (*rise(0.0, P, W), constant(P, kind="stable", start=W), decay)
    return _called(group, *phases, end=end, why=f"division by zero (n_warmup_steps={W})")


@schedule(example={"n_warmup_steps": 10, "total_steps": 100})
def CyclicCosineScheduler(
    group: Group, n_warmup_steps: Warmup, total_steps: Total = 100_000, lr_initial: LR | None = None
) -> Timeline:
    """A cosine wave around the end of the warmup, which is hardly one.

    Formula: lr(0) = B; then P (1 + cos(pi (t - W) / T)) / 2, P = lr_initial, W = n_warmup_steps,
    T = total_steps. Without lr_initial each LR is the one before times that.
    Edges: the warmup climbs the last piece of the wave, from nearly P. T is the length of half a wave, not of
    the run: it ends at t = T + W. Without lr_initial the product soon is nothing.
    Source: speechbrain 1.1.2 ``CyclicCosineScheduler``.

    Raises:
        ScheduleError: a warmup or a total_steps of 0, which divide by zero.

    """
    W, T = n_warmup_steps, total_steps
    positive("CyclicCosineScheduler", n_warmup_steps=W, total_steps=T)

    def wave(t: TickArray) -> Rates:
        return cos01((t - W) / T)

    if lr_initial is None:

        def maps(t: TickArray) -> Pairs:
            return times(np.where(t > 0, wave(t), 1.0))

        return chained_walk(group.lr, maps, [("decay", 0.0, "product of cosines")])
    phase = Phase("cycle", 0.0, lambda t: lr_initial * wave(t), half_waves(T, W % T - T), label="cosine")
    return _called(group, phase)


@schedule(example={"num_warmup_steps": 10, "num_training_steps": 100}, starter={"num_warmup_steps": "0"})
def LinearWarmupScheduler(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, initial_value: LR | None = None
) -> Timeline:
    """A linear warmup, then a straight line to 0, behind one update at the optimizer's LR.

    Formula: lr(0) = B; then P t / max(1, W) for t < W, P max(0, (T - t) / max(1, T - W));
    W = num_warmup_steps, T = num_training_steps, P = initial_value or B.
    Edges: but for its first update it is transformers' linear.
    Source: speechbrain 1.1.2 ``LinearWarmupScheduler``.
    """
    W, T, P = num_warmup_steps, num_training_steps, _peak(group, initial_value)
    decay = Phase("decay", W, lambda t: P * np.maximum(0.0, (T - t) / max(1.0, T - W)))
    return _called(group, *rise(0.0, P, W), decay)


@schedule(example={"n_warmup_steps": 10, "total_steps": 100}, starter={"n_warmup_steps": "0"})
def WarmAndExpDecayLRSchedule(
    group: Group,
    n_warmup_steps: Warmup,
    total_steps: Total,
    decay_factor: FloorRate = 0.1,
    base_lr: LR | None = None,
) -> Timeline:
    """A linear warmup from 0, then an exponential decay, one update late.

    Formula: lr(0) = B; with n = t - 1, P n / W for n < W, then min(P, P f^((n - W) / (T - W)));
    W = n_warmup_steps, T = total_steps, f = decay_factor, P = base_lr or B.
    Edges: base_lr is what the class calls lr. The first update has the optimizer's own LR, the second 0. It
    goes on below f P after T.
    Source: speechbrain 1.1.2 ``WarmAndExpDecayLRSchedule``.

    Raises:
        ScheduleError: the run is not longer than its warmup.

    """
    W, T, f, P = n_warmup_steps, total_steps, decay_factor, _peak(group, base_lr)
    if T <= W:
        text = f"WarmAndExpDecayLRSchedule: total_steps={T} is not more than n_warmup_steps={W}"
        raise ScheduleError(text, hint="give a shorter <warmup>")
    decay = Phase("decay", W, lambda n: np.minimum(P, P * float(f) ** ((n - W) / (T - W))))
    late = [phase.shift(1.0) for phase in (*rise(0.0, P, W), decay)]
    return _called(group, *late)


@schedule(
    example={"warmup": 10, "cooldown": 20, "total_steps": 100, "decay_every": 100},
    starter={"warmup": "6%", "cooldown": "20%"},
)
def WarmCoolDecayLRSchedule(
    group: Group,
    warmup: Warmup,
    cooldown: Ticks,
    total_steps: Total,
    decay_factor: Factor = 0.75,
    decay_every: Ticks = 100_000,
    base_lr: LR | None = None,
) -> Timeline:
    """A linear warmup, a slow exponential decay, a straight line to 0.

    Formula: lr(0) = B; then P t / W for t < W; P f^((t - W) / E); for t > T - C
    P f^((T - C) / E) (T - t) / C. W = warmup, C = cooldown, T = total_steps, f = decay_factor,
    E = decay_every, P = base_lr or B.
    Edges: base_lr is what the class calls lr. The cooldown starts lower, as its decay is counted from 0 and
    not from W. It goes on below 0 after T. Without a cooldown it divides by zero after T.
    Source: speechbrain 1.1.2 ``WarmCoolDecayLRSchedule``.

    Raises:
        ScheduleError: decay_factor is not positive, or decay_every is 0.

    """
    W, C, T, P = warmup, cooldown, total_steps, _peak(group, base_lr)
    positive("WarmCoolDecayLRSchedule", decay_factor=decay_factor, decay_every=decay_every)
    power = math.log(decay_factor) / decay_every
    cooled = max(math.floor(T - C) + 1.0, W)
    top = P * math.exp(power * (T - C))
    decay = Phase("decay", W, lambda t: P * np.exp(power * (t - W)), label="exponential decay")
    line = Phase("decay", cooled, lambda t: top * ((T - t) / C), label="cooldown")
    end = cooled if C == 0 else math.inf
    return _called(group, *rise(0.0, P, W), decay, line, end=end, why="division by zero (cooldown=0)")


@schedule(
    example={"warmup_steps": 10, "hold_steps": 30, "decay_steps": 60},
    starter={"warmup_steps": "6%", "hold_steps": "40%", "decay_steps": "54%"},
)
def TriStageLRSchedule(
    group: Group,
    warmup_steps: Warmup,
    hold_steps: Ticks,
    decay_steps: Ticks,
    init_lr_scale: Factor = 0.01,
    final_lr_scale: FloorRate = 0.05,
    peak_lr: LR | None = None,
) -> Timeline:
    """A linear warmup, the LR for a while, then an exponential decay without an end.

    Formula: lr(0) = B; then P (i + (1 - i) t / W) for t < W; P for t < W + H; P f^((t - W - H) / D).
    W, H and D are warmup_steps, hold_steps and decay_steps, i = init_lr_scale, f = final_lr_scale,
    P = peak_lr or B.
    Edges: peak_lr is what the class calls lr; its total_steps is not looked at. The first update has the
    optimizer's own LR. It goes on below f P after W + H + D.
    Source: speechbrain 1.1.2 ``TriStageLRSchedule``.

    Raises:
        ScheduleError: warmup_steps, decay_steps or final_lr_scale is not above 0.

    """
    W, H, D, P = warmup_steps, max(hold_steps, 0), decay_steps, _peak(group, peak_lr)
    positive("TriStageLRSchedule", warmup_steps=W, decay_steps=D, final_lr_scale=final_lr_scale)
    slope = math.log(final_lr_scale) / D
    decay = Phase("decay", W + H, lambda t: P * np.exp(slope * (t - H - W)))
    return _called(group, *rise(init_lr_scale * P, P, W), constant(P, kind="stable", start=W), decay)
