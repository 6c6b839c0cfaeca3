"""LLaMA-Factory: the YAML or JSON of ``llamafactory-cli train``, with ``key=value`` behind it.

Source: llamafactory 0.9.5, ``hparams/``, ``data/data_utils.py``, ``train/trainer_utils.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.python.python_call import HANDED_A_DICT
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import Setting, literal, number, numbers, text, texts, whole
from lrviz.inputs.foreign.shared.do_train import check_do_train
from lrviz.inputs.foreign.shared.factory_launch import (
    PROGRAMS,
    check_file,
    check_launch,
    processes,
    with_workers,
)
from lrviz.inputs.foreign.shared.factory_megatron import SETTINGS as MEGATRON
from lrviz.inputs.foreign.shared.factory_megatron import backend_of, read_megatron
from lrviz.inputs.foreign.shared.factory_stops import check_stops
from lrviz.inputs.foreign.shared.ray_workers import WORKERS
from lrviz.inputs.foreign.shared.trainer_length import (
    processes_name,
    rows_and_processes,
    rows_of_sets,
    shared_out,
    total_steps,
    updates_of_epochs,
    updates_per_epoch,
)
from lrviz.inputs.foreign.shared.training_arguments import NO_FIELDS, flag, with_argparse_names, with_defaults
from lrviz.inputs.foreign.shared.transformers_schedule import (
    NO_WARMUP,
    SCHEDULES,
    curve_of,
    kind_of,
    lengths_of,
    warmup_steps,
)
from lrviz.inputs.foreign.shared.transformers_version import assume_version
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.trainers.llamafactory_v1 import is_its_command
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

SETTINGS = (
    *with_defaults(transformers="5.6.0"),
    Setting("stage", text, "sft"),
    Setting("dataset", texts),
    Setting("rows_of_each", numbers, aliases=("dataset_lens",)),
    Setting("mix_strategy", text, "concat"),
    Setting("interleave_probs", texts),
    Setting("eval_dataset", texts),
    Setting("max_samples", whole),
    Setting("val_size", number, 0.0),
    Setting("packing", flag),
    Setting("neat_packing", flag, default=False),
    Setting("loraplus_lr_ratio", number),
    Setting("ppo_buffer_size", whole, 1),
    WORKERS,
    *MEGATRON,
)
NO_MORE = frozenset(
    {
        *("dispatch_batches", "split_batches", "evaluation_strategy", "dataloader_in_order"),
        *(
            "dataloader_multiprocessing_context",
            "activation_checkpointing",
            "activation_checkpointing_kwargs",
        ),
    }
)
"""Arguments of other versions of transformers: none from 4.55.0 to 5.6.0, which it allows, has them."""
_NO_FIELDS = NO_FIELDS | {"rows_of_each", "dataset_lens"}
TURNS = {"interleave_under": "min", "interleave_over": "max", "interleave_once": None}
"""How many rows of each data set are taken in turn; datasets, as far as it is allowed, has no third way."""
NEEDS_KWARGS = ("warmup_stable_decay", "cosine_with_min_lr", "cosine_warmup_with_min_lr")


def claims(source: Source) -> bool:
    """``llamafactory-cli train``, a dict for ``run_exp``, or ``finetuning_type`` beside ``stage``."""
    if source.language == "python":
        is_import = any(name.split(".")[0] in ("llamafactory", "llmtuner") for name in source.python.imports)
        calls = TRAINER.calls_in(source)
        return is_import and any(call.arguments or "args" in call.keywords for call in calls)
    is_file = "stage" in source.data and bool({"finetuning_type", "template"} & source.data.keys())
    return is_file or (source.program in PROGRAMS and not is_its_command(source))


def read(run: Settings) -> Spec:
    """The run of its Trainer."""
    check_file(run)
    stage = run.choose("stage", ("pt", "sft", "rm", "ppo", "dpo", "kto"))
    check_stops(run)
    if backend := backend_of(run):
        return read_megatron(run, backend, left_rows_and_processes)
    check_launch(run)
    _check_parallel(run)
    assume_version(run)
    kind = kind_of(run)
    if run.is_said("loraplus_lr_ratio"):
        ratio = run["loraplus_lr_ratio"]
        run.note(
            "second-group", f"the B matrices of LoRA have {ratio:g} times this LR", at="loraplus_lr_ratio"
        )
    if stage == "ppo":
        return read_ppo(run, kind)
    total = total_steps(run, updates)
    warmup = warmup_steps(run, total)
    kwargs = stable_third(total - warmup) if kind == "warmup_stable_decay" else {}
    return curve_of(run, total, warmup=warmup, kwargs=kwargs)


def _check_parallel(run: Settings) -> None:
    """Ask for what HyperParallel's own loader, of the version behind 0.9.5, shares the rows by."""
    size = run.raw("hyper_parallel_cp_size")
    if run.raw("use_hyper_parallel") and size not in (None, 1, "1") and not run.is_said("cp_size"):
        run.refuse(
            f"hyper_parallel_cp_size={size}: so many processes share their rows",
            hint=f"--given cp_size={size}",
        )


