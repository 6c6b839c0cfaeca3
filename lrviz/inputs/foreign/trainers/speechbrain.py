"""SpeechBrain: the HyperPyYAML of a recipe, and ``train.py hparams.yaml --lr=0.1`` over it.

A recipe calls its scheduler after the update, or after the epoch, so that the first one runs at the
optimizer's own LR.

Source: speechbrain 1.1.2 ``nnet/schedulers.py`` and ``core.py``, hyperpyyaml 1.2.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.references import dereferenced
from lrviz.inputs.foreign.setting import Raw, Setting, count, literal, number, text
from lrviz.inputs.foreign.source import Unknown
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.within import read_known, read_value
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


def _chosen(raw: Raw) -> str:
    """The key of a scheduler; a scheduler that is itself called so chooses none."""
    return "" if isinstance(raw.value, dict) else text(raw)


TAG, MODULE, OPTIMIZERS = "!", "speechbrain.nnet.schedulers.", "torch.optim."
SETTINGS = (
    Setting("number_of_epochs", literal, None, "epochs"),
    Setting("grad_accumulation_factor", literal, 1, "grad_accum"),
    Setting("optimizer_step_limit", literal, None, "steps"),
    Setting("lr", literal, None, "lr"),
    Setting("scheduler", _chosen),
)


class Scheduler(NamedTuple):
    """A class that is called after every update: its parameters under other names here, and its warmup."""

    warmup: str = ""
    renamed: Mapping[str, str] = {}
    dropped: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = {}  # of lengths, which would be the run's


PER_UPDATE = {
    "NoamScheduler": Scheduler("n_warmup_steps"),
    "LinearNoamScheduler": Scheduler("n_warmup_steps"),
    "CyclicCosineScheduler": Scheduler(defaults={"total_steps": 100_000}),
    "LinearWarmupScheduler": Scheduler("num_warmup_steps"),
    "WarmAndExpDecayLRSchedule": Scheduler("n_warmup_steps", {"lr": "base_lr"}),
    "WarmCoolDecayLRSchedule": Scheduler("warmup", {"lr": "base_lr"}),
    "TriStageLRSchedule": Scheduler("warmup_steps", {"lr": "peak_lr"}, ("total_steps",)),
}
INVERSE = "InverseSquareRootScheduler"
CYCLIC = "CyclicLRScheduler"
OF_LOSSES = ("ScheduledLoss",)
"""What schedules no LR."""
PER_EPOCH = ("LinearScheduler", "StepScheduler")
NOT_READ = {
    "NewBobScheduler": "it follows the validation: the nearest here is torch.ReduceLROnPlateau",
    "ReduceLROnPlateau": "it follows the validation: the nearest here is torch.ReduceLROnPlateau",
    "NoamIntervalScheduler": "the nearest here is speechbrain.NoamScheduler",
    "IntervalScheduler": "the nearest here is fairseq.fixed, with an LR for each epoch",
}
WARMUPS = dict.fromkeys({one.warmup for one in PER_UPDATE.values()} - {""}, (number, 1000))
COMPUTED = {
    **WARMUPS,
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
OPTIM_LRS = {"Adam": 1e-3, "AdamW": 1e-3, "Adadelta": 1.0, "RMSprop": 1e-2, "Adagrad": 1e-2, "SGD": 1e-3}
"""The LR of torch's own defaults."""


def claims(source: Source) -> bool:
    """A tag that names something of ``speechbrain``."""
    return any("speechbrain." in tag for tag in _tags(source.data).values())


def _tags(data: Mapping[str, Any]) -> dict[str, str]:
    """The keys whose tables have a tag, ``new:speechbrain.nnet.schedulers.NoamScheduler``."""
    found = {key: value.get(TAG) for key, value in data.items() if isinstance(value, dict)}
    return {key: tag for key, tag in found.items() if isinstance(tag, str)}


