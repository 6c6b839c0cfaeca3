"""DeepSpeed's JSON: alone, as a script's engine has it, or as transformers' Trainer fills in its "auto".

Source: deepspeed 0.19.8, ``runtime/config.py``, ``runtime/engine.py``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.engine_config import CONFIG, config_named, refuse_absent_script
from lrviz.inputs.foreign.key_paths import table_at
from lrviz.inputs.foreign.python.engine_scripts import handed_line, own_config, starts_engine
from lrviz.inputs.foreign.python.schedule_alone import schedule_alone
from lrviz.inputs.foreign.setting import Raw, Setting, number, text, whole
from lrviz.inputs.foreign.shared.deepspeed_schedule import (
    AUTO,
    OWN,
    deepspeed_curve,
    scheduler_of,
    warmup_of,
)
from lrviz.inputs.foreign.shared.merged import under
from lrviz.inputs.foreign.shared.skipped_updates import note_fp16
from lrviz.inputs.foreign.shared.training_arguments import SETTINGS as ARGUMENTS
from lrviz.inputs.foreign.shared.transformers_schedule import run_of
from lrviz.inputs.foreign.shared.transformers_version import version_of
from lrviz.inputs.foreign.source import DEFAULTS
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.notation.rendering import shown
from lrviz.notation.text import few
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def whole_or_auto(raw: Raw) -> int | str:
    """A whole number, or one that the Trainer fills in.

    Raises:
        Unfit: it is neither.

    """
    return AUTO if raw.value == AUTO else whole(raw)


def number_or_auto(raw: Raw) -> float | str:
    """A number, or one that the Trainer fills in.

    Raises:
        Unfit: it is neither.

    """
    return AUTO if raw.value == AUTO else number(raw)


LR = "deepspeed.optimizer.params.lr"
MUON, ADAM = "deepspeed.optimizer.params.muon_lr", "deepspeed.optimizer.params.adam_lr"
KIND = "deepspeed.optimizer.type"
TOTAL = "deepspeed.train_batch_size"
MICRO = "deepspeed.train_micro_batch_size_per_gpu"
ACCUM = "deepspeed.gradient_accumulation_steps"
SETTINGS = (
    *ARGUMENTS,
    Setting(LR, number_or_auto, 1e-3, "lr"),
    Setting(MUON, number),
    Setting(ADAM, number),
    Setting(KIND, text, ""),
    Setting(TOTAL, whole_or_auto),
    Setting(MICRO, whole_or_auto, None, "batch_size", ("micro_batch",)),
    Setting(ACCUM, whole_or_auto, None, "grad_accum", ("accumulation",)),
    Setting("updates", whole, None, "steps"),
    Setting(
        "micro_batches",
        whole,
        asks="how many micro-batches each process trains on in all epochs, which"
        " --steps N of updates, or --dataset-len N --epochs N --world-size N tell as well",
    ),
)
OF_OTHERS = {"train_iters", "lr_decay_style", "min_lr", "num_layers", "hidden_size", "pipe_parallel_size"}
"""Keys of GPT-NeoX, whose one file has DeepSpeed's too: its schedule is its own."""
_BOTH = ("gradient_accumulation_steps", "train_rows", "num_processes", "transformers", "deepspeed")
"""Arguments that do not tell the Trainer from another loop."""


def claims(source: Source) -> bool:
    """Keys of its own, both batch and optimizer, a scheduler of a type with params; or an engine's script."""
    data = source.data
    if source.language == "command":
        return starts_engine(source)
    if OF_OTHERS & {key.replace("-", "_") for key in data}:
        return False
    has_batch = "train_batch_size" in data and isinstance(data.get("optimizer"), dict)
    is_section = isinstance(data.get("scheduler"), dict) and {"type", "params"} <= data["scheduler"].keys()
    own = "zero_optimization" in data or "train_micro_batch_size_per_gpu" in data
    return source.language in ("json", "yaml") and (
        own or has_batch or (is_section and source.language == "json")
    )