def stable_third(left: int) -> Mapping[str, Value]:
    """Its default of warmup_stable_decay: a third of what the warmup leaves is stable, the rest decays."""
    return {"num_stable_steps": left // 3, "num_decay_steps": left - left // 3}


def read_ppo(run: Settings, kind: str) -> Spec:
    """PPO's own loop, of one LR for each buffer; its scheduler is built without ``lr_scheduler_kwargs``."""
    if kind in NEEDS_KWARGS:
        run.refuse(
            f"{kind} needs lr_scheduler_kwargs, which stage=ppo does not hand on: it stops",
            at="lr_scheduler_type",
            instead="cosine",
        )
    if run["lr_scheduler_kwargs"]:
        run.warn("kwargs-ignored", "stage=ppo does not hand on lr_scheduler_kwargs", at="lr_scheduler_kwargs")
    total, scheduled = _ppo_steps(run)
    warmup = run.warmup = 0 if kind in NO_WARMUP else warmup_steps(run, scheduled)
    run.check_warmup(warmup, total, at="warmup_steps")
    run.note("one-lr-each-buffer", "a step here is a buffer of episodes: the LR moves once in each")
    lengths = lengths_of(kind, warmup, scheduled)
    return run.curve(SCHEDULES[kind], lr=run["learning_rate"], steps=total, **lengths)


def _ppo_steps(run: Settings) -> tuple[int, float]:
    """Buffers of the run, each a whole one, and those that its scheduler is built for, rounded up."""
    limit, epochs = run["max_steps"], run["num_train_epochs"]
    if limit > 0:
        return run.line(run.TOTAL_STEPS, "max_steps", limit), limit
    n, world = rows_and_processes(run)
    n = n if run.is_said("train_rows") else rows_left(run, (n,))
    size = run["per_device_train_batch_size"] * run["gradient_accumulation_steps"] * run["ppo_buffer_size"]
    in_epoch = run.line(run.STEPS_PER_EPOCH, f"floor(floor({n} / {size}) / {world})", n // size // world)
    total = updates_of_epochs(run, epochs, in_epoch)
    if not total:
        run.refuse(f"{n} rows do not fill a buffer of {size * world}", hint=f"<dataset_len={size * world}>")
    scheduled = epochs * ceil_div(n, size * world)
    if scheduled != total:
        run.note(
            "length-differs",
            f"the scheduler is built for {epochs:g} * ceil({n} / {size * world}) = {scheduled:g} steps,"
            f" the run has {total}",
        )
    return total, scheduled


def updates(run: Settings) -> int:
    """Updates of an epoch of the Trainer."""
    if run.is_said("batches_per_epoch"):
        return updates_per_epoch(run, run.ask("batches_per_epoch"))
    return updates_per_epoch(run, shared_out(run, *left_rows_and_processes(run)))


def left_rows_and_processes(run: Settings) -> tuple[int, int]:
    """Rows to train on, and how many processes share them."""
    run.explain("dataset_len", _which_rows(run))
    if is_mixed(run):
        return mixed_rows(run), run.ask(processes_name(run))
    if run.is_said("rows_of_each"):
        rows, world = run["rows_of_each"], run.ask(processes_name(run))
    else:
        n, world = rows_and_processes(run)
        rows = (n,)
    is_counted = is_packed(run) or run.is_said("train_rows")
    return sum(rows) if is_counted else rows_left(run, rows), world


def _which_rows(run: Settings) -> str:
    """What is asked for: all rows, or those that packing makes of what ``val_size`` leaves."""
    held_out = run["val_size"] > 0
    if _packs(run):
        left = " once val_size is held out" if held_out else ""
        return f"how many rows packing makes of the training set{left}"
    return rows_of_sets("val_size" if held_out else "")


def _packs(run: Settings) -> bool:
    """Whether rows are packed; those of pairs, as in dpo, never are."""
    is_said = run.get("packing", run["stage"] == "pt") or run["neat_packing"]
    return bool(is_said and run["stage"] in ("pt", "sft")) or bool(run["sequence_packing"])


def is_packed(run: Settings) -> bool:
    """Whether rows are packed, as they are by default in pre-training; they are counted after that."""
    packs = _packs(run)
    if packs:
        run.note("packed-rows", "packing: rows are counted after packing, of the training set", at="packing")
    return packs


def is_mixed(run: Settings) -> bool:
    """Whether rows of several data sets are taken in turn, and nobody has counted them after that."""
    strategy = run.choose("mix_strategy", ("concat", *TURNS))
    if run.is_said("interleave_probs") and strategy == "concat":
        run.refuse(
            "interleave_probs beside mix_strategy=concat",
            at="mix_strategy",
            instead="interleave_over",
        )
    sets = max(len(run["dataset"] or ()), len(run.get("rows_of_each", ())))
    return strategy != "concat" and sets > 1 and not (run.is_said("train_rows") or is_packed(run))


def mixed_rows(run: Settings) -> int:
    """Rows to train on, where as many are taken of each data set as the shortest or the longest has."""
    strategy = run["mix_strategy"]
    if TURNS[strategy] is None:
        run.refuse(
            f"datasets 4.0, the newest that {run.title} allows, does not know mix_strategy={strategy}",
            at="mix_strategy",
            instead="concat",
        )
    if run.is_said("interleave_probs"):
        run.explain("train_rows", "how many rows are drawn by interleave_probs, without val_size")
        return int(run.ask("train_rows"))
    run.explain(
        "rows_of_each", f"how many rows each data set has, which mix_strategy={strategy} takes in turn"
    )
    most, word = run["max_samples"], TURNS[strategy]
    rows = [one if most is None else min(one, most) for one in run.ask("rows_of_each")]
    each = (min if word == "min" else max)(rows)
    n = run.line("rows", f"{len(rows)} * {word}({', '.join(map(str, rows))})", len(rows) * each)
    return without_held_out(run, n)


def rows_left(run: Settings, rows: tuple[int, ...]) -> int:
    """What ``max_samples`` leaves of every data set, without ``val_size``, which is held out."""
    most, n = run["max_samples"], sum(rows)
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
    return without_held_out(run, n)


def without_held_out(run: Settings, n: int) -> int:
    """Rows to train on: ``val_size`` are held out, or that share of them."""
    held_out = run["val_size"]
    if held_out <= 0:
        return n
    if run.is_said("eval_dataset"):
        run.refuse("val_size beside eval_dataset", at="val_size", instead=0)
    held_out = int(held_out) if held_out > 1 else math.ceil(held_out * n)
    return run.line("rows to train on", f"{n} - {held_out}", n - held_out)


def _lacks(run: Settings) -> frozenset[str]:
    """Keys at which it stops, some of them unless another version of transformers is said."""
    return _NO_FIELDS | (frozenset() if run.is_answered("transformers") else NO_MORE)


TRAINER = ForeignTrainer(
    "llamafactory",
    "0.9.5",
    SETTINGS,
    claims,
    read,
    aliases=("llama_factory", "llama-factory"),
    tables=("deepspeed",),
    plain_tables=("examples/deepspeed/ds_z[023]_*config.json", "*/examples/deepspeed/ds_z[023]_*config.json"),
    calls=HANDED_A_DICT,
    read_words=with_argparse_names,
    layers=with_workers,
    reads_text=False,
    takes_repeats=False,
    schedules=SCHEDULES,
    launchers=dict.fromkeys(PROGRAMS, Own(processes)),
    keys=KnownKeys(("llamafactory", "transformers"), by_language(Fate.STOPS), _lacks),
    interpolates=False,
    ranks=BY_LOCAL_RANK,
    no_training=NoTraining(
        words=("api", "chat", "eval", "export", "webchat", "env", "version"), check=check_do_train
    ),
    resumes=("resume_from_checkpoint",),
    ends_early={Setting("early_stopping_steps", literal): ""},
    known_by="llamafactory-cli train, stage beside finetuning_type, or run_exp({…}) in Python",
    takes_words=False,
)
