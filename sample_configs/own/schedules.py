"""Schedules of one's own: lrviz runs this file where a word or a config names one of them."""

import math


def get_lr(it, lr=6e-4, min_lr=6e-5, warmup_iters=200, lr_decay_iters=2000):
    """A warmup, half a cosine, and a floor."""
    if it < warmup_iters:
        return lr * (it + 1) / (warmup_iters + 1)
    ratio = min((it - warmup_iters) / (lr_decay_iters - warmup_iters), 1.0)
    return min_lr + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (lr - min_lr)


class Halving:
    """A scheduler as torch's: stepped after each update, read off the optimizer's param groups."""

    def __init__(self, optimizer, every):
        self.optimizer, self.every, self.updates = optimizer, every, 0

    def step(self):
        self.updates += 1
        if self.updates % self.every == 0:
            for group in self.optimizer.param_groups:
                group["lr"] /= 2


class Optimizer:
    """What an optimizer is to a scheduler."""

    def __init__(self, *lrs):
        self.param_groups = [{"lr": lr} for lr in lrs]


def make_scheduler(every: int = 500):
    """A scheduler of two param groups, with the optimizer that it moves."""
    return Halving(Optimizer(3e-4, 6e-4), every)