def _has_auto(value: object) -> bool:
    return any(map(_has_auto, value.values())) if isinstance(value, dict) else value == AUTO


def read(run: Settings) -> Spec:
    """The run of the Trainer where it fills something in, else of a loop that feeds micro-batches."""
    table = run.raw("deepspeed")
    if config_named(run.source):
        refuse_absent_script(run)
    own = own_config(run.source)
    if own and not isinstance(table, dict):
        run.refuse(own[0], hint=own[1])
    if not isinstance(table, dict):
        run.refuse("no config of DeepSpeed", hint="<trainer=transformers>")
    arguments = {name for one in ARGUMENTS for name in one.names if one.name not in _BOTH}
    if starts_engine(run.source):
        _check_script(run, table)
    elif _has_auto(table) or any(map(run.is_answered, arguments)):
        run.defaults_of = f"transformers {version_of(run)}"  # whose own reader takes the last of a key
        curve = run_of(run)
        _warn_of_unsaid(run)
        return curve
    _refuse_repeated(run)
    _check_product(run)
    name, params = scheduler_of(run, table), table_at(table, "scheduler", "params")
    steps = _updates(run)
    run.warmup = warmup_of(name, params)
    if not name:
        _refuse_own_scheduler(run)
        run.note("no-scheduler", "no scheduler section: the LR stands still, unless the script has one")
    note_fp16(run)
    if name.startswith("Warmup") and steps < run.warmup:
        run.warn_of_warmup(f"{run.warmup} updates", steps)
    return deepspeed_curve(run, name, params, _lr(run, name, params), steps)


def _check_script(run: Settings, table: Mapping[str, Any]) -> None:
    """Refuse what no Trainer fills in, and ask for the LR of an optimizer that the script makes.

    Raises:
        ConfigError: "auto" stands there.
        PlanError: the LR is not said.

    """
    if _has_auto(table):
        text = '"auto" is filled in by the Trainer of transformers alone'
        run.refuse(text, hint="write the numbers in its place")
    line = handed_line(run.source, "optimizer")
    has_peak = scheduler_of(run, table) in {*OWN} - {"WarmupCosineLR"}
    if line is not None and not has_peak and run.origin(LR).source != "option":
        run.explain(
            LR, f"the LR of the optimizer that line {line} of {run.source.script} hands to the engine"
        )
        raise run.question([LR])


def _refuse_own_scheduler(run: Settings) -> None:
    """Refuse the scheduler that a script hands to its engine, which has none in its config.

    Raises:
        ConfigError: it does.

    """
    line = handed_line(run.source, "lr_scheduler") if run.source.language == "command" else None
    if line is not None:
        text = (
            f"{run.source.script} hands a scheduler of its own to the engine in line {line}: it is not read"
        )
        run.refuse(text, hint=schedule_alone(run.source))


def _with_config(layers: list[Source]) -> list[Source]:
    """The config alone, where a script's engine is told it: options of its own are none of DeepSpeed's."""
    command, *files = layers
    if command.language != "command" or not starts_engine(command):
        return layers
    return [
        replace(command, data={CONFIG: command.data[CONFIG]}),
        *(one for one in files if one.language != DEFAULTS),
    ]


def _lr(run: Settings, name: str, params: Mapping[str, Any]) -> float:
    """The LR of the bulk of the weights: Muon's own, where the optimizer has one, beside that of its Adam."""
    lr: float = run[LR]
    if run[KIND].lower() != "muon":
        return lr
    adam, muon = (float(lr if run[one] is None else run[one]) for one in (ADAM, MUON))
    is_own = name in {"", "WarmupCosineLR"} or (name.startswith("Warmup") and "warmup_max_lr" not in params)
    if is_own and adam != muon:
        said = f"this is Muon's LR; embeddings, head and vectors run at {lr_text(adam)}"
        run.note("aux-adam", said, at=ADAM if run.is_said(ADAM) else LR)
    return muon


