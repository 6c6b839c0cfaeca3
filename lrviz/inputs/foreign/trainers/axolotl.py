"""axolotl: its YAML, and ``axolotl train x.yml`` with options over it.

It counts the updates of the whole run itself, ``ceil(rows * epochs / batch)``, and hands them to the Trainer
as max_steps.

Source: axolotl 0.19.0, ``core/builders/base.py``, ``core/trainers/mixins/scheduler.py``, ``utils/trainer.py``
and ``utils/schemas``; transformers 5.16.1, which it pins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.setting import Setting, count, literal, number, steps_or_share, switch, text, whole
from lrviz.inputs.foreign.shared import axolotl_restarts
from lrviz.inputs.foreign.shared.axolotl_updates import (
    counted_updates,
    generated_updates,
    is_counted_by_trl,
    warmup_updates,
)
from lrviz.inputs.foreign.shared.deepspeed_schedule import auto_values, check_texts, winning_curve
from lrviz.inputs.foreign.shell import accelerate
from lrviz.inputs.foreign.shell.launchers import torchrun
from lrviz.inputs.foreign.shell.world import Own
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.within import known_table, read_value
from lrviz.notation.spec import Call

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value

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
    Setting("context_parallel_size", count, 1),
    Setting("tensor_parallel_size", count, 1),
    Setting("streaming", switch, default=False),
    Setting("pretraining_dataset", literal),
    Setting("rl", text),
    Setting("trl.num_generations", whole),
    Setting("trl.generation_batch_size", whole),
    Setting("trl.num_iterations", whole, 1),
    *axolotl_restarts.SETTINGS,
    Setting("embedding_lr", number),
    Setting("embedding_lr_scale", number),
    Setting("lr_groups", literal),
    Setting("loraplus_lr_ratio", number),
    Setting("deepspeed", literal),
)
OWN = {"one_cycle": "torch.OneCycleLR", "rex": "axolotl.RexLR"}
NEEDS_A_METRIC = ("reduce_lr_on_plateau", "greedy")
OF_TRANSFORMERS = (
    *("linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup"),
    *("inverse_sqrt", "cosine_with_min_lr", "cosine_warmup_with_min_lr", "warmup_stable_decay"),
)
_SIGNS = ("micro_batch_size", "num_epochs", "sequence_len", "datasets", "pretraining_dataset")


def claims(source: Source) -> bool:
    """``base_model`` and a key of its own beside it, or its command."""
    if source.language == "command":
        return source.program.rpartition("/")[2] in ("axolotl", "axolotl.cli.train")
    return "base_model" in source.data and any(sign in source.data for sign in _SIGNS)


def read(run: Settings) -> Spec:
    """The run of ``max_steps`` updates, or of those that axolotl counts."""
    _refuse(run)
    counted = counted_updates(run)
    limit = run["max_steps"]
    if not limit and not counted and not is_counted_by_trl(run):
        run.refuse(f"num_epochs={run['num_epochs']} makes no update", hint="<epochs=1>", at="num_epochs")
    total = run.line("total steps", "max_steps", limit) if limit else counted or generated_updates(run)
    warmup = run.warmup = warmup_updates(run, total, counted)
    run.check_warmup(warmup, total, at="warmup_steps")
    table = run.raw("deepspeed")
    auto = auto_values(run["learning_rate"], warmup, total)
    if isinstance(table, dict) and (curve := winning_curve(run, table, auto, "lr_scheduler")):
        return curve
    name, values = _schedule(run, total, warmup)
    groups = _groups(run, name)
    if run["jagged_restart_steps"]:
        values = axolotl_restarts.jagged(run, Call(name, tuple(values.items())))
        name = axolotl_restarts.JAGGED
    return run.curve(name, lr=run["learning_rate"], steps=total, **values, groups=groups)


def _refuse(run: Settings) -> None:
    """What its schema stops at.

    Raises:
        ConfigError: it stops.

    """
    if not run.is_said("learning_rate"):
        run.refuse("axolotl needs a learning_rate", hint="--given learning_rate=2e-4")
    in_file = [name for name in ("warmup_steps", "warmup_ratio") if run.origin(name).source == "file"]
    if len(in_file) > 1 and run["warmup_steps"] and run["warmup_ratio"]:
        run.refuse(
            "warmup_steps and warmup_ratio are mutually exclusive: axolotl stops",
            hint="leave one of them out",
            at="warmup_ratio",
        )
    if run["test_datasets"] and run["val_set_size"]:
        run.refuse(
            "val_set_size beside test_datasets: axolotl stops", hint="val_set_size: 0", at="val_set_size"
        )
    if run["lr_groups"] and run["loraplus_lr_ratio"]:
        run.refuse(
            "lr_groups and loraplus_lr_ratio cannot be used together", hint="leave one out", at="lr_groups"
        )
    axolotl_restarts.check(run)
    if (run["max_steps"] or 0) < 0:
        run.refuse("max_steps below 0 is a length to axolotl", hint="leave max_steps out", at="max_steps")


def _schedule(run: Settings, total: int, warmup: int) -> tuple[str, dict[str, Value]]:
    """The schedule and its parameters."""
    kind, values = _kind(run), _kwargs(run)
    if isinstance(run["deepspeed"], str):
        run.note(
            "deepspeed-not-read",
            "a scheduler in the file of deepspeed would win over lr_scheduler",
            at="deepspeed",
        )
    if kind == "one_cycle":
        return OWN[kind], _one_cycle(run, values, total, warmup)
    ratio = _ratio(run, "cosine_min_lr_ratio")
    if kind == "rex":
        return OWN[kind], {
            "total_steps": total,
            "num_warmup_steps": warmup,
            "min_lr": run["learning_rate"] * ratio if ratio else None,
        }
    both = {"num_warmup_steps": warmup, "num_training_steps": total}
    if kind == "cosine" and (own := _cosine(run, ratio)) is not None:
        return own[0], {**both, **own[1]}
    if ratio is not None and kind != "cosine":
        run.warn(
            "ratio-ignored",
            f"{kind} does not look at cosine_min_lr_ratio: it changes nothing",
            at="cosine_min_lr_ratio",
        )
    return f"transformers.{kind}", values if kind == "constant" else {**both, **values}


def _kind(run: Settings) -> str:
    """The name of the schedule, which may not follow a metric."""
    kind = run.choose("lr_scheduler", (*OF_TRANSFORMERS, *OWN, *NEEDS_A_METRIC))
    if kind in NEEDS_A_METRIC:
        run.refuse(
            f"{kind} follows the metric of each evaluation, which the file does not hold",
            hint=f"lrviz show 'transformers.{kind}'",
            at="lr_scheduler",
        )
    return kind


def _kwargs(run: Settings) -> dict[str, Value]:
    given: Any = run["lr_scheduler_kwargs"] or {}
    if not isinstance(given, dict):
        run.refuse(
            f"lr_scheduler_kwargs={given!r} is no table",
            hint="lr_scheduler_kwargs: {num_cycles: 2}",
            at="lr_scheduler_kwargs",
        )
    check_texts(run, given, "lr_scheduler_kwargs")
    return {str(key): value for key, value in given.items()}


def _one_cycle(run: Settings, values: dict[str, Value], total: int, warmup: int) -> dict[str, Value]:
    """OneCycleLR with the warmup's share of the run as pct_start; its peak is the LR.

    Raises:
        ConfigError: ``lr_scheduler_kwargs`` say what axolotl says too.

    """
    twice = next((name for name in ("max_lr", "total_steps") if name in values), "")
    if twice:
        run.refuse(
            f"OneCycleLR got multiple values for {twice}: axolotl gives it one",
            hint=f"leave {twice} out of lr_scheduler_kwargs",
            at="lr_scheduler_kwargs",
        )
    return {"pct_start": warmup / total, "anneal_strategy": "cos", **values, "total_steps": total}


def _ratio(run: Settings, name: str) -> float | None:
    ratio: float | None = run[name]
    if ratio is not None and not 0 <= ratio <= 1:
        run.refuse(f"{name} must be between 0.0 and 1.0", hint=f"{name}: 0.1", at=name)
    return ratio


def _cosine(run: Settings, ratio: float | None) -> tuple[str, dict[str, Value]] | None:
    """What axolotl makes of cosine itself: the first of these that is said."""
    if run["lr_quadratic_warmup"] and not run["rl"]:
        if ratio is not None:
            run.warn("ratio-ignored", "with lr_quadratic_warmup there is no floor", at="cosine_min_lr_ratio")
        return "axolotl.cosine_quadratic_warmup", {}
    constant = _ratio(run, "cosine_constant_lr_ratio")
    if ratio and constant:
        return "axolotl.cosine_min_lr_constant", {"constant_lr_ratio": constant, "min_lr_ratio": ratio}
    if constant:
        run.warn(
            "ratio-ignored",
            "cosine_constant_lr_ratio changes nothing without cosine_min_lr_ratio",
            at="cosine_constant_lr_ratio",
        )
    return ("transformers.cosine_with_min_lr", {"min_lr_rate": ratio}) if ratio else None


def _groups(run: Settings, name: str) -> tuple[Call, ...] | None:
    """Embeddings, and the groups of ``lr_groups``, beside the weights."""
    found: list[Call] = []
    if run["embedding_lr_scale"]:
        found.append(Call("embeddings", (("scale", run["embedding_lr_scale"]),)))
    elif run["embedding_lr"]:
        found.append(Call("embeddings", (("lr", run["embedding_lr"]),)))
    found += _own_groups(run)
    if run["loraplus_lr_ratio"]:
        found.append(Call("lora_B", (("scale", run["loraplus_lr_ratio"]),)))
    if not found:
        return None
    if name == OWN["one_cycle"]:
        run.warn("groups-ignored", "OneCycleLR gives every group the max_lr of the run: their own LR is lost")
        return None
    return (Call("weights", (("scale", 1.0),)), *found)


def _own_groups(run: Settings) -> list[Call]:
    """``lr_groups``, each with a name and an LR.

    Raises:
        ConfigError: it is no list of such.

    """
    groups = known_table(run, "lr_groups") or ()
    if not isinstance(groups, tuple) or not all(isinstance(one, dict) for one in groups):
        run.refuse(
            "lr_groups is no list of groups",
            hint="lr_groups: [{name: q, modules: [q_proj], lr: 1e-5}]",
            at="lr_groups",
        )
    return [
        Call(
            read_value(run, "lr_groups.name", one.get("name"), text, like="q"),
            (("lr", read_value(run, "lr_groups.lr", one.get("lr"), number, like="1.0e-5")),),
        )
        for one in groups
    ]


def _processes(said: Said) -> Count:
    """``--launcher torchrun -- --nproc_per_node=2``, else those of accelerate."""
    return torchrun(said) if said.find("nproc_per_node") else accelerate.processes(said)


TRAINER = ForeignTrainer(
    "axolotl",
    "0.19.0",
    SETTINGS,
    claims,
    read,
    tables=("deepspeed",),
    schedules=OWN,
    launchers={"axolotl": Own(_processes, (*accelerate.OF_WORLD, "launcher", "nproc_per_node", "nnodes"))},
    keys=KnownKeys(("axolotl",), by_language(Fate.PASSED, command=Fate.KEPT)),
    known_by="base_model and micro_batch_size, num_epochs or sequence_len",
)