def read(run: Settings) -> Spec:
    """The scheduler over the updates, or over the epochs, of whole groups of batches."""
    key, name = _scheduler(run)
    params = _table(run, key)
    path, first = _optimizer_lr(run, key, params)
    names = ("number_of_epochs", "grad_accumulation_factor", "optimizer_step_limit")
    said = {one: _value(run, run[one]) for one in names}
    needs_epochs = name in PER_EPOCH or said["optimizer_step_limit"] is None
    _ask(run, [*params.values(), first, *said.values()], needs_epochs=needs_epochs)
    params = read_known(run, key, params, COMPUTED)
    first = read_value(run, path, first, number, like=1e-3)
    numbers = {one: _whole(run, one, value) for one, value in said.items()}
    total, per_epoch = _length(run, numbers, needs_epochs=needs_epochs)
    run.warmup = 0
    if not name:
        return run.curve("torch.ConstantLR", lr=first, steps=total, factor=1.0)
    if name in PER_EPOCH:
        epochs = ceil_div(total, per_epoch or 1)
        if epochs > MOST_EPOCHS:
            text = f"{epochs} epochs with an LR of their own: at most {MOST_EPOCHS} are read"
            run.refuse(text, hint=f"<epochs={MOST_EPOCHS}>", at="number_of_epochs")
        values = (first, *_by_epoch(run, name, params, epochs)[1:])
        return run.curve("fairseq.fixed", lr=first, steps=total, lr_by_epoch=values)
    _say_first(run, name, first, is_factor="model_size" in params)
    if name == INVERSE:
        factor = f"{first} if epoch == 0 else 1 / math.sqrt(max({params.get('warmup_steps', 1)}, epoch))"
        return run.curve("torch.LambdaLR", lr=1.0, steps=total, lr_lambda=factor)
    if name == CYCLIC:
        return run.curve("torch.LambdaLR", lr=1.0, steps=total, lr_lambda=_cyclic(run, params, first))
    given = _of_class(run, name, params, total)
    return run.curve(f"speechbrain.{name}", lr=first, steps=total, **given)


def _scheduler(run: Settings) -> tuple[str, str]:
    """The key of the one scheduler, and its class; nothing where there is none."""
    tags = _tags(run.sources[-1].data)
    found = {key: tag.rpartition(".")[2] for key, tag in tags.items() if MODULE in tag}
    found = {key: name for key, name in found.items() if name not in OF_LOSSES}
    if run.is_said("scheduler") and run["scheduler"] in found:
        found = {run["scheduler"]: found[run["scheduler"]]}
    if len(found) > 1:
        run.refuse(
            f"{len(found)} schedulers, {', '.join(found)}: one at a time is read",
            hint=f"--given scheduler={next(iter(found))}",
        )
    key, name = next(iter(found.items()), ("", ""))
    if name in NOT_READ:
        run.refuse(f"{key}: {name} is not read: {NOT_READ[name]}", hint="lrviz list speechbrain")
    if name and name not in {*PER_UPDATE, INVERSE, CYCLIC, *PER_EPOCH}:
        run.refuse(f"{key}: {name} is no scheduler of {run.title}", hint="lrviz list speechbrain")
    return key, name


def _table(run: Settings, key: str) -> dict[str, Any]:
    """The arguments of a tagged table, as far as they can be told."""
    table = run.raw(key) if key else None
    return {
        name: _value(run, value)
        for name, value in (table.items() if isinstance(table, dict) else ())
        if name != TAG and value is not None
    }


def _value(run: Settings, value: Any) -> Any:
    """A number where it is one, also what a reference leads to; Unknown where that cannot be told."""
    found = dereferenced(value, lambda name: _lookup(run, name))
    try:
        return found if isinstance(found, (bool, Unknown)) or found is None else number(Raw(found))
    except Unfit:
        return found


def _lookup(run: Settings, name: str) -> Any:
    """What stands at ``lr`` or ``model.size``: beside the file, in the command, or in the file."""
    if name in run.table:
        return run[name]
    if (given := run.lookup.beside(name)) is not None:
        return given.value
    found = run.raw(*name.replace("[", ".").replace("]", "").split("."))
    return None if isinstance(found, str) and found.startswith("!PLACEHOLDER") else found


