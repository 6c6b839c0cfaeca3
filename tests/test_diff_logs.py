"""``lrviz diff PLAN LOG``: clean logs are never accused, and a planted fault is named with its numbers."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
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


def held(folder, plan):
    """The exit code, the causes and what else is known, of a plan beside the log."""
    done = run(folder, "diff", plan, "log.csv", "--format", "json")
    (pair,) = json.loads(done.stdout)["pairs"]
    return done.returncode, pair


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PLANS)
def test_a_clean_log_is_not_accused(name, way, tmp_path):
    write(tmp_path, curve(name), way)
    code, pair = held(tmp_path, spec(name))
    assert (code, pair["ranges"], pair["causes"]) == (0, [], [])
    assert np.ptp(curve(name)(np.arange(STEPS))) == 0 or pair["log"]["offset"] == WAYS[way][2]


def stretched(name, times):
    return lambda t: curve(name)(times * t)


def stairs(name, size):
    return lambda t: curve(name)(t // size)


def times(name, factor):
    return lambda t: factor * curve(name)(t)


def late(name, by, at):
    return lambda t: curve(name)(np.where(t < at, t, np.maximum(t - by, at - 1)))


def anew(name, at):
    return lambda t: curve(name)(np.where(t < at, t, t - at))


def resumed(name, steps, at):
    return lambda t: np.where(t <= at, curve(name)(t), curve(name, steps=steps)(t))


FAULTS = [
    *(("speed", name, stretched(name, k), k) for name in (*WARMED, "decay") for k in (2, 4)),
    *(("stairs", name, stairs(name, k), k) for name in FALLING for k in (25, 40)),
    *(("peak", name, times(name, k), None) for name in (*FALLING, "wsd", "onecycle", "stairs") for k in (0.5, 4)),
    *(("warmup", name, curve(name, warmup=k), k) for name in WARMED for k in (50, 250)),
    *(("total", name, curve(name, steps=k), k) for name in WARMED for k in (700, 1500)),
    *(("late", name, late(name, k, 405), k) for name in FALLING for k in (1, 3)),
    *(("anew", name, anew(name, k), k) for name in FALLING for k in (205, 605)),
    *(("resumed", name, resumed(name, k, 505), k) for name in (*WARMED, "annealing") for k in (800, 2000)),
]


@pytest.mark.parametrize("way", ["each", "4 digits", "few"])
@pytest.mark.parametrize(
    ("cause", "name", "values", "number"),
    [pytest.param(*fault, id=f"{fault[0]} {fault[3] or ''} {fault[1]}") for fault in FAULTS],
)
def test_a_fault_is_named(cause, name, values, number, way, tmp_path):
    write(tmp_path, values, way)
    code, pair = held(tmp_path, spec(name))
    assert code == 1
    (found,) = pair["causes"]
    assert found["id"] == cause
    if number is not None:
        least, most = (found["least"] or found["there"]), (found["most"] or found["there"])
        assert least <= number <= most
