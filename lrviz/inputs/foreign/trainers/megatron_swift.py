"""Megatron-SWIFT: ``megatron sft|pt|rlhf`` of ms-swift, whose schedule is Megatron's over its own counting.

Source: ms-swift 4.6.0, ``megatron/arguments/megatron_args.py`` (``init_iters``, ``_init_grpo``),
``megatron/utils/megatron_lm_utils.py`` (``get_optimizer_param_scheduler``), ``megatron/trainers/base.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.setting import Setting, number, text, whole
from lrviz.inputs.foreign.shared.megatron_batches import PARALLEL, check_batches, replicas_of
from lrviz.inputs.foreign.shared.megatron_scheduler import (
    OPTIMIZER,
    SCHEDULER,
    check_lengths,
    check_weight_decay,
    curve_of,
    lengths,
)
from lrviz.inputs.foreign.shared.sample_clock import constant
from lrviz.inputs.foreign.shared.swift_rows import (
    GLOBAL_BATCH,
    ROWS,
    TRAINING,
    processes,
    rows_and_processes,
    rows_left,
    with_environment,
)
from lrviz.inputs.foreign.shared.trainer_length import note_packed
from lrviz.inputs.foreign.shared.training_arguments import flag
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_DEFAULTS = {"lr_decay_style": "cosine", "weight_decay": 0.1}
_OTHERS = ("decoupled_lr", "decoupled_min_lr")
"""Megatron's settings that it does not take, beside those in samples."""
SETTINGS = (
    *(
        one._replace(default=_DEFAULTS.get(one.name, one.default))
        for one in (*OPTIMIZER, *SCHEDULER)
        if one.name not in _OTHERS and not one.name.endswith(("_samples", "_opt_param_scheduler"))
    ),
    *ROWS,
    Setting("train_iters", whole, None, "steps"),
    Setting("num_train_epochs", whole, None, "epochs"),
    Setting("train_rows", whole, aliases=("packed_rows",)),
    Setting("micro_batch_size", whole, 1, "batch_size"),
    Setting(GLOBAL_BATCH, whole, 16),
    Setting("streaming", flag, default=False),
    Setting("tuner_type", text, "full", aliases=("train_type",)),
    Setting("rlhf_type", text),
    Setting("num_generations", whole, 8),
    Setting("generation_batch_size", whole),
    Setting("steps_per_generation", whole),
    Setting("num_iterations", whole, 1),
    Setting("vit_lr", number),
    Setting("aligner_lr", number),
    Setting("freeze_vit", flag, default=True),
    Setting("freeze_aligner", flag, default=True),
    *PARALLEL,
)


def claims(source: Source) -> bool:
    """``megatron sft``, or a file with its batch of all processes beside a model and a data set."""
    if source.language == "command":
        is_program = source.program == "megatron" and source.words[1:2] in {(one,) for one in TRAINING}
        return is_program or source.module in {f"swift.cli._megatron.{one}" for one in TRAINING}
    has_model = bool({"model", "mcore_model"} & source.config.keys())
    return has_model and {GLOBAL_BATCH, "dataset"} <= source.config.keys()


def read(run: Settings) -> Spec:
    """The run of ``train_iters`` updates, or of those that ``num_train_epochs`` make."""
    run.set_defaults(lr=1e-5 if run["tuner_type"] == "full" else 1e-4)
    batch, total = _batch(run), _total(run)
    if run["rlhf_type"] == "grpo" and run.is_said("world_size"):
        _check_generation(run)
    if run["lr_warmup_fraction"] is not None and run["lr_warmup_iters"]:
        text = "lr_warmup_iters changes nothing beside lr_warmup_fraction"
        run.warn("warmup-ignored", text, at="lr_warmup_iters")
    spans = lengths(run, "iters", batch, total)
    check_lengths(run, spans)
    check_weight_decay(run)
    check_batches(run, constant(batch))
    curve = curve_of(run, total, spans, constant(batch))
    groups = _groups(run)
    return replace(curve, params=(*curve.params, ("groups", groups))) if groups else curve


def _batch(run: Settings) -> int:
    """``global_batch_size``.

    Raises:
        ConfigError: no sample is in it.

    """
    batch = int(run[GLOBAL_BATCH])
    if batch < 1:
        run.refuse(f"{GLOBAL_BATCH}={batch} has no sample", hint=f"--given {GLOBAL_BATCH}=16")
    return batch


