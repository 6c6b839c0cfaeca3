"""Plans, the logs of runs that follow them, and of runs in which something went wrong."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
from commands import run

import lrviz

STEPS = 1000
PLANS = {
    "cosine": "cosine:warmup={warmup},lr=3e-4,steps={steps}",
    "linear": "linear:warmup={warmup},lr=5e-5,steps={steps}",
    "polynomial": "polynomial:warmup={warmup},power=2,lr_end=1e-7,lr=1e-3,steps={steps}",
    "restarts": "cosine_with_restarts:warmup={warmup},num_cycles=3,lr=1e-3,steps={steps}",
    "floor": "cosine_with_min_lr:warmup={warmup},min_lr=1e-5,lr=1e-3,steps={steps}",
    "wsd": "wsd:warmup={warmup},num_decay_steps=200,lr=1e-3,steps={steps}",
    "inverse sqrt": "inverse_sqrt:warmup={warmup},lr=1e-3,steps={steps}",
    "onecycle": "torch.OneCycleLR:max_lr=0.01,total_steps={steps},steps={steps}",
    "stairs": "torch.StepLR:step_size=120,gamma=0.5,lr=0.1,steps={steps}",
    "milestones": "torch.MultiStepLR:milestones=300,600,lr=0.1,steps={steps}",
    "annealing": "torch.CosineAnnealingLR:T_max={steps},lr=0.1,eta_min=1e-3,steps={steps}",
    "decay": "torch.ExponentialLR:gamma=0.995,lr=0.1,steps={steps}",
}
WARMED = ("cosine", "linear", "polynomial", "restarts", "floor")
FALLING = (*WARMED, "annealing", "decay")
WAYS = {
    "each": (1, 17, 0),
    "float32": (1, 9, 0),
    "some": (10, 17, -1),
    "6 digits": (10, 6, -1),
    "4 digits": (10, 4, 0),
    "few": (50, 17, 0),
}
"""How it is logged: at every so many steps, with so many digits, the row of step t being of t + offset."""


@cache
def spec(name, warmup=100, steps=STEPS):
    """A plan as it is typed."""
    return PLANS[name].format(warmup=warmup, steps=steps)


@cache
def curve(name, warmup=100, steps=STEPS):
    """Its values at any steps."""
    timeline = lrviz.evaluate(spec(name, warmup, steps)).rows[0].timeline
    return lambda ticks: timeline(np.asarray(ticks, dtype=float))


def write(folder, values, way="each", until=STEPS):
    """A log of what an LR was at each step."""
    every, digits, offset = WAYS[way]
    rows = np.arange(every if every > 1 else 0, until, every)
    lrs = values(np.maximum(rows + offset, 0))
    if digits == 9:
        lrs = lrs.astype(np.float32)
    lines = [f"{step},{lr:.{digits - 1}e}" for step, lr in zip(rows, lrs, strict=True)]
    (folder / "log.csv").write_text("\n".join(["step,lr", *lines, ""]))


def held(folder, plan, log="log.csv"):
    """The exit code, the causes and what else is known, of a plan beside the log."""
    done = run(folder, "diff", plan, log, "--format", "json")
    (pair,) = json.loads(done.stdout)["pairs"]
    return done.returncode, pair


def stretched(name, times):
    return lambda t: curve(name)(times * t)


def stairs(name, size):
    return lambda t: curve(name)(t // size)


def times(name, factor):
    return lambda t: factor * curve(name)(t)


def late(name, by, at):
    return lambda t: curve(name)(np.where(t < at, t, np.maximum(t - by, at - 1)))


def by_and_by(name, *steps):
    return lambda t: curve(name)(t - np.searchsorted(steps, t, side="right"))


def anew(name, *steps):
    return lambda t: curve(name)(t - np.array([0, *steps])[np.searchsorted(steps, t, side="right")])


def resumed(name, steps, at):
    return lambda t: np.where(t <= at, curve(name)(t), curve(name, steps=steps)(t))