def _ask(run: Settings, values: list[Any], *, needs_epochs: bool) -> None:
    """Ask for what a value refers to and nobody says, with the batches of an epoch."""
    names = [name for value in values if isinstance(value, Unknown) for name in value.names]
    if needs_epochs:
        names += ["batches_per_epoch"]
        if run["number_of_epochs"] is None and run["optimizer_step_limit"] is None:
            names += ["number_of_epochs"]
    if names:
        run.ask(*dict.fromkeys(names))


def _whole(run: Settings, name: str, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value < math.inf:
        run.refuse(f"{name}={value!r} is no whole number above 0", hint=f"--given {name}=1", at=name)
    return int(value)


def _optimizer_lr(run: Settings, key: str, params: Mapping[str, Any]) -> tuple[str, Any]:
    """The path and the LR of the optimizer that shares most words with the scheduler's name.

    Of equal ones it is the first.
    """
    tags = _tags(run.sources[-1].data)
    words = set(key.lower().split("_"))
    found = [name for name, tag in tags.items() if OPTIMIZERS in tag and "lr_scheduler" not in tag]
    if not found:
        own = (name for name in ("lr_initial", "initial_value", "lr") if params.get(name))
        name = next(own, "lr")
        return f"{key}.{name}", params.get(name) or run.ask("lr")
    best = max(found, key=lambda name: len(words & set(name.lower().split("_"))))
    default = OPTIM_LRS.get(tags[best].rpartition(".")[2])
    said = _table(run, best).get("lr", default)
    return f"{best}.lr", run.ask("lr") if said is None else said


def _length(
    run: Settings, numbers: Mapping[str, int | None], *, needs_epochs: bool
) -> tuple[int, int | None]:
    """``optimizer_step_limit``, or the updates of all epochs where that is less or not said."""
    limit = numbers["optimizer_step_limit"]
    if limit is not None and not needs_epochs and not run.is_said("batches_per_epoch"):
        return run.line("total steps", "optimizer_step_limit", limit), None
    batches, accum = run.ask("batches_per_epoch"), numbers["grad_accumulation_factor"] or 1
    updates = run.line("steps per epoch", f"floor({batches} / {accum})", batches // accum)
    if not updates:
        run.refuse(f"an epoch of {batches} batches makes no update of {accum}", hint="<grad_accum=1>")
    epochs = numbers["number_of_epochs"]
    whole = limit if epochs is None else epochs * updates
    total = min(limit or math.inf, whole or math.inf)
    formula = f"{epochs} * {updates}" if limit is None else f"min({epochs} * {updates}, {limit})"
    return run.line("total steps", formula, int(total)), updates


def _of_class(run: Settings, name: str, params: Mapping[str, Any], total: int) -> dict[str, Value]:
    """The arguments under the names they have here."""
    scheduler = PER_UPDATE[name]
    warmup = params.get(scheduler.warmup, 0)
    run.warmup = warmup + (name == "WarmAndExpDecayLRSchedule")
    run.check_warmup(warmup, total)
    if (length := params.get("total_steps", params.get("num_training_steps", total))) != total:
        run.note("length-differs", f"the scheduler is made for {length} updates and the run has {total}")
    given = {**scheduler.defaults, **params}
    return {
        scheduler.renamed.get(key, key): one for key, one in given.items() if key not in scheduler.dropped
    }


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
        length = params["epoch_count"]
        if length < epochs:
            run.refuse(
                f"epoch_count is {length} and the run has {epochs} epochs: it stops behind the next one",
                hint=f"<epochs={length}>",
            )
        if length > epochs:
            run.note("length-differs", f"epoch_count is {length} and the run has {epochs} epochs")
        return _linspace(params["initial_value"], params["final_value"], length, epochs)
    half_life = params.get("half_life")
    factor = math.exp(-math.log(2) / half_life) if half_life else params.get("decay_factor") or 0.5
    drop = 1.0 if half_life else params.get("decay_drop") or 2
    return [params["initial_value"] * factor ** math.floor((1 + epoch) / drop) for epoch in range(epochs)]


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


TRAINER = ForeignTrainer(
    "speechbrain",
    "1.1.2",
    SETTINGS,
    claims,
    read,
    takes_repeats=False,
    known_by="a tag of speechbrain in YAML",
)
