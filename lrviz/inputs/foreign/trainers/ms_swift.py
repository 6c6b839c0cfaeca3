"""ms-swift: ``swift sft|pt|rlhf`` with TrainingArguments and defaults of its own.

Source: ms-swift 4.6.0, ``trainers/arguments.py``, ``arguments/sft_args.py``, ``dataloader/shard.py``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, literal, number, text
from lrviz.inputs.foreign.setting_values import version_parts
from lrviz.inputs.foreign.shared import generations
from lrviz.inputs.foreign.shared.generations import generation, ppo_batches, rollouts
from lrviz.inputs.foreign.shared.gone_keys import gone
from lrviz.inputs.foreign.shared.swift_rows import (
    GLOBAL_BATCH,
    ROWS,
    TRAINING,
    processes,
    rows_and_processes,
    rows_left,
    with_environment,
)
from lrviz.inputs.foreign.shared.trainer_length import (
    note_packed,
    processes_name,
    replicas,
    total_steps,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import NO_FIELDS, flag, with_argparse_names, with_defaults
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, curve_of, kind_of, share_of
from lrviz.inputs.foreign.shared.transformers_version import assume_version
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

GENERATES = {"grpo": 8, "gkd": 1}
"""Completions of each prompt, for what generates some."""
SAMPLES = 16
"""Rows of an update, where nothing is said of the accumulation."""
_WITHOUT_LENGTH = (SCHEDULES["constant"], SCHEDULES["constant_with_warmup"])
_OWN = {"tuner_type", "vit_lr", "aligner_lr"}
"""Settings that no other trainer has."""
OLD_NAMES = {"train_type": 3, "sft_type": 2}
"""What ``tuner_type`` was called, and the last major version that did so."""
SETTINGS = (
    *with_defaults(
        lr_scheduler_type="cosine", per_device_train_batch_size=1, transformers="5.19.0", logging_steps=5
    ),
    *generations.SETTINGS,
    *ROWS,
    Setting("tuner_type", text, "lora", aliases=tuple(OLD_NAMES)),
    Setting("optimizer", text, ""),
    Setting("lorap_lr_ratio", number),
    Setting("vit_lr", number),
    Setting("aligner_lr", number),
    Setting("freeze_vit", flag, default=True),
    Setting("freeze_aligner", flag, default=True),
    Setting("rlhf_type", text),
    Setting("max_epochs", number),
)


def claims(source: Source) -> bool:
    """``swift sft``, or its ``tuner_type`` beside a data set; Megatron has a batch of all processes."""
    if source.language == "python":
        is_import = "swift" in source.python.imports
        return is_import and bool(TRAINER.calls_in(source))
    is_program = source.program == "swift" and source.words[1:2] in {(one,) for one in TRAINING}
    is_module = source.module in {f"swift.cli.{one}" for one in TRAINING}
    keys = source.data.keys()
    has_keys = {"dataset", "model"} <= keys and bool(_OWN & keys) and GLOBAL_BATCH not in keys
    return is_program or is_module or (has_keys and source.program != "megatron")


def read(run: Settings) -> Spec:
    """The run of its Trainer."""
    assume_version(run)
    _check_names(run)
    kind_of(run)
    tuner = run["tuner_type"]
    run.set_defaults(f"tuner_type={tuner}", learning_rate=1e-5 if tuner == "full" else 1e-4)
    lr = run["learning_rate"]
    if run.is_said(processes_name(run)) and not run.is_said("gradient_accumulation_steps"):
        _accumulation(run)
    if run["rlhf_type"] in GENERATES and run.is_said(processes_name(run)):
        generation(run, GENERATES[run["rlhf_type"]], run.ask(processes_name(run)))
    in_epoch: list[int] = []

    def counted(run: Settings) -> int:
        in_epoch.append(updates(run))
        return in_epoch[0]

    total = _ppo(run) if run["rlhf_type"] == "ppo" else total_steps(run, counted)
    curve = _stopped(run, curve_of(run, total, lr=lr, warmup=warmup_of(run, total)), total, in_epoch)
    groups = _groups(run, lr)
    return replace(curve, params=(*curve.params, ("groups", groups))) if groups else curve


def _stopped(run: Settings, curve: Spec, total: int, in_epoch: list[int]) -> Spec:
    """The curve up to the end of the epoch at which ``max_epochs`` stops the run; its schedule stays.

    Where the epochs are not counted, that it may stop is said.
    """
    if not run.is_said("max_epochs"):
        return curve
    if not in_epoch or (curve.name not in _WITHOUT_LENGTH and curve.get("num_training_steps") is None):
        text = "max_epochs stops the run, maybe before the last of these steps: the schedule stays"
        run.warn("stops-early", text, at="max_epochs")
        return curve
    epochs = max(math.ceil(run["max_epochs"]), 1)
    steps = epochs * in_epoch[0]
    if steps >= total:
        return curve
    run.line("updates made", f"{epochs} * {in_epoch[0]}", steps)
    run.settled.add("length-differs")
    text = f"max_epochs stops the run at {steps} of {total} updates of its schedule"
    run.warn("stops-early", text, at="max_epochs")
    said = ((key, steps if key == "steps" else value) for key, value in curve.params)
    return replace(curve, params=tuple(said))


def _check_names(run: Settings) -> None:
    """Say which versions have an old name; where a newer one is named, it stops."""
    size = run.raw("batch_size")
    if size is not None and not run.is_said("per_device_train_batch_size"):
        text = "batch_size is what ms-swift 2 calls per_device_train_batch_size"
        run.refuse(text, at="per_device_train_batch_size", instead=size)
    for name, last in OLD_NAMES.items():
        if run.raw(name) is None or version_parts(run.version)[0] <= last:
            continue
        text = f"{name} is a setting of ms-swift {last} and older: {run.title} stops at it"
        if run.is_version_given:
            run.refuse(text, at="tuner_type", hint="it calls it tuner_type")
        run.warn(
            "old-name",
            f"{text}, whose rules are followed",
            hint="write tuner_type where yours is that version",
            at="tuner_type",
        )


def _groups(run: Settings, lr: float) -> tuple[Call, ...]:
    """Parameters that have an LR of their own, beside the others; only its own optimizers look at that."""
    found = {}
    if run.is_said("lorap_lr_ratio") and _is_used(run, "lorap_lr_ratio", "lorap"):
        if run["tuner_type"] == "lora":
            found["lora_B"] = ("scale", run["lorap_lr_ratio"])
        else:
            text = f"tuner_type={run['tuner_type']} has no matrices of LoRA: lorap_lr_ratio changes nothing"
            run.warn("group-frozen", text, at="lorap_lr_ratio")
    for name, frozen in (("vit_lr", "freeze_vit"), ("aligner_lr", "freeze_aligner")):
        if not (run.is_said(name) and _is_used(run, name, "multimodal")):
            continue
        if run[frozen]:
            run.warn("group-frozen", f"{name} changes nothing while {frozen} is true", at=name)
        else:
            found[name.removesuffix("_lr")] = ("scale", run[name] / lr) if lr else ("lr", run[name])
    said = {"weights": ("scale", 1.0), **found} if found else {}
    return tuple(Call(name, (one,)) for name, one in said.items())


def _is_used(run: Settings, name: str, optimizer: str) -> bool:
    """Whether the optimizer is the one that looks at a setting, as it is where none is named."""
    chosen = run["optimizer"] or ("lorap" if run.is_said("lorap_lr_ratio") else optimizer)
    if chosen != optimizer:
        run.warn("groups-ignored", f"optimizer={chosen} does not look at {name}", at=name)
    return chosen == optimizer


def warmup_of(run: Settings, total: int) -> int | None:
    """``ceil(total * warmup_ratio)`` with every version of transformers; None leaves it to the Trainer."""
    ratio = run["warmup_ratio"]
    if not ratio:
        return None
    if run.is_said("warmup_steps") and run["warmup_steps"]:
        run.refuse(
            "warmup_ratio and warmup_steps cannot be set at the same time",
            hint="leave out one of them",
            at="warmup_ratio",
        )
    if ratio >= 1:
        run.refuse(f"warmup_ratio={ratio} must be less than 1", at="warmup_ratio", instead=0.1)
    return share_of(run, total, ratio)


def _ppo(run: Settings) -> int:
    n, world = _rows(run)
    return ppo_batches(run, (rows_left(run, n), world), _accumulation(run))


def updates(run: Settings) -> int:
    """Updates of an epoch; without an accumulation ``ceil(16 / batch / processes)`` batches make one."""
    if run["rlhf_type"] in GENERATES and not run.is_said("batches_per_epoch"):
        return _generated(run)
    if run.is_said("batches_per_epoch"):
        batches = run.given_batches()
        return updates_per_epoch(run, batches, _accumulation(run))
    if run["packing"]:
        note_packed(run)
    n, world = _rows(run)
    return updates_per_epoch(run, _batches(run, rows_left(run, n), world), _accumulation(run))


def _generated(run: Settings) -> int:
    """Those of whole generations, which sequence parallelism makes no more of."""
    n, world = _rows(run)
    batches = rollouts(run, GENERATES[run["rlhf_type"]], rows=(rows_left(run, n), world))
    return updates_per_epoch(run, batches)


def _rows(run: Settings) -> tuple[int, int]:
    """Rows of the data sets, and the processes."""
    return rows_and_processes(run, processes_name(run))


def _batches(run: Settings, n: int, world: int) -> int:
    """Batches of a process, whose rows are shared out before they are made batches."""
    size, shares = run["per_device_train_batch_size"], replicas(run, world)
    is_cut = run.is_said("cp_size") and run["cp_size"] > 1  # its own sampler takes some rows twice
    rows, rounded = (ceil_div(n, shares), "ceil") if is_cut else (n // shares, "floor")
    if run["dataloader_drop_last"]:
        return run.line("batches", f"floor({rounded}({n} / {shares}) / {size})", rows // size)
    return run.line("batches", f"ceil({rounded}({n} / {shares}) / {size})", ceil_div(rows, size))


def _accumulation(run: Settings) -> int:
    if run.is_said("gradient_accumulation_steps"):
        return int(run["gradient_accumulation_steps"])
    if run["rlhf_type"] == "grpo":
        return 1
    size, world = run["per_device_train_batch_size"], run.ask(processes_name(run))
    formula, accum = f"ceil({SAMPLES} / {size} / {world})", max(1, ceil_div(SAMPLES, size * world))
    run.set_defaults(formula, gradient_accumulation_steps=accum)
    return run.line("gradient accumulation", formula, accum)


def _lacks(run: Settings) -> frozenset[str]:
    """Keys at which it stops: settings that are given alone, and those of versions before."""
    return NO_FIELDS - {"sequence_parallel_size"} | gone("ms_swift", run.version)


TRAINER = ForeignTrainer(
    "ms_swift",
    "4.6.0",
    SETTINGS,
    claims,
    read,
    aliases=("swift", "ms-swift"),
    calls=("SftArguments", "TrainArguments", "RLHFArguments", "PretrainArguments"),
    tables=("deepspeed",),
    plain_tables=("zero[0123]", "zero[23]_offload"),
    read_words=with_argparse_names,
    layers=with_environment,
    schedules=SCHEDULES,
    launchers={"swift": Own(processes)},
    keys=KnownKeys(("ms_swift", "transformers"), by_language(Fate.STOPS), _lacks),
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    resumes=("resume_from_checkpoint",),
    resumes_weights="resume_only_model",
    ends_early={Setting("early_stop_interval", literal): ""},
    known_by="swift sft, pt or rlhf, or SftArguments(...) in Python",
    takes_words=False,
)
