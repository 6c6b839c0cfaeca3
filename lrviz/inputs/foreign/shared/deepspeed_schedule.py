"""DeepSpeed's ``scheduler`` section as a schedule, alone or inside transformers' Trainer.

Source: deepspeed 0.19.8, ``runtime/lr_schedules.py``, ``runtime/engine.py``; transformers 5.23.0,
``integrations/deepspeed.py``.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.setting import Setting, literal
from lrviz.inputs.foreign.setting_values import is_since
from lrviz.inputs.foreign.unknown import Unknown, unknown_within
from lrviz.notation.nearest import SLIP, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec

OWN = ("WarmupLR", "WarmupDecayLR", "WarmupCosineLR", "LRRangeTest", "OneCycle")
WARMUP = 1000
AUTO = "auto"
_OF_A_PROCESS = ("train_micro_batch_size_per_gpu", "gradient_accumulation_steps")
CONFIG = Setting(
    "deepspeed",
    literal,
    asks="the config of DeepSpeed, whose scheduler would win: its file, or {} where it has none",
)
_NEEDS = {
    **dict.fromkeys(("WarmupDecayLR", "WarmupCosineLR"), ("total_num_steps",)),
    "OneCycle": ("cycle_min_lr", "cycle_max_lr"),
}
"""Parameters without a default."""
_STAIRS = ("cycle_first_stair_count", "cycle_second_stair_count")
VERSION, PINNED = "0.19.8", {"axolotl": "0.18.9"}
"""The one whose rules are followed, and the newest that a trainer's release allows."""
_STATE = ("last_batch_iteration", "last_epoch")
_PEAKS = ("warmup_max_lr", "cycle_max_lr", "lr_range_test_min_lr", "max_lr", "base_lr")
_DEFAULTS = {"WarmupDecayLR": {"warmup_max_lr": 1e-3}, "LRRangeTest": {"lr_range_test_min_lr": 1e-3}}
"""Peaks that are not the optimizer's LR where nothing is said."""


def scheduler_of(run: Settings, table: object) -> str:
    """The class that is named, one of DeepSpeed's own or of torch's; nothing where none is.

    Raises:
        ConfigError: it is no class that is known.

    """
    name = table_at(table, "scheduler").get("type")
    if name is not None and name not in OWN and f"torch.{name}" not in catalogue():
        run.refuse(f"DeepSpeed does not recognize LR scheduler {name}", hint=f"one of {', '.join(OWN)}")
    typed = [key for key in table if "type" in table_at(table, key)] if isinstance(table, dict) else []
    if name is None and (near := nearest("scheduler", typed, cutoff=SLIP)):
        text = f"{near} is no section of DeepSpeed, which passes over it: did you mean scheduler?"
        run.warn("misspelt-key", f"{text} Without one the LR is none of DeepSpeed's")
    return str(name or "")


def deepspeed_curve(run: Settings, name: str, params: Mapping[str, Any], lr: float, steps: int) -> Spec:
    """A class with its parameters over the updates of a run; without one the LR stands still."""
    if not name:
        return run.curve("transformers.constant", lr=lr, steps=steps)
    framework = "deepspeed" if name in OWN else "torch"
    named = {key: value for key, value in params.items() if key not in _STATE}
    check_names(run, f"{framework}.{name}", named, "scheduler.params")
    said = {key: value for key, value in named.items() if value is not None}
    if missing := [key for key in _NEEDS.get(name, ()) if key not in said]:
        run.refuse(f"{name} needs {missing[0]}: it stops", hint=f'"{missing[0]}": … in scheduler.params')
    values = {**_DEFAULTS.get(name, {}), **said}
    if name == "OneCycle":
        values = _with_stairs(run, values)
    elif name == "WarmupCosineLR" and _is_below(said["total_num_steps"], steps - 1):
        _since(run, "0.19.3", "behind total_num_steps it stays at its floor, before 0.19.3 it rises again")
    has_peak = any(key in values for key in _PEAKS)
    return run.curve(f"{framework}.{name}", values, lr=None if has_peak else lr, steps=steps)


def _is_below(number: object, limit: int) -> bool:
    return isinstance(number, (int, float)) and number < limit


def _with_stairs(run: Settings, values: dict[str, Any]) -> dict[str, Any]:
    """The stairs of OneCycle, which changed nothing before 0.19.4."""
    stairs = [key for key in _STAIRS if values.get(key)]
    if not stairs or _since(run, "0.19.4", f"{stairs[0]} makes stairs, before 0.19.4 it changed nothing"):
        return values
    return {key: value for key, value in values.items() if key not in _STAIRS}


def _since(run: Settings, version: str, what: str) -> bool:
    """Whether DeepSpeed is at least this version: its own, that which a trainer pins, or the one assumed."""
    if run.trainer.name == "deepspeed":
        return run.since(version, what)
    found = PINNED.get(run.trainer.name, VERSION)
    run.note("assumed-version", f"deepspeed {found} is assumed: {what}")
    return is_since(found, version)


