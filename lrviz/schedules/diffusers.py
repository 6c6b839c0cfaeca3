"""Diffusers: every name of ``get_scheduler``, 0.42.1, and its linear schedule called by itself.

A LambdaLR over the optimizer update t: lr = B * f(t), B being the param group's LR. ``get_scheduler`` accepts
all of its arguments with every name and ignores those that the name does not use. Its functions take
further ones when they are called by themselves: what is then computed is transformers' schedule of that
name, but for ``get_linear_schedule_with_warmup``.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import START, Framework, schedule
from lrviz.catalogue.roles import Factor, Number, Role, Total, Warmup
from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.transformers import formulas

FRAMEWORK = Framework("diffusers", "0.42.1", inert={"last_epoch": START})

WARMED = {"num_warmup_steps": 10, "num_training_steps": 100}
Rules = Annotated[str, Role.FACTOR]
SPECIFIC = ("step_rules", "num_cycles", "power")


@schedule(example={}, ignores=("num_warmup_steps", "num_training_steps", *SPECIFIC))
def constant(
    group: Group, num_warmup_steps: Warmup | None = None, num_training_steps: Total | None = None
) -> Timeline:
    """B at every step.

    Formula: lr(t) = B.
    Edges: ``get_scheduler`` accepts a warmup and a total and ignores them.
    Source: diffusers 0.42.1 ``get_constant_schedule``.
    """
    return formulas.constant(group)


@schedule(example={"num_warmup_steps": 10}, ignores=("num_training_steps", *SPECIFIC))
def constant_with_warmup(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total | None = None
) -> Timeline:
    """A linear warmup from 0, then B.

    Formula: lr(t) = B t / max(1, W) for t < W, then B.
    Edges: lr(0) = 0, lr(W) = B.
    Source: diffusers 0.42.1 ``get_constant_schedule_with_warmup``.
    """
    return formulas.constant_with_warmup(group, num_warmup_steps)


@schedule(example=WARMED, ignores=SPECIFIC)
def linear(group: Group, num_warmup_steps: Warmup, num_training_steps: Total) -> Timeline:
    """A linear warmup from 0, then a straight line to 0.

    Formula: lr(t) = B max(0, (T - t) / max(1, T - W)) for t >= W.
    Edges: 0 at t = T. With T <= W the ramp runs to W - 1 and then falls to 0.
    Source: diffusers 0.42.1 ``get_linear_schedule_with_warmup``.
    """
    return formulas.linear(group, num_warmup_steps, num_training_steps)


@schedule(example={**WARMED, "f_min": 0.1})
def get_linear_schedule_with_warmup(
    group: Group,
    num_warmup_steps: Warmup,
    num_training_steps: Total,
    f_min: Factor = 0.0,
    f_max: Factor = 1.0,
) -> Timeline:
    """A linear warmup from 0 to ``f_max``, then a straight line to ``f_min``, both times B.

    Formula: lr(t) = B f_max t / max(1, W) for t < W, then
    B (f_min + (f_max - f_min) max(0, (T - t) / max(1, T - W))).
    Edges: the warmup starts at 0, not at f_min. Neither factor is checked. ``get_scheduler`` passes neither:
    its linear has 0 and 1.
    Source: diffusers 0.42.1 ``get_linear_schedule_with_warmup``.
    """
    B, W, T = group.lr, num_warmup_steps, num_training_steps

    def rate(t: TickArray) -> Rates:
        return B * (f_min + (f_max - f_min) * np.maximum(0.0, (T - t) / max(1.0, T - W)))

    return formulas.warmed(B * f_max, W, Phase("decay", W, rate))


@schedule(example=WARMED, ignores=SPECIFIC)
def cosine(group: Group, num_warmup_steps: Warmup, num_training_steps: Total) -> Timeline:
    """A linear warmup from 0, then half a cosine wave to 0.

    Formula: lr(t) = B max(0, (1 + cos(pi p)) / 2), p = (t - W) / max(1, T - W), t >= W.
    Edges: not clamped after T: it rises again. ``get_scheduler`` ignores num_cycles here.
    Source: diffusers 0.42.1 ``get_cosine_schedule_with_warmup``.
    """
    return formulas.cosine(group, num_warmup_steps, num_training_steps)


@schedule(example={**WARMED, "num_cycles": 3}, ignores=("step_rules", "power"))
def cosine_with_restarts(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, num_cycles: Number = 1
) -> Timeline:
    """A linear warmup from 0, then ``num_cycles`` full cosine decays, each from B towards 0.

    Formula: lr(t) = B (1 + cos(pi ((num_cycles p) mod 1))) / 2, p = (t - W) / max(1, T - W); 0 for p >= 1.
    Edges: 0 is never reached inside a cycle.
    Source: diffusers 0.42.1 ``get_cosine_with_hard_restarts_schedule_with_warmup``.
    """
    return formulas.cosine_with_restarts(group, num_warmup_steps, num_training_steps, num_cycles)


@schedule(example={**WARMED, "power": 2.0}, ignores=("step_rules", "num_cycles"))
def polynomial(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, power: Number = 1.0
) -> Timeline:
    """A linear warmup from 0, then a polynomial from B to 1e-7, which then holds.

    Formula: lr(t) = B ((D - 1e-7) (1 - (t - W) / (T - W))^power + 1e-7) / D for W <= t <= T, then
    B 1e-7 / D, with D the default LR of the optimizer.
    Edges: ``get_scheduler`` does not pass lr_end. T = W divides by zero at t = W; with T < W the warmup is
    followed by 1e-7.
    Source: diffusers 0.42.1 ``get_polynomial_decay_schedule_with_warmup``.

    Raises:
        ScheduleError: the default LR is not above 1e-7.

    """
    return formulas.polynomial(group, num_warmup_steps, num_training_steps, power=power)


@schedule(
    example={"step_rules": "1:10,0.1:50,0.01"},
    ignores=("num_warmup_steps", "num_training_steps", "num_cycles", "power"),
)
def piecewise_constant(
    group: Group,
    step_rules: Rules,
    num_warmup_steps: Warmup | None = None,
    num_training_steps: Total | None = None,
) -> Timeline:
    """B times a factor that changes at given steps.

    Formula: "f1:s1,f2:s2,f3" is B f1 for t < s1, B f2 for s1 <= t < s2, then B f3.
    Edges: each number of steps counts from the start of the run, not from the rule before. The order of the
    rules does not matter; of two with the same step the later one holds. A rule at step 0 or below never
    acts. ``get_scheduler`` accepts a warmup and a total and ignores them.
    Source: diffusers 0.42.1 ``get_piecewise_constant_schedule``.

    Raises:
        ScheduleError: a rule is not ``factor:step``, or the last one not a factor.

    """
    B, rules, last = group.lr, *_parsed(step_rules)
    places = sorted(rules)
    factors = np.array([*(rules[place] for place in places), last])
    turns = Listed(tuple(map(float, places)), jumps=True)
    phase = Phase(
        "decay", 0.0, lambda t: B * factors[np.searchsorted(places, t, side="right")], turns, label="step"
    )
    return Timeline((phase,))


def _parsed(step_rules: str) -> tuple[dict[int, float], float]:
    """The factor up to each step, and the one after all of them."""
    *rules, last = step_rules.split(",")
    try:
        pairs = [rule.split(":") for rule in rules]
        return {int(step): float(factor) for factor, step in pairs}, float(last)
    except ValueError:
        raise ScheduleError(
            f"piecewise_constant: step_rules are factor:step, … and a factor at last, got {step_rules!r}",
            hint="<step_rules=1:10,0.1:20,0.01>",
        ) from None
