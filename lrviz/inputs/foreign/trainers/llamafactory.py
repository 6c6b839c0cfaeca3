"""LLaMA-Factory: the YAML or JSON of ``llamafactory-cli train``, with ``key=value`` behind it.

Source: llamafactory 0.9.5, ``hparams/``, ``data/data_utils.py``, ``train/trainer_utils.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.setting import Setting, number, numbers, text, texts, whole
from lrviz.inputs.foreign.shared import omega_conf
from lrviz.inputs.foreign.shared.trainer_length import (
    processes_name,
    rows_and_processes,
    shared_out,
    total_steps,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import flag, with_argparse_names, with_defaults
from lrviz.inputs.foreign.shared.transformers_schedule import SCHEDULES, curve_of, kind_of, warmup_steps
from lrviz.inputs.foreign.shell.world import Own, product, visible_devices
from lrviz.inputs.foreign.trainer import ForeignTrainer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

PROGRAMS = ("llamafactory-cli", "lmf")
SETTINGS = (
    *with_defaults(transformers="4.57.6"),
    Setting("stage", text, "sft"),
    Setting("dataset", texts),
    Setting("rows_of_each", numbers, aliases=("dataset_lens",)),
    Setting("eval_dataset", texts),
    Setting("max_samples", whole),
    Setting("val_size", number, 0.0),
    Setting("packing", flag),
    Setting("neat_packing", flag, default=False),
    Setting("loraplus_lr_ratio", number),
)


def claims(source: Source) -> bool:
    """``llamafactory-cli train``, or ``finetuning_type`` or ``template`` beside ``stage``."""
    is_file = "stage" in source.data and bool({"finetuning_type", "template"} & source.data.keys())
    return is_file or source.program in PROGRAMS


def read(run: Settings) -> Spec:
    """The run of its Trainer."""
    if run.choose("stage", ("pt", "sft", "rm", "ppo", "dpo", "kto")) == "ppo":
        run.refuse(
            "stage=ppo counts its steps in its own loop, which is not read",
            hint="--given stage=sft --given max_steps=1000 shows the schedule over 1000 steps",
            at="stage",
        )
    kind = kind_of(run)
    if run.is_said("loraplus_lr_ratio"):
        ratio = run["loraplus_lr_ratio"]
        run.note(
            "second-group", f"the B matrices of LoRA have {ratio:g} times this LR", at="loraplus_lr_ratio"
        )
    total = total_steps(run, updates)
    warmup = warmup_steps(run, total)
    kwargs = stable_third(total - warmup) if kind == "warmup_stable_decay" else {}
    return curve_of(run, total, warmup=warmup, kwargs=kwargs)


def stable_third(left: int) -> Mapping[str, Value]:
    """Its default of warmup_stable_decay: a third of what the warmup leaves is stable, the rest decays."""
    return {"num_stable_steps": left // 3, "num_decay_steps": left - left // 3}


def updates(run: Settings) -> int:
    """Updates of an epoch: ``max_samples`` caps every data set, then ``val_size`` is held out."""
    if run.knows("batches_per_epoch"):
        return updates_per_epoch(run, run.ask("batches_per_epoch"))
    if run.is_said("rows_of_each"):
        rows, world = run["rows_of_each"], run.ask(processes_name(run))
    else:
        n, world = rows_and_processes(run)
        rows = (n,)
    n = sum(rows) if is_packed(run) or run.is_said("train_rows") else rows_left(run, rows)
    return updates_per_epoch(run, shared_out(run, n, world))


def is_packed(run: Settings) -> bool:
    """Whether rows are packed, as they are by default in pre-training; they are counted after that."""
    packs = run.get("packing", run["stage"] == "pt") or run["neat_packing"]
    if packs:
        run.note("packed-rows", "packing: rows are counted after packing, of the training set", at="packing")
    return bool(packs)


def rows_left(run: Settings, rows: tuple[int, ...]) -> int:
    """Rows to train on."""
    most, held_out, n = run["max_samples"], run["val_size"], sum(rows)
    sets = len(run["dataset"] or ("",))
    if most is not None:
        if len(rows) == 1 < sets:
            run.note(
                "rows-of-each", f"max_samples caps each of {sets} data sets: --given rows_of_each=900,100"
            )
            n = run.line("rows", f"min({n}, {sets} * {most})", min(n, sets * most))
        else:
            formula = " + ".join(f"min({one}, {most})" for one in rows)
            n = run.line("rows", formula, sum(min(one, most) for one in rows))
    if held_out <= 0:
        return n
    if run.is_said("eval_dataset"):
        run.refuse("val_size beside eval_dataset", hint="--given val_size=0", at="val_size")
    held_out = int(held_out) if held_out > 1 else math.ceil(held_out * n)
    return run.line("rows to train on", f"{n} - {held_out}", n - held_out)


def _processes(said: Said) -> Count:
    """All visible GPUs of each node, unless the variable of torchrun says how many."""
    found = product(said, ("$NPROC_PER_NODE", visible_devices(said.env)), ("$NNODES", 1))
    return found or said.unknown("NPROC_PER_NODE")


TRAINER = ForeignTrainer(
    "llamafactory",
    "0.9.5",
    SETTINGS,
    claims,
    read,
    aliases=("llama_factory", "llama-factory"),
    tables=("deepspeed",),
    read_words=with_argparse_names,
    merge=omega_conf.merged,
    schedules=SCHEDULES,
    launchers={"llamafactory-cli": Own(_processes), "lmf": Own(_processes)},
    known_by="llamafactory-cli train, or stage beside finetuning_type",
)
