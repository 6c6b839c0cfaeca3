"""SpeechBrain's schedulers, from what a recipe gives them.

A recipe calls its scheduler after the update, or after the epoch, so that the first one runs at the
optimizer's own LR.

Source: speechbrain 1.1.2 ``nnet/schedulers.py``.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.setting import count, number
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value


class PerUpdate(NamedTuple):
    """A class that is called after every update: its parameters under other names here, and its warmup."""

    warmup: str = ""
    renamed: Mapping[str, str] = {}
    dropped: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = {}  # of lengths, which would be the run's


PER_UPDATE = {
    "NoamScheduler": PerUpdate("n_warmup_steps"),
    "LinearNoamScheduler": PerUpdate("n_warmup_steps"),
    "CyclicCosineScheduler": PerUpdate(defaults={"total_steps": 100_000}),
    "LinearWarmupScheduler": PerUpdate("num_warmup_steps"),
    "WarmAndExpDecayLRSchedule": PerUpdate("n_warmup_steps", {"lr": "base_lr"}),
    "WarmCoolDecayLRSchedule": PerUpdate("warmup", {"lr": "base_lr"}),
    "TriStageLRSchedule": PerUpdate("warmup_steps", {"lr": "peak_lr"}, ("total_steps",)),
}
INVERSE = "InverseSquareRootScheduler"
CYCLIC = "CyclicLRScheduler"
OF_LOSSES = ("ScheduledLoss",)
"""What schedules no LR."""
PER_EPOCH = ("LinearScheduler", "StepScheduler")
_CYCLE = ("base_lr", "max_lr", "step_size", "mode", "gamma", "scale_fn", "scale_mode")
_TRI_STAGE = ("warmup_steps", "hold_steps", "decay_steps", "total_steps", "init_lr_scale", "final_lr_scale")
ARGUMENTS = {
    "NoamScheduler": ("lr_initial", "n_warmup_steps", "model_size"),
    "LinearNoamScheduler": ("lr_initial", "n_warmup_steps", "n_keep_steps"),
    "CyclicCosineScheduler": ("n_warmup_steps", "lr_initial", "total_steps"),
    "LinearWarmupScheduler": ("initial_value", "num_warmup_steps", "num_training_steps"),
    "WarmAndExpDecayLRSchedule": ("lr", "n_warmup_steps", "total_steps", "decay_factor"),
    "WarmCoolDecayLRSchedule": ("lr", "warmup", "cooldown", "total_steps", "decay_factor", "decay_every"),
    "TriStageLRSchedule": ("lr", *_TRI_STAGE),
    INVERSE: ("warmup_steps",),
    CYCLIC: _CYCLE,
    "LinearScheduler": ("initial_value", "final_value", "epoch_count"),
    "StepScheduler": ("initial_value", "decay_factor", "decay_drop", "half_life"),
}
"""What each class takes; it stops at another name."""
KNOWN = frozenset(ARGUMENTS)
NOT_READ = {
    **dict.fromkeys(
        ("NewBobScheduler", "ReduceLROnPlateau"),
        "it follows the validation: the nearest here is torch.ReduceLROnPlateau",
    ),
    "NoamIntervalScheduler": "the nearest here is speechbrain.NoamScheduler",
    "IntervalScheduler": "the nearest here is fairseq.fixed, with an LR for each epoch",
}
_WARMUPS = dict.fromkeys({one.warmup for one in PER_UPDATE.values()} - {""}, (number, 1000))
COMPUTED = {
    **_WARMUPS,
    "base_lr": (number, 0.001),
    "max_lr": (number, 0.006),
    "step_size": (number, 2000),
    "gamma": (number, 1.0),
    "initial_value": (number, 1.0),
    "final_value": (number, 0.1),
    "epoch_count": (count, 10),
    "half_life": (number, 10),
    "decay_factor": (number, 0.5),
    "decay_drop": (number, 2),
}
"""The arguments of schedulers that are computed with here: their kinds, and an example."""
MOST_EPOCHS = 100_000
"""Epochs whose LRs are told one by one."""


class Scheduler(NamedTuple):
    """A scheduler of a recipe: its class, its arguments, and the optimizer's own LR."""

    name: str
    params: Mapping[str, Any]
    first: float


def curve_by_epoch(run: Settings, scheduler: Scheduler, total: int, epochs: int) -> Spec:
    """The run of a scheduler that is called behind each epoch, each of whose LRs is told."""
    if epochs > MOST_EPOCHS:
        text = f"{epochs} epochs with an LR of their own: at most {MOST_EPOCHS} are read"
        run.refuse(text, hint=f"<epochs={MOST_EPOCHS}>", at="number_of_epochs")
    name, params, first = scheduler
    values = (first, *_by_epoch(run, name, params, epochs)[1:])
    return run.curve("fairseq.fixed", lr=first, steps=total, lr_by_epoch=values)


