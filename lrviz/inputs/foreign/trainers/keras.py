"""Keras: an optimizer as JSON, by ``get_config``, ``serialize`` or a model's ``get_compile_config``; float32.

Source: keras 3.15.1 ``optimizers/base_optimizer.py``, ``optimizers/schedules/learning_rate_schedule.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.key_paths import value_at
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.setting import Setting, whole
from lrviz.inputs.foreign.shared.keras_optimizers import check_made_with, class_called
from lrviz.inputs.foreign.shared.renaming import renamed
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("steps", whole, None, "steps", asks="how many batches it trains on in all"),
    Setting("epochs", whole, 1, "epochs"),
    Setting("batch_size", whole, 32, "batch_size"),
    Setting("steps_per_epoch", whole, None, "steps_per_epoch"),
)
"""What ``fit`` is given, which stands in no optimizer."""
INNER = ("compile_config", "optimizer", "inner_optimizer", "config")
"""Where the settings of an optimizer may lie, from the outside to the inside."""
SIGNS = {"use_ema", "ema_momentum", "clipnorm", "loss_scale_factor"}


def claims(source: Source) -> bool:
    """A ``learning_rate`` and a ``name`` beside the settings of every optimizer of Keras, or its class."""
    path = _path(source.data)
    config = value_at(source.data, path)
    is_optimizer = {"learning_rate", "name"} <= config.keys() and bool(SIGNS & config.keys())
    is_of_class = path[-1:] == ("config",) and bool(class_called(_class_of(source.data, path)))
    return source.language == "json" and (is_optimizer or is_of_class)


def _class_of(data: Mapping[str, Any], path: tuple[str, ...]) -> object:
    """The class that stands beside the settings of an optimizer."""
    return value_at(data, (*path[:-1], "class_name")) if path else None


def _path(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the settings of the optimizer lie."""
    path: tuple[str, ...] = ()
    while "learning_rate" not in data:
        key = next((key for key in INNER if isinstance(data.get(key), dict)), None)
        if key is None:
            break
        data, path = data[key], (*path, key)
    return path


def _unpacked(source: Source) -> Source:
    """The settings of the optimizer, and its class where that is said."""
    path = _path(source.data)
    names = {(*path, key): key for key in value_at(source.data, path)}
    if path and _class_of(source.data, path) is not None:
        names[*path[:-1], "class_name"] = "class_name"
    return renamed(source, names)


def read(run: Settings) -> Spec:
    """The run of ``fit``: the schedule counts batches, also those that only accumulate."""
    check_made_with(run)
    accum = _accumulation(run)
    if run.raw("decay"):
        run.warn("idle-decay", "decay: Keras 3 passes over it with a warning, before 3 it lowered the LR")
    rate = run.raw("learning_rate")
    run.warmup = 0
    if isinstance(rate, (int, float)) and not isinstance(rate, bool):
        return run.curve("transformers.constant", lr=float(rate), steps=_total(run, accum))
    name, params = _schedule(run, rate)
    total = _total(run, accum)
    warmup = params.get("warmup_steps")
    run.warmup = ceil_div(warmup, accum) if isinstance(warmup, int) else 0
    if accum == 1:
        return run.curve(f"keras.{name}", params, steps=total)
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


def _accumulation(run: Settings) -> int:
    accum = run.raw("gradient_accumulation_steps") or 1
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
        return run.line(run.TOTAL_STEPS, "steps", run["steps"])
    per_epoch = _batches(run)
    epochs = run["epochs"]
    run.note_epoch(of=accum)
    formula = f"{epochs} * {per_epoch}" if accum == 1 else f"floor({epochs} * {per_epoch} / {accum})"
    return run.line(run.TOTAL_STEPS, formula, epochs * per_epoch // accum)


def _batches(run: Settings) -> int:
    """Batches that ``fit`` takes in an epoch."""
    for name in ("steps_per_epoch", "batches_per_epoch"):
        if run.is_said(name):
            return run.line(run.BATCHES_PER_EPOCH, name, run.ask(name))
    if not run.is_said("dataset_len"):
        run.ask("steps")
    n, size = run.ask("dataset_len"), run["batch_size"]
    return run.ceil(run.BATCHES_PER_EPOCH, n, size)


TRAINER = ForeignTrainer(
    "keras",
    "3.15.1",
    SETTINGS,
    claims,
    read,
    read_file=_unpacked,
    keys=KnownKeys(("keras",), by_language(json=Fate.STOPS)),
    known_by="name and learning_rate beside use_ema in JSON",
)
