"""Code of a user's own that the tests of it share."""

from __future__ import annotations

import json

import numpy as np
from commands import run
from configs import write

STEPS = np.arange(30)
HALVED = 0.1 * 0.5 ** np.arange(20)

CODE = '''\
import math
import numpy as np
from functools import partial
from dataclasses import dataclass

print("loading")

def get_lr(it):
    """nanoGPT's."""
    if it < 10:
        return 6e-4 * (it + 1) / 11
    if it > 100:
        return 6e-5
    ratio = (it - 10) / 90
    return 6e-5 + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (6e-4 - 6e-5)

def get_lr_of(it, warmup_iters=10):
    return min(1.0, it / warmup_iters)

def power(step, peak: float = 1.0, base: "float" = 0.5):
    return peak * base ** (step / 10)

def later(peak, step):
    return peak / (1 + step)

def of_run(step, lr, total_steps):
    return lr * (1 - step / total_steps)

def pair(epoch):
    return [0.1 * epoch, 0.2 * epoch]

def wraps(step):
    return step ** 9 / 1e60  # beyond int64 for an array, not for Python

lr = 1.0
def counting(step):
    global lr
    lr *= 0.5
    return lr

def breaks(step):
    return 1 / (5 - step)

def undefined(step):
    return nowhere + step

def text(step):
    return "0.1"

def nothing(step):
    pass

def leaves(step):
    raise SystemExit(3)

def closure(peak=2.0):
    return lambda count: peak / (1 + count)

@dataclass
class Optimizer:
    param_groups: list

class Halving:
    def __init__(self, *lrs):
        self.optimizer = Optimizer([{"lr": lr, "betas": (0.9, 0.99)} for lr in lrs])
        self.count = 0

    def step(self):
        self.count += 1
        if self.count > 20:
            raise ValueError("stepped too often")
        for group in self.optimizer.param_groups:
            group["lr"] *= 0.5
            group["betas"] = (group["betas"][0] - 0.01, 0.99)

class Listed:
    def __init__(self, gamma=0.5):
        self.lrs, self.gamma = [0.1, 0.1], gamma

    def step(self, epoch):
        self.lrs = [0.1 * self.gamma ** epoch] * 2

    def get_last_lr(self):
        return self.lrs

class OnMetric(Halving):
    def step(self, metrics):
        pass

def make(lr=0.1, groups: int = 1):
    return Halving(*[lr * (i + 1) for i in range(groups)])

def pair_of_both():
    made = Halving(0.1)
    return made.optimizer, made

def on_metric():
    return OnMetric(0.1)

def needs(optimizer):
    return Halving(0.1)

def number():
    return 0.1

made = Halving(0.1, 0.2)
part = partial(power, peak=3.0)
'''


RESUMED = '''
class Optimizer:
    def __init__(self, lr):
        self.param_groups = [{"params": [], "lr": lr, "initial_lr": lr}]

class Line:
    def __init__(self, total):
        self.total = total

    def __call__(self, step):
        return 1 - step / self.total

class LambdaLR:
    """As torch's, which stores the values of a callable object, and no function."""

    def __init__(self, optimizer, function):
        self.optimizer, self.function, self.count = optimizer, function, 0

    def step(self):
        self.count += 1
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * self.function(self.count)

    def state_dict(self):
        return {"count": self.count, "values": getattr(self.function, "__dict__", {})}

    def load_state_dict(self, state):
        self.count = state["count"]
        vars(self.function).update(state["values"])

class Forgetful(LambdaLR):
    state_dict = None

class Broken(LambdaLR):
    def load_state_dict(self, state):
        raise KeyError("count")

def of_object(total=40, lr=0.1):
    return LambdaLR(Optimizer(lr), Line(total))

def of_function(total=40, lr=0.1):
    return LambdaLR(Optimizer(lr), lambda step: 1 - step / total)

def forgetful(total=40):
    return Forgetful(Optimizer(0.1), Line(total))

def broken(total=40):
    return Broken(Optimizer(0.1), Line(total))

made = of_object()

def get_lr(step, total=40):
    return 0.1 * (1 - step / total)

def constant(step):
    return 0.05

calls = 0
def counting(step, total=40):
    global calls
    calls += 1
    return 1 / calls
'''
"""Schedulers that a checkpoint is loaded into, and what has none."""


def raised(line, what):
    """How an error of that line is told."""
    return f"sched.py:{CODE.splitlines().index(f'    {line}') + 1}: {what}: {line}"


def values(folder, word, *more, steps=30):
    """The columns of a word's curves."""
    done = run(folder, "values", word, "--steps", str(steps), "--format", "json", *more)
    assert done.returncode == 0, done.stderr
    columns = zip(*json.loads(done.stdout)["rows"], strict=True)
    return [np.array(column, dtype=float) for column in columns][2:]


def write_code(tmp_path):
    """A file with it, and a package beside."""
    write(tmp_path / "sched.py", CODE)
    write(
        tmp_path / "pkg/mod.py",
        "from pkg.rest import RATE\ndef get_lr(step):\n    return RATE / (step + 1)\n",
    )
    write(tmp_path / "pkg/rest.py", "RATE = 0.25\n")
