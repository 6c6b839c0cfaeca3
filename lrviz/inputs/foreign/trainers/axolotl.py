"""axolotl: its YAML, and ``axolotl train x.yml`` with options over it.

It counts the updates of the whole run itself, ``ceil(rows * epochs / batch)``, and hands them to the Trainer
as max_steps.

Source: axolotl 0.19.0, ``core/builders/base.py``, ``core/trainers/mixins/scheduler.py``, ``utils/trainer.py``
and ``utils/schemas``; transformers 5.16.1, which it pins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_LOCAL_RANK
from lrviz.inputs.foreign.setting import (
    Raw,
    Setting,
    count,
    is_on,
    literal,
    number,
    steps_or_share,
    switch,
    text,
    whole,
)
from lrviz.inputs.foreign.shared import axolotl_restarts, axolotl_stops
from lrviz.inputs.foreign.shared.axolotl_groups import parameter_groups
from lrviz.inputs.foreign.shared.axolotl_schedules import OWN, schedule
from lrviz.inputs.foreign.shared.axolotl_updates import (
    accumulation,
    counted_updates,
    generated_updates,
    is_counted_by_trl,
    warmup_updates,
)
from lrviz.inputs.foreign.shared.deepspeed_schedule import CONFIG, Beside, auto_values, trainer_curve
from lrviz.inputs.foreign.shared.ray_workers import WORKERS, ray_workers
from lrviz.inputs.foreign.shell import accelerate
from lrviz.inputs.foreign.shell.abbreviations import refuse_other_dashes
from lrviz.inputs.foreign.shell.launchers import torchrun
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

SETTINGS = (
    Setting("learning_rate", number, None, "lr"),
    Setting("lr_scheduler", text, "cosine"),
    Setting("lr_scheduler_kwargs", literal),
    Setting("lr_quadratic_warmup", switch, default=False),
    Setting("cosine_min_lr_ratio", number),
    Setting("cosine_constant_lr_ratio", number),
    Setting("warmup_steps", steps_or_share, None, "warmup"),
    Setting("warmup_ratio", number, None, "warmup_fraction"),
    Setting("num_epochs", number, 1.0, "epochs"),
    Setting("max_steps", whole, None, "steps"),
    Setting("micro_batch_size", count, 1, "batch_size"),
    Setting("gradient_accumulation_steps", count, 1, "grad_accum"),
    Setting("batch_size", whole),
    Setting("val_set_size", number, 0.0),
    Setting("test_datasets", literal),
    Setting("train_rows", whole),
    Setting("sample_packing", switch, default=False),
    Setting("sample_packing_eff_est", number),
    Setting("total_num_tokens", whole),
    Setting("packed_batches_total", whole, asks="how many packed batches its rows make"),
    Setting("sequence_len", count, 512, "seq_len"),
    Setting("dataloader_drop_last", switch, default=False, key="drop_last"),
    Setting("context_parallel_size", whole),
    Setting("sequence_parallel_degree", whole),
    Setting("tensor_parallel_size", whole, 1),
    Setting("streaming", switch, default=False),
    Setting("pretraining_dataset", literal),
    Setting("rl", text),
    Setting("trl.num_generations", whole),
    Setting("trl.generation_batch_size", whole),
    Setting("trl.num_iterations", whole, 1),
    *axolotl_restarts.SETTINGS,
    *axolotl_stops.SETTINGS,
    Setting("embedding_lr", number),
    Setting("embedding_lr_scale", number),
    Setting("lr_groups", literal),
    Setting("loraplus_lr_ratio", number),
    CONFIG,
    Setting("use_ray", switch, default=False),
    WORKERS,
)
_BESIDE = Beside("lr_scheduler", "micro_batch_size")
_SIGNS = ("micro_batch_size", "num_epochs", "sequence_len", "datasets", "pretraining_dataset")


def claims(source: Source) -> bool:
    """``base_model`` and a key of its own beside it, or its command."""
    if source.language == "command":
        return source.program.rpartition("/")[2] in ("axolotl", "axolotl.cli.train")
    return "base_model" in source.config and any(sign in source.config for sign in _SIGNS)


def read(run: Settings) -> Spec:
    """The run of ``max_steps`` updates, or of those that axolotl counts."""
    _refuse_sweep(run)
    axolotl_stops.check(run)
    counted = counted_updates(run)
    limit = run["max_steps"]
    if not limit and not counted and not is_counted_by_trl(run):
        run.refuse(f"num_epochs={run['num_epochs']} makes no update", hint="<epochs=1>", at="num_epochs")
    total = run.line(run.TOTAL_STEPS, "max_steps", limit) if limit else counted or generated_updates(run)
    warmup = run.warmup = warmup_updates(run, total, counted)
    run.check_warmup(warmup, total, at="warmup_steps")
    table = run.raw("deepspeed")
    if isinstance(table, dict):
        auto = auto_values(run["learning_rate"], warmup, total)
        if curve := trainer_curve(run, table, auto, accumulation(run), _BESIDE):
            return curve
    name, values = schedule(run, total, warmup)
    groups = parameter_groups(run, name)
    if run["jagged_restart_steps"]:
        values = axolotl_restarts.jagged(run, Call(name, tuple(values.items())))
        name = axolotl_restarts.JAGGED
    return run.curve(name, values, lr=run["learning_rate"], steps=total, groups=groups)


def _spelt(command: Source) -> Source:
    """The command of its program, whose options have dashes alone; its module takes either.

    Raises:
        ConfigError: one has underscores.

    """
    if command.program.rpartition("/")[2] == "axolotl":
        of_launcher = KnownKeys(("accelerate",)).names()
        names = KnownKeys(("axolotl",)).names() - of_launcher | TRAINER.setting_names
        refuse_other_dashes(command, names, "-", "axolotl", "which hands it to its launcher")
    return command


def _fate(first: Source, layer: Source, _version: str) -> Fate:
    """What ``axolotl train`` does not know is for ``accelerate``; its module takes all as settings."""
    if layer.language != "command":
        return Fate.PASSED
    return Fate.PASSED if first.program == "axolotl.cli.train" else Fate.STOPS


def _refuse_sweep(run: Settings) -> None:
    """A sweep is a run of each of its permutations."""
    if run.source.language == "command" and (sweep := run.raw("sweep")) is not None:
        text = f"--sweep {sweep} makes a run of each of its permutations, which is none of this file alone"
        run.refuse(text, hint="give what one of them sets in place of --sweep: --learning-rate 1e-4")


def _with_workers(layers: list[Source]) -> list[Source]:
    """The layers, with as many processes as ray starts where the first that says so has it do that."""
    said = next((one.data["use_ray"] for one in layers if "use_ray" in one.data), False)
    is_ray = not isinstance(said, Unknown) and is_on(Raw(said))
    return ray_workers(layers, "axolotl with use_ray") if is_ray else layers


def _processes(said: Said) -> Count:
    """``--launcher torchrun -- --nproc_per_node=2``, this very process, else those of accelerate."""
    launcher = said.find("launcher")
    name = launcher[1].value if launcher else "torchrun" if said.find("nproc_per_node") else "accelerate"
    if launcher and name == "python":
        return said.given(1, launcher)
    return torchrun(said) if name == "torchrun" else accelerate.processes(said)


TRAINER = ForeignTrainer(
    "axolotl",
    "0.19.0",
    SETTINGS,
    claims,
    read,
    read_words=_spelt,
    layers=_with_workers,
    tables=("deepspeed",),
    plain_tables=("deepspeed_configs/zero[123]*.json", "*/deepspeed_configs/zero[123]*.json"),
    schedules=OWN,
    launchers={"axolotl": Own(_processes, (*accelerate.OF_WORLD, "launcher", "nproc_per_node", "nnodes"))},
    keys=KnownKeys(("axolotl", "accelerate"), _fate),
    interpolates=False,
    takes_beginnings=False,
    ranks=BY_LOCAL_RANK,
    no_training=NoTraining(
        words=(
            "preprocess",
            "evaluate",
            "inference",
            "merge-lora",
            "merge-sharded-fsdp-weights",
            "quantize",
            "vllm-serve",
            "delinearize-llama4",
            "fetch",
        ),
        programs=r"axolotl\.cli\.(?!train$)",
    ),
    resumes=(
        "resume_from_checkpoint",
        "auto_resume_from_checkpoints",
    ),
    ends_early={Setting("early_stopping_patience", literal): ""},
    known_by="base_model and micro_batch_size, num_epochs or sequence_len",
)
