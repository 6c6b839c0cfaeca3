"""ESPnet2: the YAML of a recipe, and the options of ``espnet2.bin.*_train`` over it.

Its own schedulers and three of torch's are stepped after every update, the others after every epoch. What
PyYAML reads as text in a ``*_conf`` table (``1e-3``) stays text, and torch stops at it.

Source: espnet 202511 ``tasks/abs_task.py``, ``train/trainer.py`` and ``schedulers``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, count, literal, number, numbers, off, text, whole
from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.inputs.foreign.shared.cycle_length import with_total_steps
from lrviz.inputs.foreign.shared.espnet_restarts import RESTARTS, restarts
from lrviz.inputs.foreign.shared.torch_optimizers import default_lr
from lrviz.inputs.foreign.shared.whole_updates import whole_updates
from lrviz.inputs.foreign.shell.pair_words import pairs_of
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.within import read_known
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    Setting("max_epoch", count, 40, "epochs"),
    Setting("accum_grad", count, 1, "grad_accum"),
    Setting("num_iters_per_epoch", count),
    Setting("optim", text, "adadelta"),
    Setting("optim_conf.lr", number, None, "lr"),
    Setting("scheduler", text),
    Setting("scheduler_conf", literal),
    Setting("scheduler_conf.warmup_steps", number, None, "warmup"),
)
SGD_LR = 0.1
"""The default of its own SGD."""
EXPONENTIAL = "exponentialdecaywarmup"
PER_UPDATE = {
    "tristagelr": "espnet.TristageLR",
    "warmupsteplr": "espnet.WarmupStepLR",
    "piecewiselinearwarmuplr": "espnet.PiecewiseLinearWarmupLR",
    EXPONENTIAL: "espnet.ExponentialDecayWarmup",
    "cycliclr": "torch.CyclicLR",
    "onecyclelr": "torch.OneCycleLR",
    "cosineannealingwarmrestarts": "torch.CosineAnnealingWarmRestarts",
}
NOAMS = ("warmuplr", "noamlr")
"""Those that are the Noam schedule with another factor."""
PER_EPOCH = {
    "steplr": "torch.StepLR",
    "multisteplr": "torch.MultiStepLR",
    "exponentiallr": "torch.ExponentialLR",
    "cosineannealinglr": "torch.CosineAnnealingLR",
}
NOT_READ = {
    "lambdalr": "it takes a function, which no file can say",
    **dict.fromkeys(
        ("reducelronplateau", "warmupreducelronplateau"),
        "it follows the validation: the nearest here is torch.ReduceLROnPlateau",
    ),
}
TABLES = ("optim_conf", "scheduler_conf")
COMPUTED = {
    "warmup_steps": (number, 25000),
    "model_size": (count, 320),
    "max_steps": (whole, 25000),
    "warmup_ratio": (number, 0.1),
    "warmup_steps_list": (numbers, [0, 25000]),
    "first_cycle_steps": (count, 1000),
    "cycle_mult": (number, 2.0),
    "gamma": (number, 0.5),
    "min_lr": (number, 1e-5),
    "max_lr": (number, 1e-3),
    "total_steps": (whole, 10000),
}
"""The arguments of schedulers that are computed with here: their kinds, and an example."""


def claims(source: Source) -> bool:
    """``optim_conf`` beside another of its keys, and no ``dataset_conf`` of WeNet's, or its program."""
    if source.language == "command":
        return "espnet2.bin" in source.module
    beside = {"max_epoch", "scheduler", "scheduler_conf", "accum_grad", "optim"}
    if "dataset_conf" in source.data:
        return False
    return source.language == "yaml" and "optim_conf" in source.data and bool(beside & source.data.keys())


