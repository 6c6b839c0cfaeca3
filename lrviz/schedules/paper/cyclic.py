"""Papers of cycles: sgdr, clr, one_cycle, slanted_triangular."""

from __future__ import annotations

import math
from typing import Literal

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLR, Factor, Floor, Function, Number, Ticks, Total, WarmupFraction
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Kind, Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.paper.shared import done, share
from lrviz.schedules.shapes.checks import finite, positive
from lrviz.schedules.shapes.triangles import Mode, scaled_triangles, triangles
from lrviz.schedules.shapes.warm_restarts import warm_restarts


@schedule(
    example={"eta_max": 0.1, "T_0": 20, "T_mult": 2},
    starter={"T_0": "25%"},
    aliases=("cosine_annealing_warm_restarts",),
)
def sgdr(eta_max: BaseLR, T_0: Ticks, T_mult: Number = 1, eta_min: Floor = 0.0) -> Timeline:
    """Cosine cycles with warm restarts, each ``T_mult`` times as long as the one before.

    Formula: lr = eta_min + (eta_max - eta_min) (1 + cos(pi u / L)) / 2, u updates into a cycle of L.
    Edges: the paper counts in epochs and takes fractions of them at every batch; here T_0 counts updates.
    eta_max stands exactly at each restart; eta_min is not reached, a cycle's last update is one before.
    Source: Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", equation 5.

    Raises:
        ScheduleError: ``T_0`` is not positive, or ``T_mult`` is below 1.

    """
    positive("sgdr", T_0=T_0)
    finite("sgdr", T_0=T_0, T_mult=T_mult)
    if not T_mult >= 1:
        raise ScheduleError(f"sgdr: T_mult must be 1 or more, got {T_mult!r}", hint="<T_mult=2>")

    return warm_restarts(eta_max, eta_min, T_0, T_mult)


@schedule(
    example={"base_lr": 0.01, "max_lr": 0.1, "stepsize": 15, "policy": "triangular2"},
    starter={"base_lr": "lr/4", "stepsize": "10%"},
)
def clr(
    base_lr: Floor,
    max_lr: BaseLR,
    stepsize: Ticks,
    policy: Mode = "triangular",
    gamma: Factor = 0.99994,
    scale_fn: Function | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
) -> Timeline:
    """Triangles between two LRs, up in ``stepsize`` updates and down in as many (cyclical learning rates).

    Formula: h = max(0, 1 - |t / stepsize - 2 c + 1|), c = floor(1 + t / (2 stepsize)); lr(t) = base_lr +
    (max_lr - base_lr) h (triangular), h / 2^(c - 1) for h (triangular2), or all of it times gamma^t
    (exp_range). With scale_fn h is multiplied by scale_fn(c) or, with scale_mode iterations, scale_fn(t).
    Edges: in the paper's exp_range both boundaries decline; torch and others multiply only the part above
    base_lr. scale_fn is of the author's later code, not of the paper; it replaces the policy.
    Source: Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.1.

    Raises:
        ScheduleError: ``stepsize`` is not positive.

    """
    positive("clr", stepsize=stepsize)
    S, span = float(stepsize), max_lr - base_lr
    if scale_fn is not None:
        return scale(scaled_triangles(S, S, scale_fn, scale_mode), span, base_lr)
    if policy == "exp_range" and span:
        return scale(triangles(S, S, policy, gamma, base_lr / span), span)
    if policy == "exp_range":
        return Timeline((Phase("cycle", 0.0, lambda t: base_lr * float(gamma) ** t, label="cycles"),))
    return scale(triangles(S, S, policy, gamma), span, base_lr)


