"""Random streams of gradients, and the real torch optimizers fed with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from live_case import WRONG, Case, Draw, Run, stop_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Params = dict[str, Any]
STREAM: Params = {"gradient": "1", "noise": 0.0, "seed": 0, "start": 0.0}  # with lrviz's own defaults

GRADIENTS = [
    "1", "0.98**t", "1/(t+1)", "math.sin(t/5)", "-2", "1e-4", "1e3*0.9**t", "1 if t % 7 else 0", "0",
    "lambda t: 0.5*(1 + math.cos(t/9))", "1e-9", "t - 20", "1/(t-9)", "math.sqrt(30-t)", "(-1)**t",
]  # fmt: skip


def decay(draw: Draw) -> Any:
    return draw.some(0.0, 0.01, 1, 0.5, -0.1, often=0.3)


def adagrad(draw: Draw) -> Params:
    return {
        "lr_decay": draw.some(draw.share() / 10, 0, 1, -0.1),
        "weight_decay": decay(draw),
        "initial_accumulator_value": draw.some(draw.share(), 0, 1, -1),
        "eps": draw.some(1e-10, 0, 1e-3, 1, -1e-8),
    }


def rmsprop(draw: Draw) -> Params:
    return {
        "alpha": draw.some(draw.share(), 0.99, 0, 1, 1.1, -0.1, often=0.4),
        "eps": draw.some(1e-8, 0, 1e-3, 1, -1e-8),
        "weight_decay": decay(draw),
        "momentum": draw.some(0, 0.9, 0.5, 1.1, -0.1, often=0.5),
    }


def centered(draw: Draw) -> Params:
    """RMSprop with a variance of many gradients: that of a few alike is rounding."""
    return {**rmsprop(draw), "alpha": draw.some(round(draw.uniform(0.5, 0.99), 3), -0.1), "centered": True}


def adadelta(draw: Draw) -> Params:
    return {
        "rho": draw.some(draw.share(), 0.9, 0, 1, 1.1, -0.1, often=0.4),
        "eps": draw.some(1e-6, 0, 1e-3, 1, -1e-8),
        "weight_decay": decay(draw),
    }


def adam(draw: Draw) -> Params:
    betas = [draw.share(), draw.share()]
    return {
        "betas": draw.some(
            betas, [0.9, 0.999], [0.0, 0.0], [0.6, 0.2], [0, 0.9], [0.9, 1.0], [0.9], often=0.5
        ),
        "eps": draw.some(1e-8, 0, 1e-3, 1, -1e-8),
        "weight_decay": decay(draw),
        "amsgrad": draw.random() < 0.3,
        "decoupled_weight_decay": draw.random() < 0.3,
    }


def adamw(draw: Draw) -> Params:
    params = adam(draw)
    del params["decoupled_weight_decay"]
    return params


GENERATORS: Mapping[str, Callable[[Draw], Params]] = {
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adadelta": adadelta,
    "adam": adam,
    "adamw": adamw,
}
OPTIMIZERS = {
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adadelta": torch.optim.Adadelta,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}
NAMES = tuple(GENERATORS)


def decays_through_gradient(name: str, params: Mapping[str, Any]) -> bool:
    """Whether where the parameter stands changes its gradient."""
    decoupled = name == "adamw" or params.get("decoupled_weight_decay")
    return not decoupled and params.get("weight_decay", 0) != 0


def draw(name: str, draw: Draw) -> Case:
    around = name == "rmsprop" and draw.random() < 0.25
    own = draw.subset(centered(draw), always=("alpha",)) if around else draw.subset(GENERATORS[name](draw))
    if own and draw.random() < 0.03:
        own[draw.choice(list(own))] = draw.choice(WRONG)
    fed = {
        "gradient": draw.some(draw.choice(GRADIENTS), "recorded", [0.5, -1, 2.0, 1e-3], often=0.15),
        "noise": draw.some(round(draw.uniform(0, 2), 3), 0, 0.0, 1e-3, often=0.4),
        "seed": draw.randint(0, 9),
        "start": draw.some(0.0, 1, -2.5),
    }
    if own.get("centered") or decays_through_gradient(name, own):
        fed["noise"] = max(fed["noise"], 0.5)  # else a variance, or a gradient that balances it, is rounding
    return Case(
        f"adaptive.{name}",
        own | fed,
        draw.steps,
        lr=draw.some(draw.rate(), 0.0, often=0.02) if draw.groups == 1 else [draw.rate(), draw.rate()],
        metrics=[draw.gauss(0, 1) for _ in range(draw.steps)] if fed["gradient"] == "recorded" else None,
    )


def gradient(case: Case, t: int) -> float:
    """The gradient of update t, as the stream is described."""
    fed = STREAM | dict(case.params)
    given, noise = fed["gradient"], fed["noise"]
    if isinstance(given, str) and given != "recorded":
        text = given if given.startswith("lambda") else f"lambda t: {given}"
        value = eval(text, {"math": math})(t)
    else:
        value = (case.metrics if given == "recorded" else given)[t]
    normals = np.random.default_rng([fed["seed"], 0]).standard_normal(t + 1)
    return float(value) + noise * float(normals[t])


class Fed:
    """One parameter and its optimizer."""

    def __init__(self, name: str, lr: float, start: float, params: Mapping[str, Any]) -> None:
        self.theta = torch.full((1,), float(start), dtype=torch.float64, requires_grad=True)
        self.optimizer = OPTIMIZERS[name]([self.theta], lr=lr, **params)
        self.stays = not decays_through_gradient(name, params)

    def step(self, g: float) -> float:
        """Make one update from 0, where that changes nothing: what is subtracted is read without rounding."""
        if self.stays:
            self.theta.data.zero_()
        before = self.theta.item()
        self.theta.grad = torch.tensor([g], dtype=torch.float64)
        self.optimizer.step()
        return before - self.theta.item()

    def kept(self, name: str) -> float:
        return self.optimizer.state[self.theta][name].item()


def rate(name: str, fed: Fed, g: float, change: float, count: int, before: Mapping[str, float]) -> float:
    """What the gradient (of Adam, its corrected mean) was multiplied with: measured, else from the state."""
    group = fed.optimizer.param_groups[0]
    lr, eps = group["lr"], group["eps"]
    plain = fed.stays and not group.get("momentum")
    if name in ("adam", "adamw"):
        mean = fed.kept("exp_avg") / (1 - group["betas"][0] ** count)
        if plain and abs(mean) > 1e-100:
            return change / mean
        size = fed.kept("max_exp_avg_sq" if group["amsgrad"] else "exp_avg_sq")
        return quotient(lr, math.sqrt(size / (1 - group["betas"][1] ** count)) + eps)
    if plain and g != 0:
        return change / g
    if name == "adagrad":
        return quotient(lr / (1 + (count - 1) * group["lr_decay"]), math.sqrt(fed.kept("sum")) + eps)
    size = fed.kept("square_avg")
    if name == "adadelta":
        return lr * math.sqrt(quotient(before["acc_delta"] + eps, size + eps))
    if group["centered"]:
        size -= fed.kept("grad_avg") ** 2
    return quotient(lr, math.sqrt(size) + eps) if size >= 0 else math.nan


def quotient(above: float, below: float) -> float:
    return above / below if below else math.nan


def record(case: Case) -> Run:
    """Feed the real optimizer of every group; the update only where it is read without rounding."""
    name = case.id.removeprefix("adaptive.")
    own = {key: value for key, value in case.params.items() if key not in STREAM}
    own = {key: tuple(value) if key == "betas" else value for key, value in own.items()}
    try:
        groups = [Fed(name, lr, case.params.get("start", 0.0), own) for lr in case.lrs]
    except Exception as error:
        return Run({}, "init", stop_of(error))
    rates: list[Sequence[float]] = []
    changes: list[Sequence[float]] = []
    stopped, message = None, ""
    for t in range(case.steps):
        try:
            g = gradient(case, t)
        except (ArithmeticError, ValueError, IndexError) as error:
            stopped, message = t or "init", stop_of(error)
            break
        before = [{"acc_delta": fed.kept("acc_delta") if name == "adadelta" and t else 0.0} for fed in groups]
        change = [fed.step(g) for fed in groups]
        changes.append(change)
        rates.append([rate(name, fed, g, change[i], t + 1, before[i]) for i, fed in enumerate(groups)])
    curves = {"lr": np.array(rates).T}
    if all(fed.stays for fed in groups):
        curves["update"] = np.array(changes).T
    return Run(curves, stopped, message)