def _total(run: Settings) -> int:
    """The updates of the run; epochs win where the data set has a length.

    Raises:
        ConfigError: neither is said, or they make no update.

    """
    iters, epochs = run["train_iters"], run["num_train_epochs"]
    if epochs is None and iters is None:
        run.refuse("neither num_train_epochs nor train_iters: Megatron-SWIFT stops", hint="<epochs=1>")
    if run["streaming"] and epochs is not None:
        if iters is None:
            run.refuse("a streamed data set has no length: train_iters must be set", hint="<steps=1000>")
        text = f"num_train_epochs={epochs} may end the streamed run before train_iters, the schedule stays"
        run.note("stops-early", text, at="num_train_epochs")
    elif epochs is not None:
        if iters is not None:
            run.note("epochs-win", "num_train_epochs wins over train_iters", at="num_train_epochs")
        return _of_epochs(run, epochs)
    total = run.line(run.TOTAL_STEPS, "train_iters", int(iters))
    if total < 1:
        run.refuse(f"train_iters={total} makes no update", hint="<steps=1000>", at="train_iters")
    return total


def _of_epochs(run: Settings, epochs: int) -> int:
    """``floor(samples * epochs / batch)``, where GRPO takes each row ``num_generations`` times."""
    rows, share = _rows(run), _share(run)
    times = run["num_generations"] if run["rlhf_type"] == "grpo" else 1
    formula = f"floor({rows} / {share}) * {share}" + (f" * {times}" if times > 1 else "")
    samples = run.line("samples of an epoch", formula, rows // share * share * times)
    batch = run[GLOBAL_BATCH]
    run.note_epoch(of=batch, counted="samples of an epoch")
    total = run.line(run.TOTAL_STEPS, f"floor({samples} * {epochs} / {batch})", samples * epochs // batch)
    if total < 1:
        run.refuse(
            f"{samples} samples make no update of {batch}: Megatron-SWIFT stops",
            hint=f"<dataset_len={batch * 10}>",
        )
    return total


def _share(run: Settings) -> int:
    """Samples of one micro-batch each.

    Raises:
        ConfigError: there are none.

    """
    share = int(run["micro_batch_size"]) * replicas_of(run)
    if share < 1:
        run.refuse(f"micro_batch_size={run['micro_batch_size']}: it stops", hint="<batch_size=1>")
    return share


def _rows(run: Settings) -> int:
    """Rows to train on, after packing."""
    if run["packing"]:
        note_packed(run)
    rows, _ = rows_and_processes(run, "world_size")
    return rows_left(run, rows)


def _check_generation(run: Settings) -> None:
    """Refuse a generation of GRPO that cannot be shared out.

    Raises:
        ConfigError: it cannot.

    """
    batch, times, share = run[GLOBAL_BATCH], run["num_generations"], _share(run)
    given, steps = run["generation_batch_size"], run["steps_per_generation"]
    size = given or batch * (1 if steps is None else steps)
    if times < 1 or size < 1 or size % batch or size % times or (given and steps and given != batch * steps):
        run.refuse(
            f"a generation of {size} is no multiple of {GLOBAL_BATCH}={batch} and num_generations={times},"
            " or not that of steps_per_generation: Megatron-SWIFT stops",
            hint=f"--given generation_batch_size={batch} --given num_generations=1",
        )
    if size // times % share:
        run.refuse(
            f"{size // times} prompts of a generation are no multiple of the {share} samples"
            " of one micro-batch each: Megatron-SWIFT stops",
            hint=f"--given steps_per_generation={share * times} --given generation_batch_size=null",
        )
    if run["num_iterations"] > 1:
        text = f"num_iterations={run['num_iterations']}: Megatron-SWIFT stops above 1"
        run.refuse(text, at="num_iterations", instead=1)


def _groups(run: Settings) -> tuple[Call, ...]:
    """The vision tower and the aligner, whose peak and floor are both the factor of theirs."""
    lr, least = run["lr"], run["min_lr"]
    found = []
    for name, frozen in (("vit_lr", "freeze_vit"), ("aligner_lr", "freeze_aligner")):
        if not run[name]:
            continue
        if run[frozen]:
            run.warn("group-frozen", f"{name} changes nothing while {frozen} is true", at=name)
        else:
            factor = run[name] / lr
            bounds = (("max_lr", lr * factor), ("min_lr", least * factor))
            found.append(Call(name.removesuffix("_lr"), bounds))
    return (Call("weights", (("max_lr", lr), ("min_lr", least))), *found) if found else ()


TRAINER = ForeignTrainer(
    "megatron_swift",
    "4.6.0",
    SETTINGS,
    claims,
    read,
    program="ms-swift",
    aliases=("megatron-swift",),
    layers=with_environment,
    launchers={"megatron": Own(processes)},
    keys=KnownKeys(("ms_swift",), by_language(command=Fate.STOPS)),
    known_by="megatron sft, pt or rlhf",
)
