"""The scheduler that kohya's scripts build of ``lr_scheduler`` or ``lr_scheduler_type``.

Source: sd-scripts 0.9.1, ``library/train_util.py`` (``get_scheduler_fix``, ``get_optimizer``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.python.python_syntax import literal_value
from lrviz.inputs.foreign.setting import Raw, number
from lrviz.inputs.foreign.shared.transformers_schedule import COMMON, of_version
from lrviz.inputs.foreign.shared.transformers_version import assume_version
from lrviz.notation.numbers import lr_text
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

OF_TRANSFORMERS = (*COMMON, "inverse_sqrt", "cosine_with_min_lr", "warmup_stable_decay")
OTHERS = ("piecewise_constant", "reduce_lr_on_plateau", "cosine_warmup_with_min_lr")
TORCH = "torch.optim.lr_scheduler"


class Steps(NamedTuple):
    """Updates of the run, steps of the scheduler in each, and in all."""

    updates: int
    calls: int
    total: int


def steps_or_times(raw: Raw) -> int | float:
    """A whole number of steps; a float is a share of the run, in a file also one above 1.

    In a command text below 1 is a share, and so is ``5%``.

    Raises:
        Unfit: it is neither.

    """
    value = raw.value
    if not isinstance(value, str) or not raw.is_text:
        return number(raw)
    if value.endswith("%"):
        return number(Raw(value[:-1])) / 100
    found = number(raw)
    if found >= 1 and isinstance(found, float):
        raise Unfit  # int("100.0") fails
    return found if found >= 1 else float(found)


def pairs(raw: Raw) -> dict[str, Any]:
    """``k=v`` words, each value a literal of Python.

    Raises:
        Unfit: one of them is none.

    """
    words = raw.value if isinstance(raw.value, (list, tuple)) else [raw.value]
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = str(word).partition("=")
        if not equals:
            raise Unfit
        try:
            found[name.strip()] = literal_value(value)
        except ValueError:
            raise Unfit from None
    return found


def scheduler(run: Settings, steps: Steps) -> tuple[str, dict[str, Value]]:
    """The schedule and its parameters, in steps of the scheduler."""
    optimizer = (run["optimizer_type"] or "").lower()
    if optimizer.endswith("schedulefree"):
        run.warmup = 0
        run.note(
            "schedule-free",
            f"{optimizer} has no scheduler: lr_scheduler changes nothing",
            at="optimizer_type",
        )
        return "transformers.constant", {}
    if optimizer.startswith("dadapt") or optimizer == "prodigy":
        _note_own_lr(run, optimizer)
    if run["lr_scheduler_type"]:
        return _torch(run, steps)
    _refuse_adafactor(run, optimizer)
    kind = run.choose("lr_scheduler", (*OF_TRANSFORMERS, *OTHERS))
    if kind == "piecewise_constant":
        return _piecewise(run)
    if kind not in OF_TRANSFORMERS:
        run.refuse(
            f"{kind}: the script passes what its schedule does not take, and stops",
            at="lr_scheduler",
            instead="cosine_with_min_lr",
        )
    return _of_transformers(run, kind, _values(run, kind, steps))


def _of_transformers(run: Settings, kind: str, values: dict[str, Value]) -> tuple[str, dict[str, Value]]:
    """The schedule of the transformers that the scripts pin, or of the one that is said."""
    assume_version(run)
    name, found = of_version(run, kind, values, "lr_scheduler_args")
    if found != values and not run.is_said("transformers"):
        run.note(
            "assumed-version",
            f"transformers {run['transformers']} is assumed, which {run.title} pins: the warmup rises from 0,"
            " from 4.49 on from the floor",
            hint="--given transformers=4.54.1",
            at="lr_scheduler",
        )
    return name, found


def _values(run: Settings, kind: str, steps: Steps) -> dict[str, Value]:
    """What the script gives the schedule, and what ``lr_scheduler_args`` add to that.

    Raises:
        ConfigError: both say the same.

    """
    more, given = run["lr_scheduler_args"] or {}, _given(run, kind, steps)
    if twice := [name for name in more if name in given]:
        run.refuse(
            f"{kind} got multiple values for {twice[0]}: the script gives it one, and stops",
            hint=f"leave {twice[0]} out of lr_scheduler_args",
            at="lr_scheduler_args",
        )
    return {**given, **more}


def _given(run: Settings, kind: str, steps: Steps) -> dict[str, Value]:
    if kind == "constant":
        _refuse_warmup(run, "constant")
        return {}
    warmup = _warmup(run, steps)
    if kind == "constant_with_warmup":
        return {"num_warmup_steps": warmup}
    if kind == "inverse_sqrt":
        return {"num_warmup_steps": warmup, "timescale": run["lr_scheduler_timescale"]}
    if kind == "warmup_stable_decay":
        return _stable(run, steps, warmup)
    return {"num_warmup_steps": warmup, "num_training_steps": steps.total, **_of(run, kind)}


def _of(run: Settings, kind: str) -> Mapping[str, Value]:
    """What else a schedule of that name is given."""
    cycles, ratio = run["lr_scheduler_num_cycles"], run["lr_scheduler_min_lr_ratio"]
    given: dict[str, dict[str, Value]] = {
        "cosine_with_restarts": {"num_cycles": cycles},
        "polynomial": {"power": run["lr_scheduler_power"]},
        "cosine_with_min_lr": {"num_cycles": cycles / 2, "min_lr_rate": ratio},
    }
    if kind == "cosine_with_min_lr" and ratio is None and "min_lr" not in (run["lr_scheduler_args"] or {}):
        run.refuse(
            "cosine_with_min_lr needs lr_scheduler_min_lr_ratio: the script stops",
            hint="--given lr_scheduler_min_lr_ratio=0.1",
            at="lr_scheduler",
        )
    return given.get(kind, {})


def _stable(run: Settings, steps: Steps, warmup: int) -> dict[str, Value]:
    decay = _scheduler_steps(run, "lr_decay_steps", steps)
    stable = run.line("stable steps", f"{steps.total} - {warmup} - {decay}", steps.total - warmup - decay)
    return {
        "num_warmup_steps": warmup,
        "num_stable_steps": stable,
        "num_decay_steps": decay,
        "num_cycles": run["lr_scheduler_num_cycles"] / 2,
        "min_lr_ratio": run["lr_scheduler_min_lr_ratio"] or 0.0,
    }


def _note_own_lr(run: Settings, optimizer: str) -> None:
    """Optimizers that estimate the LR: what is said is a factor of that."""
    lr = run["learning_rate"] if run["unet_lr"] is None else run["unet_lr"]
    text = f"{optimizer} estimates the LR itself, and multiplies it by this curve"
    if lr <= 0.1:
        run.warn(
            "factor-not-lr",
            f"{text}: it expects about 1, not {lr_text(lr)}",
            hint="--given learning_rate=1",
            at="learning_rate",
        )
    else:
        run.note("factor-not-lr", text, at="optimizer_type")


# --- warmup ----------------------------------------------------------------------------------------------


def _scheduler_steps(run: Settings, name: str, steps: Steps) -> int:
    """Steps of the scheduler: a share of all of them, or a number that is not multiplied by the processes."""
    value = run[name]
    if not isinstance(value, float):
        return int(value)
    found = int(value * steps.total)
    return run.line(name, f"int({value} * {steps.total})", found) if value else found


def _warmup(run: Settings, steps: Steps) -> int:
    said, warmup = run["lr_warmup_steps"], _scheduler_steps(run, "lr_warmup_steps", steps)
    updates = run.warmup = warmup // steps.calls if warmup % steps.calls == 0 else warmup / steps.calls
    if updates > steps.updates:
        is_times = isinstance(said, float) and said > 1
        times = f" ({said} is a float: {said:g} times the run)" if is_times else ""
        hint = f"lr_warmup_steps = {said:g}" if times else ""
        lasts, share = f"{updates:g} updates{times}", (steps.updates - 1) / updates
        run.warn_of_warmup(lasts, steps.updates, share, hint=hint, at="lr_warmup_steps")
    elif not isinstance(said, float) and said and steps.calls > 1:
        run.warn(
            "warmup-not-multiplied",
            f"lr_warmup_steps={said} counts scheduler steps, {steps.calls} in an update: the warmup takes"
            f" {updates:g} updates; {said * steps.calls} makes it {said}",
            at="lr_warmup_steps",
        )
    return warmup


def _refuse_warmup(run: Settings, name: str) -> None:
    run.warmup = 0
    if run["lr_warmup_steps"]:
        run.refuse(
            f"{name} does not require `num_warmup_steps`: the script stops", at="lr_warmup_steps", instead=0
        )


# --- schedulers of others --------------------------------------------------------------------------------


def _torch(run: Settings, steps: Steps) -> tuple[str, dict[str, Value]]:
    """A class of torch, by its name or its path; one of another module is not read."""
    module, _, name = run["lr_scheduler_type"].rpartition(".")
    if module not in ("", TORCH):
        run.refuse(
            f"{run['lr_scheduler_type']} is code of another module, which is not read",
            at="lr_scheduler_type",
            instead="CosineAnnealingLR",
        )
    _refuse_warmup(run, run["lr_scheduler"])
    if steps.calls > 1:
        run.warn(
            "scheduler-calls",
            f"accelerate steps {name} {steps.calls} times per update: it counts {steps.total} steps in"
            f" {steps.updates} updates",
            at="lr_scheduler_type",
        )
    return f"torch.{name}", dict(run["lr_scheduler_args"] or {})


def _piecewise(run: Settings) -> tuple[str, dict[str, Value]]:
    rules = (run["lr_scheduler_args"] or {}).get("step_rules")
    if not isinstance(rules, str):
        run.refuse(
            "piecewise_constant needs step_rules among lr_scheduler_args: the script stops",
            hint="""lr_scheduler_args = ["step_rules='1:100,0.1'"]""",
            at="lr_scheduler",
        )
    run.warmup = 0
    return "diffusers.piecewise_constant", {"step_rules": rules}


def _refuse_adafactor(run: Settings, optimizer: str) -> None:
    """Adafactor's own step sizes, which are no schedule."""
    name = run["lr_scheduler"]
    is_relative = optimizer == "adafactor" and (run["optimizer_args"] or {}).get("relative_step", True)
    if not is_relative and not name.startswith("adafactor"):
        return
    if name.startswith("adafactor") and optimizer != "adafactor":
        run.refuse(
            f"{name} is for the optimizer Adafactor alone: the script stops",
            at="lr_scheduler",
            instead="constant",
        )
    run.refuse(
        "Adafactor's relative step is min(1e-2, 1/sqrt(step)) times the scale of each weight, whatever"
        " lr_scheduler and learning_rate say: no schedule tells that",
        hint="""optimizer_args = ["relative_step=False"] makes lr_scheduler count""",
        at="optimizer_type",
    )