def read(run: Settings) -> Spec:
    """The scheduler over whole groups of batches: what is left over in an epoch makes no update."""
    name = str(run["scheduler"] or "").lower()
    _check_name(run, name)
    params, lr = _params(run), _lr(run)
    updates = _updates_per_epoch(run)
    epochs = run["max_epoch"]
    total = run.product(run.TOTAL_STEPS, epochs, updates)
    run.warmup = 0
    if not name or name == "none":
        return run.curve("torch.ConstantLR", lr=lr, steps=total, factor=1.0)
    if name in NOAMS:
        return run.curve("paper.noam", steps=total, **_noam(run, name, lr, params, total))
    if name == RESTARTS:
        return run.curve("torch.LambdaLR", lr=1.0, steps=total, lr_lambda=restarts(run, params, total))
    if name in PER_EPOCH:
        _warn_of_epochs(run, name, params)
        return run.curve(PER_EPOCH[name], params, lr=lr, steps=total, interval="epoch")
    run.warmup = _warmup(run, name, params, total)
    if name == EXPONENTIAL and _is_held_apart(params, lr):
        return run.curve("torch.LambdaLR", lr=1.0, steps=total, lr_lambda=_held_apart(run, params, lr))
    return run.curve(PER_UPDATE[name], params, lr=None if "max_lr" in params else lr, steps=total)


def _check_name(run: Settings, name: str) -> None:
    known = [*NOAMS, *PER_UPDATE, RESTARTS, *PER_EPOCH]
    if name in NOT_READ:
        run.refuse(f"scheduler {name} is not read: {NOT_READ[name]}", at="scheduler", instead="warmuplr")
    if name not in {"", "none", *known}:
        run.refuse(
            f"scheduler {name!r} is none of {run.title}'s: {', '.join([*known, *NOT_READ])}",
            at="scheduler",
            instead="warmuplr",
        )


def _params(run: Settings) -> dict[str, Value]:
    """``scheduler_conf``, as the class gets it."""
    found: dict[str, Any] = {}
    for source in reversed(run.sources):
        table = source.data.get("scheduler_conf")
        found |= table if isinstance(table, dict) else {}
    run.raw("scheduler_conf")
    values = {key: _value(run, key, value) for key, value in found.items()}
    params = read_known(run, "scheduler_conf", values, COMPUTED)
    if run.is_said("scheduler_conf.warmup_steps"):
        params["warmup_steps"] = run["scheduler_conf.warmup_steps"]
    is_one_cycle = str(run["scheduler"]).lower() == "onecyclelr"
    return with_total_steps(run, params, "scheduler_conf") if is_one_cycle else params


def _value(run: Settings, key: str, value: object) -> Any:
    if isinstance(value, Unknown):
        return literal(Raw(run.ask(f"scheduler_conf.{key}")))
    if isinstance(value, list):
        return tuple(_value(run, key, one) for one in value)
    if isinstance(value, str) and isinstance(literal(Raw(value)), (int, float)):
        run.refuse(
            f"scheduler_conf.{key}={value} is text to PyYAML, and stays it: the scheduler stops",
            hint=f"{key}: {literal(Raw(value)):f}",
            at="scheduler_conf.warmup_steps" if key == "warmup_steps" else "scheduler",
        )
    return value


def _lr(run: Settings) -> float:
    """The optimizer's LR, or that of its class."""
    name = str(run["optim"]).lower()
    default = SGD_LR if name == "sgd" else default_lr(name)
    return float(run.ask("optim_conf.lr") if default is None else run.get("optim_conf.lr", default))


def _updates_per_epoch(run: Settings) -> int:
    """``floor(batches / accum_grad)``; how many batches there are goes by their lengths."""
    batches, accum = run["num_iters_per_epoch"], run["accum_grad"]
    if batches is None:
        batches = run.ask("batches_per_epoch")
    return whole_updates(run, batches, accum, "accum_grad")


def _noam(run: Settings, name: str, lr: float, params: dict[str, Any], total: int) -> dict[str, Any]:
    """``warmuplr``, whose peak is the optimizer's LR, or ``noamlr``, of which that is a factor."""
    warmup = params.get("warmup_steps", 25000)
    if warmup <= 0:
        run.refuse(
            f"{name} stops at warmup_steps={warmup:g}, of which it takes a root", hint="<warmup=25000>"
        )
    _warn_of_warmup(run, warmup, total)
    run.warmup = max(warmup - 1, 0)
    if name == "warmuplr":
        return {"warmup_steps": warmup, "factor": lr * warmup**0.5, "model_size": 1}
    size = params.get("model_size", 320)
    peak = lr / size**0.5 / warmup**0.5
    run.note(
        "lr-is-a-factor",
        f"noamlr: lr {lr_text(lr)} is a factor, the peak is {lr_text(peak)}",
        at="optim_conf.lr",
    )
    return {"warmup_steps": warmup, "factor": lr, "model_size": size}


