"""LLaMA-Factory: the YAML or JSON of ``llamafactory-cli train``, with ``key=value`` behind it.

Source: llamafactory 0.9.5, ``hparams/``, ``train/trainer_utils.py``.
"""

from __future__ import annotations

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
from lrviz.inputs.foreign.shared.factory_rows import (
    factory_updates,
    left_rows_and_processes,
    rows_left,
)
from lrviz.inputs.foreign.shared.factory_stops import check_stops
from lrviz.inputs.foreign.shared.gone_keys import gone
from lrviz.inputs.foreign.shared.ray_workers import WORKERS
from lrviz.inputs.foreign.shared.trainer_length import rows_and_processes, total_steps, updates_of_epochs
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
NEEDS_KWARGS = ("warmup_stable_decay", "cosine_with_min_lr", "cosine_warmup_with_min_lr")


def claims(source: Source) -> bool:
    """``llamafactory-cli train``, a dict for ``run_exp``, or ``finetuning_type`` beside ``stage``."""
    if source.language == "python":
        is_import = not {"llamafactory", "llmtuner"}.isdisjoint(source.python.imports)
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
    total = total_steps(run, factory_updates)
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


def _lacks(run: Settings) -> frozenset[str]:
    """Keys at which it stops, some of them unless another version of it or of transformers is said."""
    of_transformers = frozenset[str]() if run.is_answered("transformers") else NO_MORE
    return _NO_FIELDS | of_transformers | gone("llamafactory", run.version)


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
