"""Keras: an optimizer as JSON, by ``get_config``, ``serialize`` or a model's ``get_compile_config``; float32.

Source: keras 3.15.1 ``optimizers/base_optimizer.py``, ``optimizers/schedules/learning_rate_schedule.py``.
"""

from __future__ import annotations

from functools import reduce
from operator import getitem
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.setting import Setting, whole
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("steps", whole, None, "steps", asks="how many updates it makes"),
    Setting("epochs", whole, 1, "epochs"),
    Setting("batch_size", whole, 32, "batch_size"),
    Setting("steps_per_epoch", whole, None, "steps_per_epoch"),
)
"""What ``fit`` is given, which stands in no optimizer."""
INNER = ("compile_config", "optimizer", "inner_optimizer", "config")
"""Where the settings of an optimizer may lie, from the outside to the inside."""
SIGNS = {"use_ema", "ema_momentum", "clipnorm", "loss_scale_factor"}


def claims(source: Source) -> bool:
    """A ``learning_rate`` beside the settings that every optimizer of Keras has."""
    config = _at(source.data, _place(source.data))
    return source.language == "json" and "learning_rate" in config and bool(SIGNS & config.keys())


def _place(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the settings of the optimizer lie."""
    place: tuple[str, ...] = ()
    while "learning_rate" not in (table := _at(data, place)):
        inner = next((key for key in INNER if isinstance(table.get(key), dict)), None)
        if inner is None:
            break
        place = (*place, inner)
    return place


def _at(data: Mapping[str, Any], place: tuple[str, ...]) -> Mapping[str, Any]:
    return reduce(getitem, place, data)


def read(run: Settings) -> Spec:
    """The run of ``fit``: the schedule counts batches, also those that only accumulate."""
    place = _place(run.sources[-1].data)
    accum = _accumulation(run, run.raw(*place, "gradient_accumulation_steps") or 1)
    rate = run.raw(*place, "learning_rate")
    run.warmup = 0
    if isinstance(rate, (int, float)) and not isinstance(rate, bool):
        return run.curve("transformers.constant", lr=float(rate), steps=_total(run, accum))
    name, params = _schedule(run, rate)
    total = _total(run, accum)
    warmup = params.get("warmup_steps")
    run.warmup = ceil_div(warmup, accum) if isinstance(warmup, int) else 0
    if accum == 1:
        return run.curve(f"keras.{name}", steps=total, **params)
    run.warn(
        "schedule-too-fast",
        f"gradient_accumulation_steps={accum}: the schedule is read at the count of batches, {accum} times as"
        " fast as the updates",
    )
    return run.curve(
        "keras.SGD.gradient_accumulation",
        schedule=Call(name, tuple(params.items())),
        gradient_accumulation_steps=accum,
        steps=total,
    )


def _accumulation(run: Settings, accum: object) -> int:
    if isinstance(accum, bool) or not isinstance(accum, int) or accum < 1:
        run.refuse(
            f"gradient_accumulation_steps={accum!r} is no number of batches: it stops",
            hint="gradient_accumulation_steps: 4",
        )
    return accum


def _schedule(run: Settings, rate: object) -> tuple[str, dict[str, Any]]:
    """The class of the schedule and what it was made with.

    Raises:
        ConfigError: it is none of Keras's.

    """
    found = rate if isinstance(rate, dict) else {}
    name, config = found.get("class_name"), found.get("config")
    if not isinstance(config, dict) or lookup(f"keras.{name}") is None:
        run.refuse(
            f"learning_rate {name or rate!r} is no schedule of keras.optimizers.schedules",
            hint="write it as a spec: keras.CosineDecay:initial_learning_rate=1e-3,decay_steps=1000",
        )
    params = {key: _value(one) for key, one in config.items() if key != "name" and one is not None}
    return str(name), params


def _value(value: Any) -> Value:
    return tuple(map(_value, value)) if isinstance(value, list) else value


def _total(run: Settings, accum: int) -> int:
    """Updates: ``steps``, or the batches of all epochs over the accumulation."""
    if run.is_said("steps"):
        return run.line("total steps", "steps", run["steps"])
    per_epoch = _batches(run)
    epochs = run["epochs"]
    run.note_epoch(of=accum)
    formula = f"{epochs} * {per_epoch}" if accum == 1 else f"floor({epochs} * {per_epoch} / {accum})"
    return run.line("total steps", formula, epochs * per_epoch // accum)


def _batches(run: Settings) -> int:
    """Batches that ``fit`` takes in an epoch."""
    for name in ("steps_per_epoch", "batches_per_epoch"):
        if run.is_said(name):
            return run.line("batches per epoch", name, run.ask(name))
    if not run.is_said("dataset_len"):
        run.ask("steps")
    n, size = run.ask("dataset_len"), run["batch_size"]
    return run.ceil("batches per epoch", n, size)


TRAINER = ForeignTrainer(
    "keras",
    "3.15.1",
    SETTINGS,
    claims,
    read,
    known_by="learning_rate beside use_ema in JSON",
)
