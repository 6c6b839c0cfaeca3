"""NeMo's schedulers by their names: the parameters that each takes, and their defaults in NeMo 2.

Source: nemo_toolkit 3.0.0, ``core/optim/lr_scheduler.py``; 2.5.0, that of ``lightning/pytorch/optim``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.registry import catalogue
from lrviz.inputs.foreign.setting import Setting, number, switch, text, whole
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.foreign.setting import Kind
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec, Value

_SECTIONS = (
    "model.optim.sched",
    "optim.sched",
    "model.optim.sched.args",
    "model.optim.sched.args.params",
    "lr_scheduler",
    "optim.lr_scheduler",
    "model.optim.lr_scheduler",
)
"""Where the settings of a scheduler stand, in NeMo 1 and 2."""
PARAMS: dict[str, tuple[Kind, str]] = {
    "max_steps": (whole, ""),
    "warmup_steps": (whole, "warmup"),
    "warmup_ratio": (number, ""),
    "hold_steps": (whole, ""),
    "hold_ratio": (number, ""),
    "constant_steps": (whole, ""),
    "constant_ratio": (number, ""),
    "min_lr": (number, "min_lr"),
    "d_model": (number, ""),
    "power": (number, ""),
    "cycle": (switch, ""),
    "decay_rate": (number, ""),
    "step_size": (whole, ""),
    "gamma": (number, ""),
    "base_lr": (number, ""),
    "max_lr": (number, ""),
    "step_size_up": (whole, ""),
    "step_size_down": (whole, ""),
    "factor": (number, ""),
    "patience": (whole, ""),
}


def _of_scheduler(name: str, kind: Kind, default: Value | None = None, key: str = "") -> Setting:
    first, *others = (f"{section}.{name}" for section in _SECTIONS)
    return Setting(first, kind, default, key, tuple(others))


SETTINGS = (
    _of_scheduler("name", text),
    _of_scheduler("_target_", text),
    _of_scheduler("decay_schedule", text, "linear"),
    _of_scheduler("interval", text, "step"),
    _of_scheduler("frequency", whole, 1),
    *(_of_scheduler(name, kind, None, key) for name, (kind, key) in PARAMS.items()),
)
SCHED = _SECTIONS[0]
_OF_TRAINER = "name monitor reduce_on_plateau t_max_epochs t_accumulate_grad_batches t_limit_train_batches"
_OF_HYDRA = "_target_ _partial_ _convert_ args params interval frequency t_num_workers last_epoch verbose"
_OF_OTHERS = "decay_schedule mode scale_fn scale_mode cycle_momentum base_momentum max_momentum"
_OF_PLATEAU = "threshold threshold_mode cooldown eps"
_BESIDE = f"{_OF_TRAINER} {_OF_HYDRA} {_OF_OTHERS} {_OF_PLATEAU}".split()
TABLES = {section: frozenset((*PARAMS, *_BESIDE)) for section in _SECTIONS}
"""All that the tables of a scheduler may have."""
_NEVER_BUILT = {
    "NoamHoldAnnealing": "hands no warmup_steps to NoamHoldAnnealing, which needs some: it stops",
    "T5InverseSquareRootAnnealing": "hands no constant_steps on, whose root is taken: it stops",
}
_OF_TORCH = ("StepLR", "ExponentialLR", "ReduceLROnPlateau", "CyclicLR")
_NOT_OF_LR = ("CyclicLR", "T5InverseSquareRootAnnealing")
"""Those that set an LR of their own."""
BY_EPOCH = ("ExponentialLR", "ReduceLROnPlateau")
OF_NEMO_2: dict[str, dict[str, Value | None]] = {
    "WarmupPolicy": {"warmup_steps": 750, "warmup_ratio": None},
    "WarmupHoldPolicy": {"warmup_steps": 750, "warmup_ratio": None, "hold_steps": None, "hold_ratio": None},
    "SquareAnnealing": {"min_lr": 1e-5},
    "SquareRootAnnealing": {},
    "NoamAnnealing": {"d_model": None, "warmup_steps": 750, "warmup_ratio": None},
    "NoamHoldAnnealing": {"decay_rate": 0.5},
    "WarmupAnnealing": {"warmup_steps": 750, "warmup_ratio": None},
    "InverseSquareRootAnnealing": {},
    "T5InverseSquareRootAnnealing": {},
    "PolynomialDecayAnnealing": {"power": 1.0, "cycle": False},
    "PolynomialHoldDecayAnnealing": {"power": 1.0, "cycle": False},
    "CosineAnnealing": {"warmup_steps": 750, "constant_steps": 80000, "min_lr": 6e-5},
    "WarmupHoldAnneal": {"warmup_ratio": None, "hold_ratio": None},
}
"""The parameters of each class of NeMo 2 beside ``max_steps`` and ``min_lr``, with their defaults."""


def curve_of(run: Settings, name: str, scheduled: int, keys: Mapping[str, object]) -> Spec:
    """The curve of NeMo 1's scheduler ``name``, made for ``scheduled`` updates; ``keys`` are the run's."""
    return _curve(run, name, scheduled, _said(run, PARAMS), keys)


def curve_of_nemo_2(run: Settings, name: str, scheduled: int, keys: Mapping[str, object]) -> Spec:
    """The curve of a class of NeMo 2, ``CosineAnnealingScheduler``, which has defaults of its own.

    Raises:
        ConfigError: there is no such class, or it cannot be built at all.

    """
    short = name.removesuffix("Scheduler")
    if short not in OF_NEMO_2 or short in _NEVER_BUILT:
        run.refuse(
            f"{name} {_NEVER_BUILT.get(short, 'is no scheduler of NeMo 2 that is read')}",
            at=f"{SCHED}._target_",
            instead="nemo.lightning.pytorch.optim.CosineAnnealingScheduler",
        )
    if run[f"{SCHED}.interval"] != "step" or run[f"{SCHED}.frequency"] != 1:
        run.refuse(
            "Lightning steps the scheduler by interval and frequency, which are read as step and 1 alone",
            hint=f"--given {SCHED}.interval=step --given {SCHED}.frequency=1 where it is stepped so",
            at=f"{SCHED}.{'frequency' if run[f'{SCHED}.interval'] == 'step' else 'interval'}",
        )
    own = OF_NEMO_2[short]
    values = _said(run, ("min_lr", *own))
    values = {**{key: value for key, value in own.items() if not _is_null(run, key)}, **values}
    if short == "WarmupHoldAnneal":
        is_linear = run[f"{SCHED}.decay_schedule"] == "linear"
        short = "WarmupHoldAnnealLinear" if is_linear else "WarmupHoldAnnealOneMinusSquareRoot"
    return _curve(run, short, scheduled, values, keys)


def _said(run: Settings, names: Iterable[str]) -> dict[str, Value]:
    names = [name for name in names if run.is_said(f"{SCHED}.{name}")]
    return {name: run[f"{SCHED}.{name}"] for name in names if name != "max_steps"}


def _is_null(run: Settings, name: str) -> bool:
    """Whether null stands there, which is not the default."""
    tables = (run.raw(*section.split(".")) for section in _SECTIONS)
    return any(isinstance(one, dict) and one.get(name, "") is None for one in tables)


def _entry(run: Settings, name: str, values: dict[str, Value]) -> Entry:
    """The scheduler of that name, which takes these values."""
    entry = catalogue().get(f"{'torch' if name in _OF_TORCH else 'nemo'}.{name}")
    if entry is None:
        run.refuse(
            f"NeMo has no scheduler {name}",
            hint=nearest(name, OF_NEMO_2) or "CosineAnnealing",
            at=f"{SCHED}.name",
        )
    for param in [one for one in values if one not in entry.params]:
        run.refuse(
            f"{name} takes no {param}: NeMo stops",
            hint=f"leave {param} out, or --given {SCHED}.name=CosineAnnealing",
            at=f"{SCHED}.{param}",
        )
    return entry


def _curve(
    run: Settings, name: str, scheduled: int, values: dict[str, Value], keys: Mapping[str, Any]
) -> Spec:
    entry = _entry(run, name, values)
    run.warmup = 0
    if name not in _OF_TORCH:
        values["max_steps"] = scheduled
        _note(run, name, values, keys["lr"], scheduled)
    clock = {"interval": "epoch"} if name in BY_EPOCH else {}
    if name in _NOT_OF_LR:
        run.note("lr-unused", f"{name} does not look at lr {lr_text(keys['lr'])}", at="model.optim.lr")
        keys = {key: value for key, value in keys.items() if key != "lr"}
    return run.curve(entry.id, **values, **clock, **keys)


def _note(run: Settings, name: str, values: Mapping[str, Any], lr: float, total: int) -> None:
    """The warmup in updates, and what is hardly meant."""
    warmup = values.get("warmup_steps")
    if warmup is None:
        warmup = int((values.get("warmup_ratio") or 0) * total)
    run.warmup = warmup
    constant = values.get("constant_steps") or int((values.get("constant_ratio") or 0) * total)
    if constant > 0:
        _note_constant(run, constant, warmup, total, values.get("min_lr", 0))
    if name == "NoamAnnealing" and values.get("d_model", 0) * warmup > 0:
        peak = lr / math.sqrt(values["d_model"] * warmup)
        run.note(
            "lr-is-a-factor", f"lr {lr_text(lr)} is a factor: the peak is {lr_text(peak)}, at update {warmup}"
        )
    run.check_warmup(warmup, total, ahead=1, at=f"{SCHED}.warmup_steps")


def _note_constant(run: Settings, constant: int, warmup: int, total: int, least: float) -> None:
    at = f"{SCHED}.constant_steps"
    by_default = "" if run.is_said(at) else " (the default of NeMo 2)"
    if constant >= total - warmup:
        run.warn(
            "no-decay",
            f"constant_steps {constant}{by_default} leave nothing of {total} updates to decay:"
            f" the LR falls to min_lr {lr_text(least)} right after the warmup",
            hint=f"--given {at}=0",
            at=at,
        )
        return
    run.note(
        "constant-at-the-end",
        f"the last {constant} updates run at min_lr {lr_text(least)}, and the warmup is t / {warmup}",
        at=at,
    )