def check_names(
    run: Settings, name: str, values: Mapping[str, object], whose: str, taken: tuple[str, ...] = ()
) -> None:
    """Refuse parameters that a schedule does not take, or that the trainer gives it.

    Raises:
        ConfigError: there is one.

    """
    run.check_taken(name, values, taken, whose=f"{whose}: ")
    check_texts(run, values, whose)


def check_texts(run: Settings, values: Mapping[str, object], whose: str) -> None:
    """Refuse numbers that are text where they stand, as 1e-6 without a dot is to YAML.

    Raises:
        ConfigError: there is one.

    """
    for key, value in values.items():
        if isinstance(value, str) and (number := _with_dot(value)):
            run.refuse(f"{whose}: {key}={value!r} is text, no number: it stops", hint=f"{key}: {number}")


def _with_dot(text: str) -> str:
    """The number that a text is to people, as YAML reads it; nothing where it is none."""
    try:
        mantissa, e, power = repr(float(text)).partition("e")
    except ValueError:
        return ""
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{e}{power}"


def warmup_of(name: str, params: Mapping[str, object]) -> int:
    """Updates of warmup, as the section has them."""
    steps = params.get("warmup_num_steps", WARMUP)
    return steps if name.startswith("Warmup") and isinstance(steps, int) else 0


# --- inside the Trainer ----------------------------------------------------------------------------------


class Beside(NamedTuple):
    """What a trainer calls the settings that stand beside the section."""

    scheduler: str = "lr_scheduler_type"
    batch: str = "per_device_train_batch_size"


OF_TRAINER = Beside()


def trainer_curve(
    run: Settings,
    table: Mapping[str, object],
    auto: Mapping[str, float],
    accum: int,
    beside: Beside = OF_TRAINER,
) -> Spec | None:
    """What the Trainer makes of the section: "auto" is filled in; None where the Trainer's own rules.

    Raises:
        ConfigError: numbers contradict the Trainer's arguments.

    """
    _check(run, table, auto, {beside.batch: run[beside.batch], "gradient_accumulation_steps": accum})
    return winning_curve(run, table, auto, beside.scheduler)


def auto_values(lr: float, warmup: int, steps: int) -> dict[str, float]:
    """What the Trainer puts in the place of "auto"."""
    return {
        "warmup_min_lr": 0.0,
        "warmup_max_lr": lr,
        "warmup_num_steps": max(1, warmup),
        "total_num_steps": steps,
    }


def winning_curve(
    run: Settings, table: Mapping[str, object], auto: Mapping[str, float], loser: str
) -> Spec | None:
    """The schedule of the section, which wins over the setting ``loser``; None where there is none."""
    name = scheduler_of(run, table)
    if not name:
        return None
    if run.is_said(loser):
        text = f"the DeepSpeed scheduler {name} wins: {loser}={run[loser]} changes nothing"
        run.warn("schedule-ignored", text, at=loser)
    said = table_at(table, "scheduler", "params")
    params = {key: auto.get(key) if value == AUTO else value for key, value in said.items()}
    if unknown := next(unknown_within(params), None):
        ways = " ".join(f"--given {one}=VALUE" for one in unknown.names)
        text = f"{unknown.why} in the parameters of the DeepSpeed scheduler {name} is not known"
        run.refuse(text, hint=ways or "write what it is in its place")
    run.warmup = warmup_of(name, params)
    return deepspeed_curve(run, name, params, auto["warmup_max_lr"], int(auto["total_num_steps"]))


def _check(
    run: Settings, table: Mapping[str, object], auto: Mapping[str, float], batches: Mapping[str, int]
) -> None:
    """Refuse a number that is another one among the arguments."""
    names = {
        "warmup_max_lr": "learning_rate",
        "warmup_num_steps": "warmup_steps",
        "total_num_steps": "num_training_steps (calculated)",
    }
    params = table_at(table, "scheduler", "params")
    lr = table_at(table, "optimizer", "params").get("lr")
    said = [
        *_batches(run, table, batches),
        ("optimizer.params.lr", lr, "learning_rate", auto["warmup_max_lr"]),
        *((f"scheduler.params.{key}", params.get(key), name, auto[key]) for key, name in names.items()),
    ]
    wrong = [  # what nobody knows is the same in a run that starts
        f"ds {key}={ds} vs hf {name}={hf}"
        for key, ds, name, hf in said
        if ds not in (None, AUTO, hf) and not isinstance(ds, Unknown)
    ]
    if wrong:
        run.refuse(
            f"the DeepSpeed config contradicts the arguments, and the Trainer stops: {'; '.join(wrong)}",
            hint='set them to "auto"',
        )


def _batches(
    run: Settings, table: Mapping[str, object], batches: Mapping[str, int]
) -> Iterator[tuple[str, Any, str, float]]:
    for name, (other, value) in zip(_OF_A_PROCESS, batches.items(), strict=True):
        yield name, table.get(name), other, value
    total = table.get("train_batch_size")
    if total not in (None, AUTO) and not isinstance(total, Unknown):
        world = run.ask("world_size")
        yield "train_batch_size", total, "train_batch_size (calculated)", world * prod(batches.values())