def _warmup(run: Settings, name: str, params: dict[str, Any], total: int) -> int:
    """Updates before the peak: the one of step n is number n - 1."""
    warmup: Any = 0
    if name == "tristagelr":
        params.setdefault("max_steps", 25000)
        warmup = int(int(params["max_steps"]) * params.get("warmup_ratio", 0.1))
    elif name == "warmupsteplr":
        params.setdefault("steps_per_epoch", 10000)
        warmup = params.setdefault("warmup_steps", 25000)
    elif name == "piecewiselinearwarmuplr":
        warmup = params.setdefault("warmup_steps_list", (0, 25000))[-1:]
        warmup = warmup[0] if warmup else 0
    elif params.get("warm_from_zero"):
        warmup = params.get("warmup_steps", 0)
    run.check_warmup(warmup, total, ahead=1, hint=shorter_warmup(total), at="scheduler_conf.warmup_steps")
    _warn_of_length(run, params, total)
    return max(int(warmup) - 1, 0)


def _warn_of_warmup(run: Settings, warmup: float, total: int) -> None:
    hint = shorter_warmup(total)
    run.check_warmup(warmup, total, ahead=1, hint=hint, at="scheduler_conf.warmup_steps")


def _warn_of_length(run: Settings, params: dict[str, Value], total: int) -> None:
    for key in ("max_steps", "total_steps"):
        if key in params and params[key] != total:
            run.note(
                "length-differs",
                f"scheduler_conf.{key}={params[key]} and the run has {total} updates",
                at="scheduler",
            )


def _warn_of_epochs(run: Settings, name: str, params: dict[str, Value]) -> None:
    """The classes of torch count epochs here."""
    epochs = run["max_epoch"]
    longest = params.get("T_max", params.get("step_size", 0))
    if isinstance(longest, (int, float)) and longest > epochs:
        run.settled.add("length-differs")
        run.warn(
            "counts-epochs",
            f"{name} is stepped once per epoch, {epochs} times in all, and is made for {longest}",
            at="scheduler",
        )


def _is_held_apart(params: dict[str, Any], lr: float) -> bool:
    """Whether a warmup that does not rise has the optimizer's LR, and that is not ``max_lr``.

    What the class refuses is left to it.
    """
    warmup = params.get("warmup_steps", 0)
    if params.get("warm_from_zero") or warmup < 2 or not {"max_lr", "min_lr", "total_steps"} <= params.keys():
        return False
    is_refused = params["max_lr"] <= 0 or params["min_lr"] <= 0 or warmup >= params["total_steps"]
    return not is_refused and bool(params["max_lr"] != lr)


def _held_apart(run: Settings, params: dict[str, Any], lr: float) -> str:
    top, low, warmup = params["max_lr"], params["min_lr"], params["warmup_steps"]
    run.warn(
        "warmup-at-optimizer-lr",
        f"without warm_from_zero the updates 1 to {warmup - 1} train at optim_conf.lr={lr_text(lr)},"
        f" the others from max_lr={lr_text(top)} on",
        at="optim_conf.lr",
    )
    decay = f"{top} * math.exp({math.log(low / top)} * (epoch - {warmup}) / {params['total_steps'] - warmup})"
    return f"{lr} if 0 < epoch < {warmup} else {top} if epoch == 0 else {decay}"


def _read_words(source: Source) -> Source:
    """``--optim_conf lr=0.002`` as a table."""
    values = {name: source.data[name] for name in TABLES if name in source.data}
    tables = {name: pairs_of(value) or literal(Raw(value)) for name, value in values.items()}
    return source.saying(tables)


TRAINER = ForeignTrainer(
    "espnet",
    "202511",
    SETTINGS,
    claims,
    read,
    files=("config",),
    read_words=_read_words,
    dash="_",
    reads_text=False,
    interpolates=False,
    no_training=NoTraining(
        programs=r"espnet2[./]bin[./](?!\w*train|launch)", needs=off("collect_stats", "dry_run")
    ),
    resumes=("resume",),
    ends_early={Setting("patience", literal): ""},
    keys=KnownKeys(("espnet",), by_language(command=Fate.STOPS, yaml=Fate.STOPS)),
    known_by="optim_conf in YAML, or espnet2.bin",
)