def curve_by_update(run: Settings, scheduler: Scheduler, total: int) -> Spec:
    """The run of a scheduler that is called after every update."""
    name, params, first = scheduler
    _say_first(run, name, first, is_factor="model_size" in params)
    if name == INVERSE:
        factor = f"{first} if epoch == 0 else 1 / math.sqrt(max({params.get('warmup_steps', 1)}, epoch))"
        return run.curve("torch.LambdaLR", lr=1.0, steps=total, lr_lambda=factor)
    if name == CYCLIC:
        return run.curve("torch.LambdaLR", lr=1.0, steps=total, lr_lambda=_cyclic(run, params, first))
    given = _of_class(run, name, params, total)
    return run.curve(f"speechbrain.{name}", given, lr=first, steps=total)


def _of_class(run: Settings, name: str, params: Mapping[str, Any], total: int) -> dict[str, Value]:
    """The arguments under the names they have here."""
    known = PER_UPDATE[name]
    warmup = params.get(known.warmup, 0)
    run.warmup = warmup + (name == "WarmAndExpDecayLRSchedule")
    run.check_warmup(warmup, total)
    if (length := params.get("total_steps", params.get("num_training_steps", total))) != total:
        run.note("length-differs", f"the scheduler is made for {length} updates and the run has {total}")
    given = {**known.defaults, **params}
    return {known.renamed.get(key, key): one for key, one in given.items() if key not in known.dropped}


def _cyclic(run: Settings, params: Mapping[str, Any], first: float) -> str:
    """From ``base_lr`` up to ``max_lr`` in ``step_size`` updates, and back."""
    low, high = params.get("base_lr", 0.001), params.get("max_lr", 0.006)
    half, mode = params.get("step_size", 2000.0), str(params.get("mode", "triangular"))
    cycle = f"math.floor(1 + epoch / {2 * half})"
    scales = {
        "triangular": "1",
        "triangular2": f"2.0 ** (1 - {cycle})",
        "exp_range": f"{params.get('gamma', 1.0)} ** epoch",
    }
    if mode not in scales or "scale_fn" in params:
        run.refuse(f"{CYCLIC} with a scale of its own is not read", hint="mode: triangular")
    run.warmup = math.ceil(half)
    height = f"max(0, 1 - abs(epoch / {half} - 2 * {cycle} + 1)) * {scales[mode]}"
    return f"{first} if epoch == 0 else {low} + ({high} - {low}) * {height}"


def _say_first(run: Settings, name: str, first: float, *, is_factor: bool) -> None:
    """The first LR is no value of the schedule; a factor of one is far above all of them."""
    say = run.warn if is_factor else run.note
    does = "trains nothing" if first == 0 else f"has the optimizer's own LR, {lr_text(first)}"
    say("first-at-own-lr", f"{name} is called after the update: the first one {does}")


def _by_epoch(run: Settings, name: str, params: Mapping[str, Any], epochs: int) -> list[float]:
    """The LR of each epoch: the scheduler is called behind it, for the next one."""
    needs = ["initial_value"] + ["final_value", "epoch_count"] * (name == "LinearScheduler")
    if lacking := [one for one in needs if not isinstance(params.get(one), (int, float))]:
        run.refuse(f"{name} without {', '.join(lacking)}: it stops", hint=f"{lacking[0]}: 1.0")
    if name == "LinearScheduler":
        return _linear(run, params, epochs)
    half_life = params.get("half_life")
    factor = math.exp(-math.log(2) / half_life) if half_life else params.get("decay_factor") or 0.5
    drop = 1.0 if half_life else params.get("decay_drop") or 2
    return [params["initial_value"] * factor ** math.floor((1 + epoch) / drop) for epoch in range(epochs)]


def _linear(run: Settings, params: Mapping[str, Any], epochs: int) -> list[float]:
    length = params["epoch_count"]
    if length < epochs:
        run.refuse(
            f"epoch_count is {length} and the run has {epochs} epochs: it stops behind the next one",
            hint=f"<epochs={length}>",
        )
    if length > epochs:
        run.note("length-differs", f"epoch_count is {length} and the run has {epochs} epochs")
    return _linspace(params["initial_value"], params["final_value"], length, epochs)


def _linspace(start: float, end: float, length: int, first: int) -> list[float]:
    """The first of ``torch.linspace`` in float32, which goes from both ends to the middle."""
    low, high = _single(start), _single(end)
    step = _single(_single(high - low) / max(length - 1, 1))
    return [
        _single(low + step * at) if at < length // 2 else _single(high - step * (length - 1 - at))
        for at in range(first)
    ]


def _single(value: float) -> float:
    """A number rounded to float32."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