def _warn_of_unsaid(run: Settings) -> None:
    """Say what the Trainer's own arguments decide, where they are not said beside this file."""
    deciding = ("learning_rate", "per_device_train_batch_size", "num_train_epochs")
    ends = run.is_said("max_steps")
    unsaid = [name for name in deciding if not run.is_said(name) and not (ends and name == deciding[-1])]
    if unsaid:
        defaults = few(f"{name}={shown(run[name])}" for name in unsaid)
        text = f'"auto" follows the Trainer\'s arguments, which are not in this file: {defaults} by default'
        run.warn("auto-by-default", text, hint=" ".join(f"--given {name}=VALUE" for name in unsaid))


def _refuse_repeated(run: Settings) -> None:
    """Stop at a key that stands twice in a table, as its own loader does: ``runtime/config_utils.py``."""
    for (_, *path), line in run.source.spelling.before.items():
        text = f"{'.'.join(map(str, path))} is given before, in line {line}: DeepSpeed stops at it"
        run.refuse(text, hint="leave one of the two out")


def _check_product(run: Settings) -> None:
    """Refuse a ``train_batch_size`` that is not micro-batch * accumulation * processes."""
    if not (run.is_said(TOTAL) and run.is_said("world_size")):
        return
    total, micro, accum, world = run[TOTAL], run[MICRO], run[ACCUM], run.ask("world_size")
    if micro is None:
        accum = accum or 1
        micro = total // accum // world
    elif accum is None:
        accum = total // micro // world
    if micro * accum * world != total:
        run.refuse(
            f"train_batch_size={total} is not {micro} * {accum} * {world}: it stops",
            at=TOTAL,
            instead=max(micro, 1) * max(accum, 1) * world,
        )


def _updates(run: Settings) -> int:
    """Micro-batches // accumulation, counted across epochs."""
    if not (run.is_said(TOTAL) or run.is_said(MICRO)):
        text = "either train_batch_size or train_micro_batch_size_per_gpu needs to be provided"
        run.refuse(text, hint="<batch_size=4>")
    if run.is_said("updates"):
        return run.line(run.TOTAL_STEPS, "updates", run["updates"])
    by_rows = run.is_said("dataset_len")
    world = ("world_size",) if by_rows or _needs_world(run) else ()
    found = run.ask(*(("dataset_len", "epochs") if by_rows else ("micro_batches",)), *world)
    values = found if isinstance(found, tuple) else (found,)
    accum = _accumulation(run, values[-1] if world else 1)
    micro = _micro_batches(run, *values) if by_rows else values[0]
    return run.floor(run.TOTAL_STEPS, micro, accum)


def _needs_world(run: Settings) -> bool:
    """Whether the accumulation follows from both batches and the processes."""
    return run.is_said(TOTAL) and run.is_said(MICRO) and not run.is_said(ACCUM)


def _accumulation(run: Settings, world: int) -> int:
    total, micro = run[TOTAL], run[MICRO]
    if run.is_said(ACCUM):
        return int(run[ACCUM])
    if total is None or micro is None:
        return 1
    return run.line("gradient accumulation", f"{total} / {micro} / {world}", total // micro // world)


def _micro_batches(run: Settings, n: int, epochs: float, world: int) -> int:
    accum, total = _accumulation(run, world), run[TOTAL]
    micro = run[MICRO] or total // world // accum
    batches = int(epochs * ceil_div(n, micro * world))
    return run.line("micro-batches", f"{epochs} * ceil({n} / {micro * world})", batches)


TRAINER = ForeignTrainer(
    "deepspeed",
    "0.19.8",
    SETTINGS,
    claims,
    read,
    aliases=("hf_deepspeed",),
    files=(CONFIG,),
    tables=("deepspeed",),
    layers=_with_config,
    read_file=partial(under, ["deepspeed"]),
    reads_text=False,
    known_by="zero_optimization, train_micro_batch_size_per_gpu, or scheduler.type; a script that is here and"
    " starts its engine with --deepspeed_config",
)
