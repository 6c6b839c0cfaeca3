"""The stages of fastai's fits: their curves, the epochs of each, and the LR of the last param group.

Source: fastai 2.8.12 ``callback/schedule.py``; of fastai 1 in ``fastai_1.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.shared import fastai_1
from lrviz.inputs.foreign.shared.fastai_callbacks import SAMPLES
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.python.python_script import PythonCall
    from lrviz.inputs.foreign.settings import Settings

LRS = ("lr_max", "lr", "base_lr", "max_lr")
EPOCHS = ("n_epoch", "epochs", "cyc_len")
POINTS = "lrviz.points"
LEARNER_LR = 1e-3
MOST_CYCLES = 60
"""Cycles of SGDR: twice as long each, they come to more epochs than a float64 counts."""


class Rate(NamedTuple):
    """The LR of the last param group, and what those before it have, in words."""

    last: float
    others: str = ""


class Stage(NamedTuple):
    """A schedule over some epochs: ``rise`` is the part of them before the peak.

    ``spans`` are its parameters that count batches, here in epochs; ``samples`` those of an update, 0 where
    each batch is one.
    """

    curve: str
    rate: Rate
    epochs: int
    params: Mapping[str, float]
    spans: Mapping[str, int] = {}
    rise: float = 0.0
    samples: int = 0

    def keys(self, batches: int) -> dict[str, Any]:
        """The LR and the parameters of its curve, for an epoch of so many batches."""
        if self.curve == POINTS:
            return fastai_1.points_of(self.rate.last, self.params, self.epochs * batches)
        spans = {key: epochs * batches for key, epochs in self.spans.items()}
        return {"lr": self.rate.last, **self.params, **spans}


def is_old(run: Settings) -> bool:
    """Whether it is fastai 1."""
    return not run.since("2")


def stages_of(run: Settings, call: PythonCall, values: dict[str, Any]) -> list[Stage]:
    """The stages of a fit, by its arguments."""
    many = int(values.get(SAMPLES, 0))
    return [stage._replace(samples=many) for stage in _schedules(run, call, values)]


def _schedules(run: Settings, call: PythonCall, values: dict[str, Any]) -> list[Stage]:
    kind = call.called
    if kind == "fine_tune":
        return _fine_tune(values)
    rate = _rate(run, next(values[key] for key in LRS if key in values))
    if kind == "fit_sgdr":
        return [_sgdr(run, rate, values)]
    epochs = int(next(values[key] for key in EPOCHS if key in values))
    if kind == "fit":
        return [Stage("torch.ConstantLR", rate, epochs, {"factor": 1.0})]
    if "cyc_len" in values:
        return [_old_cycle(run, rate, epochs, values)]
    return [_one_cycle(rate, epochs, values)]


def _one_cycle(rate: Rate, epochs: int, values: dict[str, Any]) -> Stage:
    """``combined_cos``: ``fit_flat_cos`` is the one whose first half stays at the peak."""
    params = {key: values.get(key, 1.0) for key in ("div", "div_final", "pct_start")}
    rise = params["pct_start"] if "div" in values else 0.0
    return Stage("fastai.fit_one_cycle", rate, epochs, params, {"total_steps": epochs}, rise)


def _old_cycle(run: Settings, rate: Rate, epochs: int, values: dict[str, Any]) -> Stage:
    """The one cycle of fastai 1, from its beginning."""
    if values["tot_epochs"] or values["start_epoch"]:
        run.refuse(
            "a cycle that begins at start_epoch is not read", hint="take start_epoch and tot_epochs out"
        )
    params = {key: values[key] for key in ("div_factor", "pct_start", "final_div")}
    return Stage(POINTS, rate, epochs, params, {"total_steps": epochs}, params["pct_start"])


def _fine_tune(values: dict[str, Any]) -> list[Stage]:
    """Frozen epochs at the whole LR, then all groups from its half down to ``lr_mult`` times less."""
    lr, final = values["base_lr"], values["div_final"]
    frozen = {"div": 25.0, "div_final": final, "pct_start": 0.99}
    low = f"{lr_text(lr / 2 / values['lr_mult'])} and more, geometrically"
    return [
        _one_cycle(Rate(lr, f"{lr_text(lr / 10)}, all of them frozen"), int(values["freeze_epochs"]), frozen),
        _one_cycle(Rate(lr / 2, low), int(values["epochs"]), values),
    ]


def _sgdr(run: Settings, rate: Rate, values: dict[str, Any]) -> Stage:
    cycles, length, mult = (int(values[key]) for key in ("n_cycles", "cycle_len", "cycle_mult"))
    if mult == 1:
        run.refuse("fit_sgdr with cycle_mult=1 divides by zero and stops", hint="cycle_mult=2")
    if cycles > MOST_CYCLES:
        text = f"fit_sgdr with {cycles} cycles, each {mult} times as long as the one before: no run ends"
        run.refuse(text, hint="n_cycles=3")
    epochs = length * (mult**cycles - 1) // (mult - 1)
    return Stage("torch.CosineAnnealingWarmRestarts", rate, epochs, {"T_mult": mult}, {"T_0": length})


def _rate(run: Settings, value: Any) -> Rate:
    """``slice(x)`` is x for the last group and a tenth for the others, ``slice(a, b)`` goes from a to b."""
    if value is None and is_old(run):
        return Rate(fastai_1.LR, lr_text(fastai_1.LR / 10))
    if value is None:
        calls = run.source.python.calls
        said = [call.keywords["lr"] for call in calls if "earner" in call.name and "lr" in call.keywords]
        return Rate(said[0] if said and isinstance(said[0], float) else LEARNER_LR)
    if isinstance(value, tuple) and value:
        if len(value) == 1:
            return Rate(value[0], lr_text(value[0] / 10))
        return Rate(value[1], f"{lr_text(value[0])} and more, geometrically")
    if isinstance(value, (list, tuple)):
        if not value:
            run.refuse("the LR of a fit is empty", hint="<lr=1e-3>")
        return Rate(value[-1], ", ".join(map(lr_text, value[:-1])))
    return Rate(value)
