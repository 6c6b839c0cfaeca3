"""detectron2's schedule: the schedulers of fvcore below a warmup, which aims at what they give where it ends.

Source: detectron2 0.6 (main 2026-06) ``solver/build.py``, ``solver/lr_scheduler.py``; fvcore 0.1.5.
"""

from __future__ import annotations

import bisect
import math
from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec

SCHEDULERS = ("WarmupMultiStepLR", "WarmupCosineLR", "WarmupStepWithFixedGammaLR")
POLY = "WarmupPolyLR"
"""That of its project DeepLab, which others take over."""
EPSILON = 1e-6


class Solver(NamedTuple):
    """What its number of processes makes of a run."""

    lr: float
    max_iter: int
    warmup: int
    steps: tuple[int | float, ...]

    def scaled(self, scale: float) -> Solver:
        """That of a batch so much larger."""
        steps = tuple(round(one / scale) for one in self.steps)
        return Solver(self.lr * scale, round(self.max_iter / scale), round(self.warmup / scale), steps)


class Scheduler(NamedTuple):
    """A scheduler of fvcore, and what it gives at a share of the run."""

    call: Call
    at: Callable[[float], float]


def curve_of(run: Settings, solver: Solver) -> Spec:
    """The curve of a run: its scheduler behind or below its warmup."""
    if run["SOLVER.LR_SCHEDULER_NAME"] == POLY:
        return run.curve("torch.LambdaLR", lr=solver.lr, steps=solver.max_iter, lr_lambda=_poly(run, solver))
    return _composite(run, solver)


def _composite(run: Settings, solver: Solver) -> Spec:
    """A scheduler behind its warmup: all of it in what is left of the run, or from where it is by then."""
    main = _scheduler(run, solver)
    share = min(solver.warmup / solver.max_iter, 1.0)
    rescales = run["SOLVER.RESCALE_INTERVAL"]
    end = main.at(0.0 if rescales else _within(run, share))
    run.warmup = min(solver.warmup, solver.max_iter)
    _warn_of_warmup(run, solver, end)
    bias = run["SOLVER.BIAS_LR_FACTOR"]
    groups = (Call("weights", (("scale", 1.0),)), Call("biases", (("scale", bias),)))
    return run.curve(
        "fvcore.CompositeParamScheduler",
        lr=solver.lr,
        steps=solver.max_iter,
        schedulers=(_warmup(run, main.at(0.0), end), main.call),
        lengths=(share, 1.0 - share),
        interval_scaling=("rescaled", "rescaled" if rescales else "fixed"),
        max_iter=solver.max_iter,
        groups=None if bias == 1.0 else groups,
    )


def _scheduler(run: Settings, solver: Solver) -> Scheduler:
    """The scheduler below the warmup, from 1 at its begin."""
    name = run.choose("SOLVER.LR_SCHEDULER_NAME", (*SCHEDULERS, POLY))
    if name == "WarmupCosineLR":
        return _cosine(_end(run, solver.lr))
    gamma = run["SOLVER.GAMMA"]
    if name == "WarmupMultiStepLR":
        return _multi_step(_steps(run, solver), gamma, solver.max_iter)
    run.note("stops-after-last", "WarmupStepWithFixedGammaLR raises IndexError after the last update")
    return _fixed_gamma(run["SOLVER.NUM_DECAYS"], gamma, solver.max_iter)


def _cosine(end: float) -> Scheduler:
    call = Call("CosineParamScheduler", (("start_value", 1.0), ("end_value", end)))
    return Scheduler(call, lambda where: end + 0.5 * (1.0 - end) * (1 + math.cos(math.pi * where)))


def _multi_step(steps: tuple[int | float, ...], gamma: float, max_iter: int) -> Scheduler:
    values = tuple(float(gamma**k) for k in range(len(steps) + 1))
    given = (("values", values), ("milestones", steps), ("num_updates", max_iter))
    return Scheduler(
        Call("MultiStepParamScheduler", given),
        lambda where: values[bisect.bisect_right(steps, int((where + EPSILON) * max_iter))],
    )


