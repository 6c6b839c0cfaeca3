"""Curves of every shape."""

from __future__ import annotations

import pytest

import lrviz

CURVES = {
    "cosine": "cosine:warmup=7,lr=1",
    "linear": "linear:warmup=7,lr=1",
    "restarts": "cosine_with_restarts:num_cycles=5,warmup=3,lr=1",
    "rising again": "torch.CosineAnnealingLR:T_max=90,lr=1",
    "steps": "torch.StepLR:step_size=30,gamma=0.5,lr=1",
    "one step more": "torch.StepLR:step_size=31,gamma=0.5,lr=1",
    "triangles": "torch.CyclicLR:base_lr=0.1,step_size_up=20,lr=1",
    "growing cycles": "torch.CosineAnnealingWarmRestarts:T_0=10,T_mult=2,lr=1",
    "a function": "torch.LambdaLR:lr_lambda=0.5+0.5*cos(epoch/9),lr=1",
    "by epoch": "torch.CosineAnnealingLR:T_max=100,lr=1,interval=epoch,steps_per_epoch=4",
    "flat": "constant:lr=1",
    "grows to infinity": "torch.ExponentialLR:gamma=10,lr=1",
    "each from the one before": "torch.ChainedScheduler:schedulers=[ExponentialLR(gamma=0.99)],lr=1",
}
STEPS = 400
PAIRS = [pytest.param(spec, id=name) for name, spec in CURVES.items()]


def timeline(spec, steps=STEPS):
    return lrviz.evaluate(f"{spec},steps={steps}").rows[0].timeline
