"""SpeechBrain: the HyperPyYAML of a recipe, and ``train.py hparams.yaml --lr=0.1`` over it.

Source: speechbrain 1.1.2 ``core.py``, hyperpyyaml 1.2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.references import dereferenced
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, off, text
from lrviz.inputs.foreign.shared.speechbrain_schedulers import (
    ARGUMENTS,
    COMPUTED,
    KNOWN,
    NOT_READ,
    OF_LOSSES,
    PER_EPOCH,
    Scheduler,
    curve_by_epoch,
    curve_by_update,
)
from lrviz.inputs.foreign.shared.torch_optimizers import ARGUMENTS as OF_TORCH
from lrviz.inputs.foreign.shared.torch_optimizers import check_arguments, default_lr
from lrviz.inputs.foreign.shared.whole_updates import whole_updates
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.within import read_known, read_value
from lrviz.notation.nearest import nearest
from lrviz.notation.numbers import is_number
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _chosen(raw: Raw) -> str:
    """The key of a scheduler; a scheduler that is itself called so chooses none."""
    return "" if isinstance(raw.value, dict) else text(raw)


TAG, MODULE, OPTIMIZERS = "!", "speechbrain.nnet.schedulers.", "torch.optim."
TORCH, COUNTER = "torch.optim.lr_scheduler.", "speechbrain.utils.epoch_loop."
RUN_OPTIONS = (
    *("test_only", "debug", "debug_batches", "debug_epochs", "debug_persistently", "log_config", "device"),
    *("data_parallel_backend", "data_parallel_count", "distributed_backend", "distributed_launch"),
    *("find_unused_parameters", "jit", "jit_module_keys", "compile", "compile_module_keys", "compile_mode"),
    *("compile_using_fullgraph", "compile_using_dynamic_shape_tracing", "precision", "eval_precision"),
    *("auto_mix_prec", "bfloat16_mix_prec", "max_grad_norm", "skip_nonfinite_grads", "nonfinite_patience"),
    *("noprogressbar", "ckpt_interval_minutes", "ckpt_interval_steps", "grad_accumulation_factor"),
    *("optimizer_step_limit", "tqdm_colored_bar", "remove_vector_weight_decay", "profile_training"),
    *("profile_warmup", "profile_steps", "local_rank", "help"),
)
"""Options of its own parser, which any recipe has; others replace what stands in its file."""
SETTINGS = (
    Setting("number_of_epochs", literal, None, "epochs"),
    Setting("grad_accumulation_factor", literal, 1, "grad_accum"),
    Setting("optimizer_step_limit", literal, None, "steps"),
    Setting("lr", literal, None, "lr"),
    Setting("scheduler", _chosen),
)


def claims(source: Source) -> bool:
    """A tag that names something of ``speechbrain``."""
    return any("speechbrain." in tag for tag in _tags(source.config).values())


def _tags(data: Mapping[str, object]) -> dict[str, str]:
    """The keys whose tables have a tag, ``new:speechbrain.nnet.schedulers.NoamScheduler``."""
    found = {key: value.get(TAG) for key, value in data.items() if isinstance(value, dict)}
    return {key: tag for key, tag in found.items() if isinstance(tag, str)}


def read(run: Settings) -> Spec:
    """The scheduler over the updates, or over the epochs, of whole groups of batches."""
    _check_overrides(run)
    key, name = _scheduler(run)
    _check_arguments(run, key, name, ARGUMENTS.get(name, ()))
    params, said = _table(run, key), _lengths_said(run)
    has_length = any(said[one] is not None for one in ("number_of_epochs", "optimizer_step_limit"))
    if not (key or has_length or run["lr"] or _optimizers(run)):
        run.refuse(
            "no optimizer, scheduler, LR or epochs: nothing is trained by it",
            hint="name the hparams of the run, or say --given lr=1e-3 --epochs N where its code has them",
        )
    path, first = _optimizer_lr(run, key, params)
    needs_epochs = name in PER_EPOCH or said["optimizer_step_limit"] is None
    names = ["batches_per_epoch", *([] if has_length else ["number_of_epochs"])] if needs_epochs else []
    _ask(run, [*params.values(), first, *said.values()], names)
    params = read_known(run, key, params, COMPUTED)
    scheduler = Scheduler(name, params, read_value(run, path, first, number, like=1e-3))
    numbers = {one: _whole(run, one, value) for one, value in said.items()}
    total, per_epoch = _length(run, numbers, needs_epochs=needs_epochs)
    run.warmup = 0
    if not name:
        return run.curve("torch.ConstantLR", lr=scheduler.first, steps=total, factor=1.0)
    if name in PER_EPOCH:
        return curve_by_epoch(run, scheduler, total, ceil_div(total, per_epoch or 1))
    return curve_by_update(run, scheduler, total)


def _check_overrides(run: Settings) -> None:
    """Refuse options that replace nothing in the file, at which HyperPyYAML stops.

    Raises:
        ConfigError: there is one.

    """
    command, file = run.source, run.sources[-1]
    is_both = command.language == "command" and file.language == "yaml"
    for key in command.data if is_both else ():
        if key in file.data or any(one.startswith(key) for one in RUN_OPTIONS):
            continue
        place = command.place((key,))
        near = nearest(key, [*map(str, file.data), *RUN_OPTIONS])
        text = f"{place.key} replaces nothing in {file.name}: HyperPyYAML stops"
        hint = f"write --{near}" if near else f"take {place.key} out"
        raise ConfigError(f"{place._replace(key='')}: {text}", hint=hint)


def _lengths_said(run: Settings) -> dict[str, Any]:
    """What says how long the run is; a recipe that calls its epochs otherwise has a counter of them."""
    names = ("number_of_epochs", "grad_accumulation_factor", "optimizer_step_limit")
    said = {one: _value(run, run[one]) for one in names}
    counters = [key for key, tag in _tags(run.sources[-1].data).items() if COUNTER in tag]
    if said["number_of_epochs"] is None and len(counters) == 1:
        said["number_of_epochs"] = _table(run, counters[0]).get("limit")
    return said


def _scheduler(run: Settings) -> tuple[str, str]:
    """The key of the one scheduler, and its class; nothing where there is none."""
    tags = _tags(run.sources[-1].data)
    found = {key: tag.rpartition(".")[2] for key, tag in tags.items() if MODULE in tag or TORCH in tag}
    found = {key: name for key, name in found.items() if name not in OF_LOSSES}
    if run.is_said("scheduler") and run["scheduler"] in found:
        found = {run["scheduler"]: found[run["scheduler"]]}
    _check_own_class(run, {key: tags[key].partition(":")[2] for key in found})
    if len(found) > 1:
        run.refuse(
            f"{len(found)} schedulers, {', '.join(found)}: one at a time is read",
            hint=f"--given scheduler={next(iter(found))}",
        )
    key, name = next(iter(found.items()), ("", ""))
    if name in NOT_READ:
        run.refuse(f"{key}: {name} is not read: {NOT_READ[name]}", hint="lrviz list speechbrain")
    if name and name not in KNOWN:
        run.refuse(f"{key}: {name} is no scheduler of {run.title}", hint="lrviz list speechbrain")
    return key, name


def _check_own_class(run: Settings, found: Mapping[str, str]) -> None:
    """Refuse schedulers of torch: a recipe makes and steps them in its own code."""
    if found and all(name.startswith(TORCH) for name in found.values()):
        key, name = next(iter(found.items()))
        known = f"torch.{name.rpartition('.')[2]}"
        run.refuse(
            f"{key}: {name} is not read: when it is stepped stands in the code of the recipe",
            hint=f"lrviz info {known} shows it; --interval epoch where it is stepped after each epoch",
        )


def _table(run: Settings, key: str) -> dict[str, Any]:
    """The arguments of a tagged table, as far as they can be told."""
    table = run.raw(key) if key else None
    return {
        name: _value(run, value)
        for name, value in (table.items() if isinstance(table, dict) else ())
        if name != TAG and value is not None
    }


def _check_arguments(run: Settings, key: str, name: str, taken: Collection[str]) -> None:
    """Refuse an argument that a class does not take, where it is known what it takes."""
    table = table_at(run.raw(key)) if key and taken else {}
    check_arguments(name, {word: run.lookup.place((key, word)) for word in table if word != TAG}, taken)


def _value(run: Settings, value: object) -> Any:
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


def _ask(run: Settings, values: list[Any], beside: list[str]) -> None:
    """Ask for what a value refers to and nobody says, with what the length needs."""
    names = [name for value in values if isinstance(value, Unknown) for name in value.names] + beside
    if names:
        run.ask(*dict.fromkeys(names))


def _whole(run: Settings, name: str, value: object) -> int | None:
    if value is None:
        return None
    if not is_number(value) or value < 1:
        run.refuse(f"{name}={value!r} is no whole number above 0", at=name, instead=1)
    return int(value)


def _optimizers(run: Settings) -> list[str]:
    tags = _tags(run.sources[-1].data)
    return [name for name, tag in tags.items() if OPTIMIZERS in tag and TORCH not in tag]


def _optimizer_lr(run: Settings, key: str, params: Mapping[str, object]) -> tuple[str, Any]:
    """The path and the LR of the optimizer that shares most words with the scheduler's name.

    Of equal ones it is the first.
    """
    tags = _tags(run.sources[-1].data)
    words = set(key.lower().split("_"))
    found = _optimizers(run)
    if not found:
        own = (name for name in ("lr_initial", "initial_value", "lr") if params.get(name))
        name = next(own, "lr")
        return f"{key}.{name}", params.get(name) or run.ask("lr")
    best = max(found, key=lambda name: len(words & set(name.lower().split("_"))))
    name = tags[best].rpartition(".")[2]
    default = default_lr(name)
    _check_arguments(run, best, name, () if default is None else OF_TORCH)
    said = _table(run, best).get("lr", default)
    return f"{best}.lr", run.ask("lr") if said is None else said


def _length(
    run: Settings, numbers: Mapping[str, int | None], *, needs_epochs: bool
) -> tuple[int, int | None]:
    """``optimizer_step_limit``, or the updates of all epochs where that is less or not said."""
    limit = numbers["optimizer_step_limit"]
    if limit is not None and not needs_epochs and not run.is_said("batches_per_epoch"):
        if (epochs := numbers["number_of_epochs"]) is not None:
            run.note(
                "limit-assumed",
                f"optimizer_step_limit {limit} is taken to end the run before its {epochs} epochs do",
                hint="<batches_per_epoch=1000> tells",
                at="optimizer_step_limit",
            )
        return run.line(run.TOTAL_STEPS, "optimizer_step_limit", limit), None
    batches, accum = run.ask("batches_per_epoch"), numbers["grad_accumulation_factor"] or 1
    updates = whole_updates(run, batches, accum)
    epochs = numbers["number_of_epochs"]
    whole = limit if epochs is None else epochs * updates
    total = min(limit or math.inf, whole or math.inf)
    formula = f"{epochs} * {updates}" if limit is None else f"min({epochs} * {updates}, {limit})"
    return run.line(run.TOTAL_STEPS, formula, int(total)), updates


TRAINER = ForeignTrainer(
    "speechbrain",
    "1.1.2",
    SETTINGS,
    claims,
    read,
    options=RUN_OPTIONS,
    takes_repeats=False,
    no_training=NoTraining(needs=off("test_only")),
    known_by="a tag of speechbrain in YAML",
)
