"""Schedulers of torch and transformers as a user's own file makes them, against lrviz's own of the same name.

``python tests/live/proof_own.py``: both are stepped or computed over 150 updates, LR and momentum;
some are resumed with other values.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np

import lrviz

CODE = """\
import torch
from torch.optim import SGD, AdamW
from torch.optim import lr_scheduler as scheduler

def of(optimizer, *lrs, **more):
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs]
    return optimizer(groups, **more)

def one_cycle(total: int = 150):
    return scheduler.OneCycleLR(of(SGD, 0.1, momentum=0.9), max_lr=0.1, total_steps=total)

def one_cycle_of_two():
    return scheduler.OneCycleLR(of(AdamW, 0.1, 0.2), max_lr=[0.1, 0.2], total_steps=150)

def sequential(warm: int = 10):
    optimizer = of(SGD, 0.1)
    members = [
        scheduler.LinearLR(optimizer, 0.1, total_iters=warm), scheduler.ExponentialLR(optimizer, gamma=0.9)
    ]
    return optimizer, scheduler.SequentialLR(optimizer, members, milestones=[warm])

def chained():
    optimizer = of(SGD, 0.1)
    members = [
        scheduler.ConstantLR(optimizer, 0.1, total_iters=5), scheduler.ExponentialLR(optimizer, gamma=0.9)
    ]
    return scheduler.ChainedScheduler(members)

def cyclic(up: int = 15):
    return scheduler.CyclicLR(of(SGD, 0.1, momentum=0.8), base_lr=0.01, max_lr=0.1, step_size_up=up)

class Line:
    def __init__(self, total):
        self.total = total

    def __call__(self, step):
        return 1 - step / self.total

def of_object(total: int = 40):
    return scheduler.LambdaLR(of(SGD, 0.1), Line(total))

def of_function(total: int = 40):
    return scheduler.LambdaLR(of(SGD, 0.1), lambda step: 1 - step / total)

def of_lambdas():
    return scheduler.LambdaLR(of(SGD, 0.1, 0.3), [lambda e: 0.95**e, lambda e: 1 / (1 + e)])

restarts = scheduler.CosineAnnealingWarmRestarts(of(SGD, 0.1), T_0=20)

def transformers_cosine(num_training_steps):
    from transformers import get_scheduler
    optimizer = of(AdamW, 1e-3)
    return get_scheduler("cosine", optimizer, num_warmup_steps=10, num_training_steps=num_training_steps)
"""
SAME = {
    "one_cycle": "torch.OneCycleLR:max_lr=0.1,total_steps=150",
    "one_cycle_of_two": "torch.OneCycleLR:max_lr=0.1,0.2,total_steps=150,optimizer=adam",
    "sequential:warm=20": "torch.SequentialLR:schedulers=LinearLR(start_factor=0.1,total_iters=20),"
    "ExponentialLR(gamma=0.9),milestones=20,lr=0.1",
    "chained": "torch.ChainedScheduler:schedulers=ConstantLR(factor=0.1,total_iters=5),"
    "ExponentialLR(gamma=0.9),lr=0.1",
    "cyclic": "torch.CyclicLR:base_lr=0.01,max_lr=0.1,step_size_up=15",
    "of_lambdas": "torch.LambdaLR:lr_lambda=0.95**epoch,1/(1+epoch),lr=0.1,0.3",
    "restarts": "torch.CosineAnnealingWarmRestarts:T_0=20,lr=0.1",
    "transformers_cosine": "transformers.cosine:num_warmup_steps=10,lr=1e-3",
}
RESUMED = {
    "of_object:total={}": ("torch.LambdaLR:lr_lambda=1-epoch/40,lr=0.1", 40, 60),
    "of_function:total={}": ("torch.LambdaLR:lr_lambda=1-epoch/{},lr=0.1", 40, 60),
    "sequential:warm={}": (SAME["sequential:warm=20"].replace("20", "{0}"), 20, 30),
    "cyclic:up={}": ("torch.CyclicLR:base_lr=0.01,max_lr=0.1,step_size_up={}", 10, 15),
}
"""What a resume after 25 updates makes of them: of a callable object the old values come back."""
MOVE_MOMENTUM = ("one_cycle", "one_cycle_of_two", "cyclic")


def error_of(own: str, spec: str, quantity: str) -> float:
    """The largest difference of the two, of the largest value."""
    plan = lrviz.Plan(steps=150)
    made, known = (lrviz.evaluate(word, plan, quantity=quantity).lr for word in (f"own.py:{own}", spec))
    return float(np.abs(made - known).max() / np.abs(known).max())


def resume_error(own: str, spec: str, old: int, new: int) -> float:
    """The largest difference of the two after a resume, of the largest value."""
    made, known = (lrviz.resume(*(w.format(n) + ",steps=150" for n in (old, new)), 25).lr
                   for w in (f"own.py:{own}", spec))  # fmt: skip
    return float(np.abs(made - known).max() / np.abs(known).max())


def main() -> None:
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("own.py").write_text(CODE, encoding="utf-8")
        for own, spec in SAME.items():
            for quantity in ("lr", "momentum")[: 1 + (own in MOVE_MOMENTUM)]:
                error = error_of(own, spec, quantity)
                failed += error > 1e-12
                print(f"{own} {quantity}: error {error:.1e}")
        for own, (spec, old, new) in RESUMED.items():
            error = resume_error(own, spec, old, new)
            failed += error > 1e-12
            print(f"{own} resumed: error {error:.1e}")
        os.chdir("/")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
