"""litgpt: the YAML of ``litgpt pretrain`` and ``litgpt finetune_*``, and options of the same dotted names.

Source: litgpt 0.5.13 ``args.py``, ``pretrain.py``, ``finetune/lora.py``; 0.4.13 and 0.5.0 count alike.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, whole
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _tokens(raw: Raw) -> int:
    """A whole number, ``1e9`` too.

    Raises:
        Unfit: it is something else.

    """
    return whole(Raw(number(raw)))


SETTINGS = (
    Setting("optimizer.init_args.lr", number, 1e-3, "lr", ("optimizer.lr",)),
    Setting("train.min_lr", number, None, "min_lr"),
    Setting("train.lr_warmup_steps", whole, None, "warmup"),
    Setting("train.lr_warmup_fraction", number, None, "warmup_fraction"),
    Setting("train.global_batch_size", whole),
    Setting("train.micro_batch_size", whole, None, "batch_size"),
    Setting("train.max_tokens", _tokens),
    Setting("train.epochs", whole, 5, "epochs"),
    Setting("train.max_steps", whole, None, "steps"),
    Setting("train.max_seq_length", whole, None, "seq_len", ("block_size", "model_config.block_size")),
    Setting("devices", literal),
    Setting("num_nodes", whole, 1),
)
BESIDE = {"checkpoint_dir", "model_name", "out_dir", "optimizer"}
OTHERS = {"trainer", "model", "scheduler", "dataset"}
"""Tables that other programs have beside a ``train``."""
PRETRAIN = ("model_name", "initial_checkpoint_dir", "tokenizer_dir", "initial_validation")
PRETRAIN_ARGS = ("max_tokens", "max_norm", "tie_embeddings", "lr_warmup_fraction")
"""Settings that are of ``pretrain``: ``finetune_*`` stops at the second kind."""


def claims(source: Source) -> bool:
    """``litgpt`` as the program, or the batch sizes of its ``train`` beside a checkpoint or an optimizer."""
    if source.language == "command":
        return source.program == "litgpt"
    train, keys = source.data.get("train"), source.data.keys()
    has_sizes = isinstance(train, dict) and bool({"global_batch_size", "micro_batch_size"} & train.keys())
    return has_sizes and bool(BESIDE & keys) and not OTHERS & keys


def read(run: Settings) -> Spec:
    """The run of ``pretrain``, or of ``finetune_*``."""
    return _pretrain(run) if _is_pretrain(run) else _finetune(run)


def _is_pretrain(run: Settings) -> bool:
    words = run.source.words
    if run.source.language == "command" and len(words) > 1:
        return words[1] == "pretrain"
    own = [run.raw(name) for name in PRETRAIN] + [run.raw("train", name) for name in PRETRAIN_ARGS]
    return any(one is not None for one in own)


def _pretrain(run: Settings) -> Spec:
    """The cosine over micro-batches: an update uses the LR of the last one of its own."""
    if run.is_said("train.lr_warmup_fraction") and _warmup_steps(run, 2000):
        run.refuse(
            "lr_warmup_fraction beside lr_warmup_steps, which is 2000 unless it is null: it stops",
            hint="<warmup=0>",
            at="train.lr_warmup_fraction",
        )
    needs = ["train.max_seq_length"] + ["batches_per_epoch"] * run.is_said("train.lr_warmup_fraction")
    world = _world(run, "auto", needs)
    micro = run.get("train.micro_batch_size", 4)
    accum = _accumulation(run, 512, micro, world)
    tokens, block = run.get("train.max_tokens", 3_000_000_000_000), run["train.max_seq_length"]
    iters = run.line(
        "micro-batches",
        f"floor(floor({tokens} / {world}) / ({micro} * {block}))",
        tokens // world // (micro * block),
    )
    total = _positive(run, run.line("total steps", f"floor({iters} / {accum})", iters // accum))
    warmup = _warmup_iters(run, accum, iters)
    run.warmup = ceil_div(warmup, accum)
    if run.is_said("train.max_steps"):
        run.warn(
            "max-steps-unused", "pretrain does not read max_steps: max_tokens ends it", at="train.max_steps"
        )
    return run.curve(
        "megatron.OptimizerParamScheduler",
        max_lr=run["optimizer.init_args.lr"],
        min_lr=run.get("train.min_lr", 4e-5),
        lr_warmup_steps=warmup,
        lr_decay_steps=max(iters, warmup + 1),
        lr_decay_style="cosine",
        calls=accum,
        lead=accum - 1,
        steps=total,
    )


def _warmup_iters(run: Settings, accum: int, iters: int) -> int:
    """Micro-batches of warmup, at most all."""
    if fraction := run["train.lr_warmup_fraction"]:
        batches = run.ask("batches_per_epoch")
        return run.line("warmup", f"ceil({fraction} * {batches})", min(iters, math.ceil(fraction * batches)))
    steps = _warmup_steps(run, 2000)
    if steps * accum >= iters:
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {steps} updates in a run of {iters // accum}: the LR only rises",
            at="train.lr_warmup_steps",
        )
    return run.line("warmup", f"{steps} * {accum} micro-batches", min(iters, steps * accum))


def _finetune(run: Settings) -> Spec:
    """A warmup and a cosine over the updates of whole epochs, which are fewer than those of the run."""
    _check_finetune(run)
    if run.is_said("train.min_lr"):
        text = "finetune does not read train.min_lr: its cosine goes down to 0"
        run.warn("setting-ignored", text, at="train.min_lr")
    needs = [] if run.knows("batches_per_epoch") else ["dataset_len"]
    world = _world(run, 1, needs or ["batches_per_epoch"])
    micro = run.get("train.micro_batch_size", 1)
    accum = _accumulation(run, 16, micro, world)
    batches = _batches(run, micro, world)
    epochs, limit = run["train.epochs"], run["train.max_steps"] or math.inf
    length = int(min(epochs * (batches // accum), limit))
    run.line("schedule steps", f"min({epochs} * floor({batches} / {accum}), {limit})", length)
    total = int(min(epochs * batches // accum, limit))
    run.line("total steps", f"min(floor({epochs} * {batches} / {accum}), {limit})", total)
    return _cosine(run, length, _positive(run, total))


def _cosine(run: Settings, length: int, total: int) -> Spec:
    """``get_lr_scheduler``."""
    lr, warmup = run["optimizer.init_args.lr"], _warmup_steps(run, 100)
    run.warmup = warmup
    rise = f"epoch / {warmup}"
    if warmup >= total:
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {warmup} updates in a run of {total}: the LR reaches"
            f" {(total - 1) / warmup:.0%} of its peak",
            at="train.lr_warmup_steps",
        )
        return run.curve("torch.LambdaLR", lr=lr, steps=total, lr_lambda=rise)
    if length < total:
        run.warn(
            "rises-again",
            f"the cosine is made for {length} updates and the run has {total}: the LR rises again at the end",
            at="train.epochs",
        )
    return run.curve(
        "torch.SequentialLR",
        lr=lr,
        steps=total,
        schedulers=(
            Call("LambdaLR", (("lr_lambda", rise),)),
            Call("CosineAnnealingLR", (("T_max", length - warmup),)),
        ),
        milestones=(warmup,),
    )


def _check_finetune(run: Settings) -> None:
    for name in PRETRAIN_ARGS:
        if run.raw("train", name) is not None:
            run.refuse(f"finetune takes no train.{name}: it stops", hint=f"leave train.{name} out")
    if not _warmup_steps(run, 100):
        run.refuse(
            "lr_warmup_steps=0: finetune divides by it and stops",
            hint="<warmup=1>",
            at="train.lr_warmup_steps",
        )


def _warmup_steps(run: Settings, default: int) -> int:
    """``lr_warmup_steps``, where null is none."""
    tables = [source.data.get("train") for source in run.sources]
    is_null = any(isinstance(one, dict) and "lr_warmup_steps" in one for one in tables)
    return int(run.get("train.lr_warmup_steps", 0 if is_null else default) or 0)


def _world(run: Settings, default: Any, needs: list[str]) -> int:
    """``devices`` times ``num_nodes``; what else must be known is asked for with it."""
    devices = run.get("devices", default)
    if not run.is_answered("world_size") and isinstance(devices, int) and devices > 0:
        run.ask(*needs)
        return devices * int(run["num_nodes"])
    return int(run.ask("world_size", *needs)[0])


def _accumulation(run: Settings, default: int, micro: int, world: int) -> int:
    """Micro-batches of a process for one update."""
    size = run.get("train.global_batch_size", default)
    accum = size // world // micro
    if accum < 1:
        run.refuse(
            f"global_batch_size={size} is less than {world} processes of {micro}: it stops",
            hint=f"--given train.global_batch_size={world * micro}",
            at="train.global_batch_size",
        )
    return run.line("micro-batches of an update", f"floor(floor({size} / {world}) / {micro})", accum)


def _batches(run: Settings, micro: int, world: int) -> int:
    if run.knows("batches_per_epoch"):
        return run.line("batches per epoch", "batches_per_epoch", run.ask("batches_per_epoch"))
    n = run.ask("dataset_len")
    return run.line(
        "batches per epoch", f"ceil(ceil({n} / {world}) / {micro})", ceil_div(ceil_div(n, world), micro)
    )


def _positive(run: Settings, total: int) -> int:
    if total < 1:
        run.refuse("it makes no update", hint="--given train.global_batch_size=1")
    return total


TRAINER = ForeignTrainer(
    "litgpt",
    "0.5.13",
    SETTINGS,
    claims,
    read,
    files=("config",),
    known_by="train.global_batch_size beside checkpoint_dir or model_name",
)