def _fixed_gamma(decays: int, gamma: float, max_iter: int) -> Scheduler:
    given = (("base_value", 1.0), ("num_decays", decays), ("gamma", gamma), ("num_updates", max_iter))
    return Scheduler(
        Call("StepWithFixedGammaParamScheduler", given),
        lambda where: float(gamma ** min(int((where + EPSILON) * (decays + 1)), decays)),
    )


def _steps(run: Settings, solver: Solver) -> tuple[int | float, ...]:
    """The ``STEPS`` up to ``MAX_ITER``."""
    kept = tuple(one for one in solver.steps if one <= solver.max_iter)
    if late := [one for one in solver.steps if one > solver.max_iter]:
        run.warn(
            "steps-dropped",
            f"{listed([str(one) for one in late])} beyond MAX_ITER={solver.max_iter}: the LR stays as it is",
            at="SOLVER.STEPS",
        )
    if solver.max_iter in kept:
        before = ",".join(str(one) for one in kept if one < solver.max_iter)
        run.refuse(
            f"one of STEPS is MAX_ITER={solver.max_iter}: fvcore stops, all must lie before the end",
            at="SOLVER.STEPS",
            instead=before or "[]",
        )
    return kept


def _end(run: Settings, lr: float) -> float:
    """``BASE_LR_END`` as a share of the LR."""
    end = run["SOLVER.BASE_LR_END"]
    if not lr or not 0 <= end / lr <= 1:
        run.refuse(
            f"BASE_LR_END={lr_text(end)} is not between 0 and BASE_LR={lr_text(lr)}: it stops",
            hint="<min_lr=0>",
            at="SOLVER.BASE_LR_END",
        )
    return float(end / lr)


def _within(run: Settings, share: float) -> float:
    """Where the warmup ends, at which the scheduler of fixed gammas may have no value."""
    if run["SOLVER.LR_SCHEDULER_NAME"] == SCHEDULERS[2] and share + EPSILON >= 1:
        run.refuse(
            f"{SCHEDULERS[2]} has no value where a warmup of MAX_ITER ends: IndexError, it stops",
            hint="--given SOLVER.RESCALE_INTERVAL=true, or a shorter <warmup=100>",
            at="SOLVER.WARMUP_ITERS",
        )
    return share


def _poly(run: Settings, solver: Solver) -> str:
    """A power of what is left of the run; the warmup is a factor on it."""
    warmup, power, least = solver.warmup, run["SOLVER.POLY_LR_POWER"], run["SOLVER.POLY_LR_CONSTANT_ENDING"]
    start = run["SOLVER.WARMUP_FACTOR"]
    run.warmup = min(warmup, solver.max_iter)
    _warn_of_warmup(run, solver, (1 - min(warmup / solver.max_iter, 1.0)) ** power)
    left = f"(1 - epoch / {solver.max_iter}) ** {power}"
    rises = run.choose("SOLVER.WARMUP_METHOD", ("linear", "constant")) == "linear"
    rise = f"({start} * (1 - epoch / {warmup}) + epoch / {warmup})" if rises else f"{start}"
    late = f"max({least}, {left})" if least > 0 else left
    return f"{rise} * {left} if epoch < {warmup} else {late}" if warmup else late


def _warmup(run: Settings, first: float, end: float) -> Call:
    start = run["SOLVER.WARMUP_FACTOR"] * first
    if run.choose("SOLVER.WARMUP_METHOD", ("linear", "constant")) == "constant":
        return Call("ConstantParamScheduler", (("value", start),))
    return Call("LinearParamScheduler", (("start_value", start), ("end_value", end)))


def _warn_of_warmup(run: Settings, solver: Solver, end: float) -> None:
    if solver.warmup >= solver.max_iter:
        run.warn(
            "warmup-longer-than-run",
            f"WARMUP_ITERS={solver.warmup} and MAX_ITER={solver.max_iter}: the warmup is the whole run",
            at="SOLVER.WARMUP_ITERS",
        )
    elif end < 1 and solver.warmup:
        run.note(
            "warmup-below-base",
            f"the warmup aims at {lr_text(solver.lr * end)}, where its scheduler is by then:"
            " BASE_LR is never used",
            at="SOLVER.WARMUP_ITERS",
        )