@schedule(example={"max_lr": 0.1, "total": 100})
def one_cycle(
    max_lr: BaseLR,
    total: Total,
    cycle: Factor = 0.9,
    div: Factor = 10.0,
    final_div: Number = 1000.0,
    min_momentum: Factor = 0.85,
    max_momentum: Factor = 0.95,
) -> dict[str, Timeline]:
    """One triangle over most of the run, then a straight line to almost nothing (the 1cycle policy).

    Formula: from max_lr / div up to max_lr in cycle total / 2 updates, down again in as many, then down to
    max_lr / (div final_div) at t = total; all straight.
    Momentum: max_momentum down to min_momentum and up again in the cycle, then max_momentum.
    Edges: the paper asks for a cycle somewhat shorter than the run and for an end several orders of magnitude
    below the start; the shares and divisors here are choices within that. After the end the LR stays.
    Source: Smith 2018, "A disciplined approach to neural network hyper-parameters: Part 1", sections 4.1
    and 4.3.

    Raises:
        ScheduleError: ``total``, ``div`` or ``final_div`` is not positive, or ``cycle`` is outside (0, 1].

    """
    positive("one_cycle", total=total, div=div, final_div=final_div, cycle=cycle)
    if cycle > 1:
        raise ScheduleError(f"one_cycle: cycle must be at most 1, got {cycle!r}", hint="<cycle=0.9>")
    half, start = total * cycle / 2.0, max_lr / div
    ends = (0.0, half, 2.0 * half, float(total))
    lrs = (start, max_lr, start, start / final_div)
    momenta = (max_momentum, min_momentum, max_momentum, max_momentum)
    return {"lr": _lines(ends, lrs), "momentum": _lines(ends, momenta)}


_LINES: tuple[tuple[Kind, str], ...] = (("warmup", ""), ("decay", "cooldown"), ("decay", "annihilation"))


def _lines(ends: tuple[float, ...], levels: tuple[float, ...]) -> Timeline:
    """Straight from level to level, each reached at its end; the last one stays."""

    def line(i: int) -> Phase:
        start, length = ends[i], ends[i + 1] - ends[i]
        first, last = levels[i], levels[i + 1]
        kind, label = _LINES[i]
        return Phase(kind, start, lambda t: first + (last - first) * done(t, start, length), label=label)

    return Timeline(tuple(line(i) for i in range(len(ends) - 1)))


@schedule(example={"eta": 0.1, "total": 100})
def slanted_triangular(
    eta: BaseLR, total: Total, cut_frac: WarmupFraction = 0.1, ratio: Factor = 32
) -> Timeline:
    """A short straight rise and a long straight fall (ULMFiT).

    Formula: lr(t) = eta (1 + p (ratio - 1)) / ratio, cut = floor(total cut_frac); p = t / cut for t < cut,
    then p = 1 - (t - cut) / (cut (1 / cut_frac - 1)).
    Edges: it starts and ends at eta / ratio. The fall is as long as cut / cut_frac says: where floor cut
    something off, it ends early and the equation goes on below eta / ratio, soon below 0. Nothing is clamped.
    Source: Howard and Ruder 2018, "Universal Language Model Fine-tuning for Text Classification",
    section 3.2, equation 3.

    Raises:
        ScheduleError: ``total`` or ``ratio`` is not positive, or the rise or the fall has no length.

    """
    positive("slanted_triangular", total=total, ratio=ratio)
    if not 0 < cut_frac < 1:
        raise ScheduleError(
            f"slanted_triangular: cut_frac must lie between 0 and 1, got {cut_frac!r}", hint="<cut_frac=0.1>"
        )
    cut = math.floor(share(total, cut_frac))
    if cut == 0:
        raise ScheduleError(
            f"slanted_triangular: the rise has no length (cut_frac={cut_frac} of {total} steps)",
            hint=f"<cut_frac={1.5 / total:.2g}> or more",
        )

    def at(p: TickArray) -> Rates:
        return eta * ((1.0 + p * (ratio - 1.0)) / ratio)

    fall = cut * (1.0 / cut_frac - 1.0)
    return Timeline(
        (
            Phase("warmup", 0.0, lambda t: at(t / cut)),
            Phase("decay", cut, lambda t: at(1.0 - (t - cut) / fall)),
        )
    )
