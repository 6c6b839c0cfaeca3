"""PaddleOCR's schedules by their names, each from its own beginning.

Source: PaddleOCR 045e5f6a (2025) ``ppocr/optimizer/learning_rate.py`` and ``lr_scheduler.py``, paddle 3.3.1
``optimizer/lr.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

LR = "Optimizer.lr"
"""Where their settings stand."""
_FIRST_COSINE = 200
"""Epochs of the first cosine of ``TwoStepCosine``, which no setting changes."""
Main = tuple[float, list[Call]]
"""The peak, and the schedule behind the warmup."""


def _need(run: Settings, name: str) -> Any:
    return run.ask(f"{LR}.{name}")


def peak(run: Settings) -> float:
    """The highest LR."""
    return float(_need(run, "learning_rate"))


def _call(name: str, **params: Value) -> Call:
    return Call(name, tuple(params.items()))


def constant() -> Call:
    """One LR."""
    return _call("torch.ConstantLR", factor=1.0)


def rise(lr: float, warmup: int) -> Call:
    """The warmup, as a phase."""
    return Call(
        "transformers.constant_with_warmup", (("num_warmup_steps", warmup), ("lr", lr), ("for", warmup))
    )


def _cosine(run: Settings, batches: int, epochs: int) -> Main:
    return peak(run), [_call("torch.CosineAnnealingLR", T_max=batches * epochs)]


def _linear(run: Settings, batches: int, epochs: int) -> Main:
    return peak(run), [_polynomial(batches * epochs, run[f"{LR}.end_lr"], run[f"{LR}.power"])]


def _polynomial(steps: int, end: float, power: float) -> Call:
    return _call("fairseq.polynomial_decay", total_num_update=steps, end_learning_rate=end, power=power)


def _step(run: Settings, batches: int, _: int) -> Main:
    size, gamma = _need(run, "step_size"), _gamma(run)
    return peak(run), [_call("torch.StepLR", step_size=batches * size, gamma=gamma)]


def _multi_step(run: Settings, batches: int, _: int) -> Main:
    milestones = tuple(batches * one for one in _need(run, "milestones"))
    return peak(run), [_call("torch.MultiStepLR", milestones=milestones, gamma=_gamma(run))]


def _gamma(run: Settings) -> float:
    gamma = float(_need(run, "gamma"))
    if gamma >= 1:
        run.refuse(f"gamma={gamma:g}: paddle takes one below 1 and stops", hint=f"--given {LR}.gamma=0.1")
    return gamma


def _piecewise(run: Settings, batches: int, _: int) -> Main:
    """Each value for its epochs, one value more than there are epochs to change it."""
    values, ends = run.ask(f"{LR}.values", f"{LR}.decay_epochs")
    if len(values) <= len(ends):
        lacking = len(ends) + 1 - len(values)
        run.refuse(
            f"Piecewise with {len(values)} values for {len(ends)} decay_epochs: it stops",
            hint=f"--given {LR}.values={','.join(map(str, (*values, *(values[-1:] or (1e-3,)) * lacking)))}",
            at=f"{LR}.values",
        )
    starts = (0, *(math.ceil(batches * one) for one in ends))
    calls = [
        Call("torch.ConstantLR", (("factor", 1.0), ("lr", value), ("for", after - before)))
        for value, before, after in zip(values, starts, starts[1:], strict=False)
        if after > before
    ]
    return float(values[0]), [*calls, Call("torch.ConstantLR", (("factor", 1.0), ("lr", values[-1])))]


def _cyclical(run: Settings, batches: int, _: int) -> Main:
    cycle = round(_need(run, "cycle") * batches)
    return peak(run), [_call("torch.CosineAnnealingWarmRestarts", T_0=cycle, T_mult=1)]


def _one_cycle(run: Settings, batches: int, epochs: int) -> Main:
    lr, anneal = peak(run), run[f"{LR}.anneal_strategy"]
    one = Call(
        "torch.OneCycleLR",
        (
            ("max_lr", lr),
            ("total_steps", batches * epochs),
            ("anneal_strategy", anneal),
            ("three_phase", run[f"{LR}.three_phase"]),
        ),
    )
    return lr, [one]


def _const(run: Settings, _: int, __: int) -> Main:
    return peak(run), [constant()]


def _power(run: Settings, batches: int, epochs: int) -> Main:
    return peak(run), [_polynomial(batches * epochs, 0.0, run[f"{LR}.factor"])]


def _two_step(run: Settings, batches: int, epochs: int) -> Main:
    """A cosine of 200 epochs; behind a warmup one of all epochs takes over, without one it stays at 0."""
    first = _FIRST_COSINE * batches
    second = (
        f"(1 + math.cos(math.pi * epoch / {batches * epochs})) / 2" if run[f"{LR}.warmup_epoch"] else "0.0"
    )
    factor = f"(1 + math.cos(math.pi * epoch / {first})) / 2 if epoch <= {first} else {second}"
    return peak(run), [_call("torch.LambdaLR", lr_lambda=factor)]


SCHEDULES: dict[str, Callable[[Settings, int, int], Main]] = {
    "Cosine": _cosine,
    "Linear": _linear,
    "Step": _step,
    "Piecewise": _piecewise,
    "MultiStepDecay": _multi_step,
    "CyclicalCosine": _cyclical,
    "OneCycle": _one_cycle,
    "Const": _const,
    "DecayLearningRate": _power,
    "TwoStepCosine": _two_step,
}
